{#- Grain: agent and hour with an open session. Hours begin where they do in UTC. -#}
with

sessions as (

    select source_system, account_id, agent_id, ticket_key, started_at, ended_at
    from {{ ref('int_agent_sessions') }}

),

-- Stretches that touch or overlap those before them are one busy stretch.
marked as (

    select
        *,
        started_at > max(ended_at) over (
            partition by source_system, account_id, agent_id
            order by started_at, ended_at, ticket_key
            rows between unbounded preceding and 1 preceding
        ) as is_after_pause
    from sessions

),

numbered as (

    select
        *,
        sum(case when is_after_pause then 1 else 0 end) over (
            partition by source_system, account_id, agent_id
            order by started_at, ended_at, ticket_key
            rows between unbounded preceding and current row
        ) as busy_no
    from marked

),

busy as (

    select
        source_system,
        account_id,
        agent_id,
        min(started_at) as started_at,
        max(ended_at) as ended_at
    from numbered
    group by source_system, account_id, agent_id, busy_no

),

pieces as (

    select
        source_system,
        account_id,
        agent_id,
        1 as session_share,
        0 as busy_share,
        started_at,
        ended_at
    from sessions

    union all

    select
        source_system,
        account_id,
        agent_id,
        0 as session_share,
        1 as busy_share,
        started_at,
        ended_at
    from busy

),

by_hour as (

    select
        *,
        unnest(
            range(
                date_trunc('hour', started_at), ended_at, interval 1 hour
            )
        ) as hour_at
    from pieces

),

clipped as (

    select
        *,
        {{ seconds_between(
            'greatest(started_at, hour_at)',
            'least(ended_at, hour_at + interval 1 hour)',
        ) }} as seconds
    from by_hour

)

select
    source_system,
    account_id,
    agent_id,
    cast(sum(seconds * session_share) as bigint) as session_seconds,
    cast(sum(seconds * busy_share) as bigint) as busy_seconds,
    hour_at
from clipped
group by source_system, account_id, agent_id, hour_at
