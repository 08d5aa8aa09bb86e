{#- Amounts by member and by the dimensions that filters and fences of rows use, over the 12 months
    up to the newest day of the data. Each member has one place among all, from the largest on;
    members of one size follow each other by name. A reader of some rows sees them in that order too.

    `relation` has the columns member, local_date, amount and the dimensions. -#}
{% macro kpi_ranked_members(relation, member, amount, dimensions) %}
with

ends as (

    select max(as_of_date) as last_date
    from {{ ref('dim_accounts') }}

),

sums as (

    select
        {%- for dimension in dimensions %}
        facts.{{ dimension }},
        {%- endfor %}
        facts.member,
        cast(sum(facts.amount) as bigint) as amount
    from ({{ relation }}) as facts
    cross join ends
    where
        facts.local_date > cast(ends.last_date - interval 12 month as date)
        and facts.local_date <= ends.last_date
    group by all
    having sum(facts.amount) > 0

),

places as (

    select
        member,
        cast(row_number() over (order by sum(amount) desc, member) as integer) as position
    from sums
    group by member

)

-- One place a member.
select
    {%- for dimension in dimensions %}
    sums.{{ dimension }},
    {%- endfor %}
    sums.member as {{ member }},
    places.position,
    sums.amount as {{ amount }},
    {{ build_id() }} as build_id
from sums
inner join places on places.member = sums.member
order by places.position, sums.{{ dimensions[0] }}
{% endmacro %}
