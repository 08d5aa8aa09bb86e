{#- Grain: ticket and agent. -#}
with

sessions as (

    select
        ticket_key,
        agent_id,
        sum({{ seconds_between('started_at', 'ended_at') }}) as handling_seconds,
        count(*) as piece_count,
        true as is_session
    from {{ ref('int_agent_sessions') }}
    group by ticket_key, agent_id

),

touches as (

    select
        ticket_key,
        agent_id,
        coalesce(sum(worked_seconds), 0) as handling_seconds,
        count(*) as piece_count,
        false as is_session
    from {{ ref('int_agent_touches') }}
    group by ticket_key, agent_id

)

-- A ticket is either a session or not.
select *
from sessions

union all

select *
from touches
