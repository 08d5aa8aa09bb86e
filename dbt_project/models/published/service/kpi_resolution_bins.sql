{#- Each range begins where the one before ends; the last one is open. -#}
{%- set bins = [
    ('up to 5 min', 300),
    ('5 to 15 min', 900),
    ('15 to 60 min', 3600),
    ('1 to 4 h', 14400),
    ('4 to 24 h', 86400),
    ('1 to 3 days', 259200),
    ('3 to 7 days', 604800),
] %}
{%- set last = 'over 7 days' %}
with

durations as (

    {% for clock in ['calendar', 'business'] -%}
    select
        last_solved_date,
        source_system,
        account_id,
        shop,
        channel,
        team_name,
        priority,
        '{{ clock }}' as clock,
        full_resolution_{{ clock }}_seconds as seconds
    from {{ ref('kpi_ticket_durations') }}
    where last_solved_date is not null and full_resolution_{{ clock }}_seconds is not null
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}

),

binned as (

    select
        *,
        case
            {%- for name, upto in bins %}
            when seconds <= {{ upto }} then {{ loop.index }}
            {%- endfor %}
            else {{ bins | length + 1 }}
        end as bin_no
    from durations

)

select
    last_solved_date as local_date,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    clock,
    cast(bin_no as integer) as bin_no,
    case bin_no
        {%- for name, upto in bins %}
        when {{ loop.index }} then '{{ name }}'
        {%- endfor %}
        else '{{ last }}'
    end as bin,
    count(*) as tickets,
    {{ build_id() }} as build_id
from binned
group by
    last_solved_date, source_system, account_id, shop, channel, team_name, priority, clock, bin_no
order by local_date, clock, bin_no
