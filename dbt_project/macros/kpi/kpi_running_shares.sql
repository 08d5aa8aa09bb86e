{#- Members from the largest on with the share that they and all before them have, over the 12 months
    up to the newest day of the data. Members of one size follow each other by name.

    `relation` has the columns member, local_date and amount. -#}
{% macro kpi_running_shares(relation, member, amount) %}
with

ends as (

    select max(as_of_date) as last_date
    from {{ ref('dim_accounts') }}

),

sums as (

    select facts.member, cast(sum(facts.amount) as bigint) as amount
    from ({{ relation }}) as facts
    cross join ends
    where
        facts.local_date > cast(ends.last_date - interval 12 month as date)
        and facts.local_date <= ends.last_date
    group by facts.member
    having sum(facts.amount) > 0

)

select
    member as {{ member }},
    cast(row_number() over (order by amount desc, member) as integer) as position,
    amount as {{ amount }},
    sum(amount) over (
        order by amount desc, member rows between unbounded preceding and current row
    ) / cast(sum(amount) over () as double) as running_share,
    {{ build_id() }} as build_id
from sums
order by position
{% endmacro %}
