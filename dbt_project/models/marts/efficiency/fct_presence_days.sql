with

reports as (

    select
        source_system,
        account_id,
        shop,
        agent_id,
        local_date,
        max(value) filter (where metric_code = 'login_seconds') as login_seconds,
        max(value) filter (where metric_code = 'reception_seconds') as reception_seconds,
        max(value) filter (where metric_code = 'online_seconds') as online_seconds,
        coalesce(max(value) filter (where metric_code = 'break_seconds'), 0) as break_seconds,
        coalesce(max(value) filter (where metric_code = 'away_seconds'), 0) as away_seconds,
        max(value) filter (where metric_code = 'inbound_talk_seconds') as inbound_talk_seconds,
        max(value) filter (where metric_code = 'outbound_talk_seconds') as outbound_talk_seconds
    from {{ ref('int_agent_day_reports__unioned') }}
    where agent_id is not null and unit = 'seconds' and not is_estimated
    group by source_system, account_id, shop, agent_id, local_date

),

-- Seller tools tell time logged in and time served, hotlines time online and time talked.
measured as (

    select
        *,
        coalesce(login_seconds, online_seconds) as present_seconds,
        coalesce(
            reception_seconds,
            coalesce(inbound_talk_seconds, 0) + outbound_talk_seconds,
            inbound_talk_seconds
        ) as handling_seconds
    from reports

),

agents as (

    select
        agents.source_system,
        agents.account_id,
        agents.agent_id,
        coalesce(nullif(agents.team_name, 'unknown'), people.team_name) as team_name
    from {{ ref('dim_agents') }} as agents
    inner join {{ ref('dim_people') }} as people on people.person_key = agents.person_key

)

-- An agent is one row in its account and one person.
select
    {{ hash_key([
        'measured.source_system',
        'measured.account_id',
        'measured.shop',
        'measured.agent_id',
        'cast(measured.local_date as text)',
    ]) }} as presence_day_key,
    measured.source_system,
    measured.account_id,
    measured.shop,
    measured.agent_id,
    agents.team_name,
    cast(measured.handling_seconds as bigint) as handling_seconds,
    cast(
        greatest(
            measured.present_seconds
            - measured.break_seconds
            - measured.away_seconds
            - measured.handling_seconds,
            0
        ) as bigint
    ) as available_seconds,
    measured.local_date
from measured
inner join agents
    on
        agents.source_system = measured.source_system
        and agents.account_id = measured.account_id
        and agents.agent_id = measured.agent_id
where measured.present_seconds is not null and measured.handling_seconds is not null
order by measured.local_date, measured.source_system, measured.account_id, measured.agent_id
