with

workloads as (

    select *
    from {{ ref('int_workloads') }}

),

servers as (

    select *
    from {{ ref('int_erlang_servers') }}

),

rostered as (

    select *
    from {{ ref('int_rostered_half_hours') }}

),

staffed_days as (

    select skill, local_date, count(*) as staffed_half_hours
    from rostered
    group by skill, local_date

),

queued as (

    select
        workloads.skill,
        workloads.local_date,
        workloads.half_hour,
        servers.servers / workloads.sessions_per_agent as agents
    from workloads
    inner join servers
        on
            servers.load = workloads.load
            and servers.wait_per_handle = workloads.wait_per_handle
            and servers.answered_share = workloads.answered_share

),

-- The mail of a day is worked off on the next day on which anybody of the skill works, evenly.
mail_days as (

    select
        workloads.skill,
        workloads.local_date as come_date,
        sum(workloads.load / workloads.occupancy) as agent_half_hours
    from workloads
    where workloads.model = 'backlog'
    group by workloads.skill, workloads.local_date

),

mail_staffed as (

    select
        mail_days.skill,
        mail_days.come_date,
        any_value(mail_days.agent_half_hours) as agent_half_hours,
        min(staffed_days.local_date) as local_date
    from mail_days
    inner join staffed_days
        on
            staffed_days.skill = mail_days.skill
            and staffed_days.local_date between mail_days.come_date and mail_days.come_date + 6
    group by mail_days.skill, mail_days.come_date

),

mail as (

    select
        rostered.skill,
        rostered.local_date,
        rostered.half_hour,
        mail_staffed.agent_half_hours / staffed_days.staffed_half_hours as agents
    from mail_staffed
    inner join staffed_days
        on
            staffed_days.skill = mail_staffed.skill
            and staffed_days.local_date = mail_staffed.local_date
    inner join rostered
        on
            rostered.skill = mail_staffed.skill
            and rostered.local_date = mail_staffed.local_date

),

parts as (

    select skill, local_date, half_hour, agents
    from queued

    union all

    select skill, local_date, half_hour, agents
    from mail

),

-- What is left of an agent by rounding errors is no agent.
required as (

    select
        skill,
        local_date,
        half_hour,
        cast(ceil(sum(agents) - 1e-9) as bigint) as required_agents
    from parts
    group by skill, local_date, half_hour

),

contacts as (

    select
        skill,
        local_date,
        half_hour,
        sum(forecast_count) as forecast_count,
        sum(actual_count) as actual_count
    from {{ ref('fct_contact_forecasts') }}
    group by skill, local_date, half_hour

),

-- Only skills that any roster knows: of the others nobody can say whether somebody was missing.
teams as (

    select skill, min(account_id) as account_id
    from rostered
    group by skill

),

first_days as (

    select skill, min(local_date) as first_date, max(local_date) as last_date
    from parts
    group by skill

),

slots as (

    select skill, local_date, half_hour
    from required

    union

    select rostered.skill, rostered.local_date, rostered.half_hour
    from rostered
    inner join first_days
        on
            first_days.skill = rostered.skill
            and rostered.local_date between first_days.first_date and first_days.last_date

)

-- A slot has one row on every side.
select
    {{ hash_key([
        'slots.skill',
        'cast(slots.local_date as text)',
        'cast(slots.half_hour as text)',
    ]) }} as staffing_half_hour_key,
    'workforce' as source_system,
    teams.account_id,
    slots.skill,
    slots.half_hour,
    cast(coalesce(contacts.forecast_count, 0) as double) as forecast_count,
    cast(coalesce(contacts.actual_count, 0) as bigint) as actual_count,
    coalesce(required.required_agents, 0) as required_agents,
    cast(coalesce(rostered.rostered_agents, 0) as double) as rostered_agents,
    cast(
        coalesce(required.required_agents, 0) - coalesce(rostered.rostered_agents, 0) as double
    ) as gap_agents,
    slots.local_date
from slots
inner join teams on teams.skill = slots.skill
left join required
    on
        required.skill = slots.skill
        and required.local_date = slots.local_date
        and required.half_hour = slots.half_hour
left join rostered
    on
        rostered.skill = slots.skill
        and rostered.local_date = slots.local_date
        and rostered.half_hour = slots.half_hour
left join contacts
    on
        contacts.skill = slots.skill
        and contacts.local_date = slots.local_date
        and contacts.half_hour = slots.half_hour
order by slots.local_date, slots.half_hour, slots.skill
