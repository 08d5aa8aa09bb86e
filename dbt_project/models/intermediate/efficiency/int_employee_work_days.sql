{#- Grain: employee and local day with a login in a system whose export tells what was worked.
    `productive_seconds` is what the systems can show: calls with their hold and after-call time,
    seconds with at least one open session, touches of tickets, and what seller tools report. -#}
with

logins as (

    select
        logins.employee_key,
        logins.login_system as source_system,
        logins.login_account_id as account_id,
        agents.agent_id,
        min(logins.valid_from) as valid_from,
        max(logins.valid_to) as valid_to
    from {{ ref('int_agent_logins__unioned') }} as logins
    inner join {{ ref('int_agents__unioned') }} as agents on agents.agent_key = logins.agent_key
    group by logins.employee_key, logins.login_system, logins.login_account_id, agents.agent_id

),

calls as (

    select
        source_system,
        account_id,
        agent_id,
        called_date as local_date,
        sum(handle_seconds) as seconds
    from {{ ref('int_calls__judged') }}
    where is_connected
    group by source_system, account_id, agent_id, called_date

),

sessions as (

    select
        source_system,
        account_id,
        agent_id,
        {{ local_date('hour_at') }} as local_date,
        sum(busy_seconds) as seconds
    from {{ ref('int_session_hours') }}
    group by source_system, account_id, agent_id, {{ local_date('hour_at') }}

),

touches as (

    select
        source_system,
        account_id,
        agent_id,
        {{ local_date('touched_at') }} as local_date,
        sum(worked_seconds) as seconds
    from {{ ref('int_agent_touches') }}
    group by source_system, account_id, agent_id, {{ local_date('touched_at') }}

),

reports as (

    select
        source_system,
        account_id,
        agent_id,
        local_date,
        sum(value) filter (where metric_code = 'login_seconds') as login_seconds,
        sum(value) filter (where metric_code = 'reception_seconds') as reception_seconds
    from {{ ref('int_agent_day_reports__unioned') }}
    where metric_code in ('login_seconds', 'reception_seconds') and agent_id is not null
    group by source_system, account_id, agent_id, local_date

),

worked as (

    select source_system, account_id, agent_id, local_date, seconds, null as login_seconds
    from calls

    union all

    select source_system, account_id, agent_id, local_date, seconds, null as login_seconds
    from sessions

    union all

    select source_system, account_id, agent_id, local_date, seconds, null as login_seconds
    from touches

    union all

    select
        source_system,
        account_id,
        agent_id,
        local_date,
        reception_seconds as seconds,
        login_seconds
    from reports

)

-- One row an employee and agent: an employee's figures add up. A shared login counts for everyone
-- who held it on the day.
select
    logins.employee_key,
    worked.local_date,
    cast(coalesce(sum(worked.seconds), 0) as bigint) as productive_seconds,
    cast(sum(worked.login_seconds) as bigint) as login_seconds
from worked
inner join logins
    on
        logins.source_system = worked.source_system
        and logins.account_id = worked.account_id
        and logins.agent_id = worked.agent_id
        and logins.valid_from <= worked.local_date
        and logins.valid_to > worked.local_date
group by logins.employee_key, worked.local_date
