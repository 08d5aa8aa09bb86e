{%- set measures = [
    'turn_wait_seconds',
    'turn_wait_values',
    'turn_wait_business_seconds',
    'turn_wait_business_values',
    'next_reply_seconds',
    'next_reply_values',
    'next_reply_business_seconds',
    'next_reply_business_values',
] %}
with

turns as (

    select
        {%- for measure in measures %}
        cast(sum({{ measure }}) as bigint) as {{ measure }},
        {%- endfor %}
        agent_key,
        local_date,
        channel,
        team_name
    from {{ ref('kpi_daily') }}
    where turn_wait_values > 0
    group by agent_key, local_date, channel, team_name

),

agents as (

    select agent_key, person_key, person_name
    from {{ ref('dim_agents') }}

),

limits as (

    select {{ kpi_parameter('weighted_score', 'smallest_n') }} as smallest_n

),

-- One person an agent; whoever is not listed stays unknown.
named as (

    select
        turns.*,
        coalesce(agents.person_key, 'unknown') as person_key,
        agents.person_name,
        cast(date_trunc('month', turns.local_date) as date) as month_start
    from turns
    left join agents on agents.agent_key = turns.agent_key

),

counted as (

    select
        *,
        sum(turn_wait_values) over (partition by person_key, month_start) as month_turns
    from named

)

select
    counted.local_date,
    counted.person_key,
    counted.person_name,
    counted.channel,
    counted.team_name,
    {%- for measure in measures %}
    cast(sum(counted.{{ measure }}) as bigint) as {{ measure }},
    {%- endfor %}
    cast(counted.month_turns as bigint) as month_turns,
    counted.month_turns >= limits.smallest_n
    and coalesce(counted.person_name, 'unknown') != 'unknown' as is_enough,
    {{ build_id() }} as build_id
from counted
cross join limits
group by all
order by counted.local_date, counted.person_key
