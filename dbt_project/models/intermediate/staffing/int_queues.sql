{#- Grain: account, skill, channel, local day and half hour with calls or chats to answer.
    `agents` are those at work that the target asks for, before shrinkage and rounding: servers
    over the contacts that each holds. Nobody is kept for a contact in a blue moon. -#}
with

workloads as (

    select *
    from {{ ref('int_workloads') }}
    where
        model = 'erlang'
        and forecast_count >= {{ kpi_parameter('coverage_gap', 'least_contacts') }}

)

-- Servers are unique by what they are asked for.
select
    workloads.source_system,
    workloads.account_id,
    workloads.skill,
    workloads.channel,
    workloads.half_hour,
    workloads.forecast_count,
    workloads.load,
    workloads.wait_per_handle,
    workloads.impatience,
    workloads.answered_share,
    workloads.sessions_per_agent,
    servers.servers / workloads.sessions_per_agent as agents,
    workloads.week_start,
    workloads.local_date
from workloads
inner join {{ ref('int_erlang_servers') }} as servers
    on
        servers.load = workloads.load
        and servers.wait_per_handle = workloads.wait_per_handle
        and servers.impatience = workloads.impatience
        and servers.answered_share = workloads.answered_share
        and servers.highest_occupancy = workloads.highest_occupancy
