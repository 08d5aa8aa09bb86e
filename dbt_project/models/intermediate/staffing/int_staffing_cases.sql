{#- Grain: skill, local day, half hour and agents added to the roster (none, or one or two more or
    fewer), for the weeks of the back-test and those ahead. Who is at work answers first and
    writes mail in what is left; several queues share them as their needs are. Parts of an agent
    lie between the whole ones. -#}
with

queues as (

    select *
    from {{ ref('int_queues') }}

),

newest as (

    select
        max(newest_week)
        - 7 * cast({{ kpi_parameter('forecast_wape', 'backtest_weeks') }} as integer) as first_week
    from {{ ref('int_demand_days') }}

),

parts as (

    select
        required.skill,
        required.half_hour,
        required.local_date,
        coalesce(
            {{ exact_sum('required.agents', where="required.model = 'erlang'") }}, 0
        ) as queue_agents,
        coalesce(
            {{ exact_sum('required.agents', where="required.model = 'backlog'") }}, 0
        ) as mail_agents
    from {{ ref('int_agents_required') }} as required
    inner join newest on newest.first_week <= required.local_date
    group by required.skill, required.half_hour, required.local_date

),

rostered as (

    select *
    from {{ ref('int_rosters_ahead') }}

),

skills as (

    select distinct skill
    from rostered

),

-- A slot has one row of the roster; where nobody is on it, whoever is added stands alone.
cases as (

    select
        parts.skill,
        parts.half_hour,
        parts.local_date,
        parts.queue_agents,
        parts.mail_agents,
        cast(added.agents_added as integer) as agents_added,
        greatest(coalesce(rostered.rostered_agents, 0) + added.agents_added, 0) as agents_on_shift,
        greatest(coalesce(rostered.rostered_agents, 0) + added.agents_added, 0)
        * (1 - {{ kpi_parameter('coverage_gap', 'shrinkage') }}) as agents_at_work
    from parts
    inner join skills on skills.skill = parts.skill
    cross join range(-2, 3) as added (agents_added)
    left join rostered
        on
            rostered.skill = parts.skill
            and rostered.local_date = parts.local_date
            and rostered.half_hour = parts.half_hour

),

served as (

    select
        cases.skill,
        cases.half_hour,
        cases.local_date,
        cases.agents_added,
        queues.forecast_count,
        queues.load,
        queues.wait_per_handle,
        queues.impatience,
        queues.answered_share,
        cases.agents_at_work * queues.agents / cases.queue_agents * queues.sessions_per_agent
            as servers
    from cases
    inner join queues
        on
            queues.skill = cases.skill
            and queues.half_hour = cases.half_hour
            and queues.local_date = cases.local_date

),

wanted as (

    select distinct
        load,
        wait_per_handle,
        impatience,
        cast(unnest([floor(servers), floor(servers) + 1]) as integer) as servers
    from served

),

blocked as (

    select *, {{ queue_blocked('load', 'servers') }} as blocked_share
    from wanted
    where servers > 0 and (impatience > 0 or servers > load)

),

tailed as (

    select *, {{ queue_tail('load', 'servers', 'impatience') }} as tail
    from blocked

),

filled as (

    select *, {{ queue_full_share('blocked_share', 'tail') }} as full_share
    from tailed

),

-- Without anybody nothing is answered; a queue in which nobody gives up grows without end.
levels as (

    select
        wanted.load,
        wanted.wait_per_handle,
        wanted.impatience,
        wanted.servers,
        coalesce(
            {{ queue_answered_share(
                'filled.load', 'filled.servers', 'filled.impatience', 'filled.wait_per_handle',
                'filled.full_share', 'filled.tail',
            ) }},
            0
        ) as answered_share,
        coalesce(
            filled.load * (1 - filled.full_share * filled.tail)
            + filled.servers * filled.full_share * (filled.tail - 1),
            wanted.servers
        ) as busy_servers
    from wanted
    left join filled
        on
            filled.load = wanted.load
            and filled.wait_per_handle = wanted.wait_per_handle
            and filled.impatience = wanted.impatience
            and filled.servers = wanted.servers

),

-- Between two whole numbers of servers: as far as the part of one goes.
answered as (

    select
        served.skill,
        served.half_hour,
        served.local_date,
        served.agents_added,
        {{ exact_sum('served.forecast_count') }} as forecast_count,
        {{ exact_sum(
            "served.forecast_count * (
                fewer.answered_share
                + (served.servers - fewer.servers) * (more.answered_share - fewer.answered_share)
            )"
        ) }} as answered_count,
        {{ exact_sum('served.forecast_count * served.answered_share') }} as target_count,
        {{ exact_sum(
            "case
                when served.impatience > 0
                    then
                        served.forecast_count * (
                            1
                            - (
                                fewer.busy_servers
                                + (served.servers - fewer.servers)
                                * (more.busy_servers - fewer.busy_servers)
                            )
                            / served.load
                        )
                else 0
            end"
        ) }} as abandoned_count,
        {{ exact_sum(
            "fewer.busy_servers
            + (served.servers - fewer.servers) * (more.busy_servers - fewer.busy_servers)"
        ) }} as busy_servers,
        {{ exact_sum('served.servers') }} as servers
    from served
    inner join levels as fewer
        on
            fewer.load = served.load
            and fewer.wait_per_handle = served.wait_per_handle
            and fewer.impatience = served.impatience
            and fewer.servers = cast(floor(served.servers) as integer)
    inner join levels as more
        on
            more.load = served.load
            and more.wait_per_handle = served.wait_per_handle
            and more.impatience = served.impatience
            and more.servers = cast(floor(served.servers) as integer) + 1
    group by served.skill, served.half_hour, served.local_date, served.agents_added

)

select
    cases.skill,
    cases.half_hour,
    cases.agents_added,
    cases.agents_on_shift,
    coalesce(answered.forecast_count, 0) as queue_forecast_count,
    answered.answered_count / answered.forecast_count as predicted_service_level,
    answered.target_count / answered.forecast_count as target_service_level,
    greatest(answered.abandoned_count, 0) / answered.forecast_count as predicted_abandoned_share,
    answered.busy_servers / nullif(answered.servers, 0) as predicted_occupancy,
    case
        when cases.mail_agents > 0
            then
                least(
                    greatest(cases.agents_at_work - cases.queue_agents, 0) / cases.mail_agents, 1
                )
    end as mail_covered_share,
    cases.local_date
from cases
left join answered
    on
        answered.skill = cases.skill
        and answered.half_hour = cases.half_hour
        and answered.local_date = cases.local_date
        and answered.agents_added = cases.agents_added
