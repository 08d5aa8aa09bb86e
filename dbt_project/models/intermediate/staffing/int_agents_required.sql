{#- Grain: skill, channel, local day and half hour with work. `agents` are those at work, before
    shrinkage and rounding: the servers of the queue by the contacts that each holds, or an even
    share of the mail. -#}
with

workloads as (

    select *
    from {{ ref('int_workloads') }}
    where model = 'backlog'

),

rostered as (

    select *
    from {{ ref('int_rosters_ahead') }}

),

staffed_days as (

    select skill, local_date, count(*) as staffed_half_hours
    from rostered
    group by skill, local_date

),

-- The mail of a day is worked off on the next day on which anybody of the skill works, evenly.
mail_days as (

    select
        skill,
        channel,
        local_date as come_date,
        {{ exact_sum('load / occupancy') }} as agent_half_hours
    from workloads
    group by skill, channel, local_date

),

mail_staffed as (

    select
        mail_days.skill,
        mail_days.channel,
        mail_days.come_date,
        any_value(mail_days.agent_half_hours) as agent_half_hours,
        min(staffed_days.local_date) as local_date
    from mail_days
    inner join staffed_days
        on
            staffed_days.skill = mail_days.skill
            and staffed_days.local_date between mail_days.come_date and mail_days.come_date + 6
    group by mail_days.skill, mail_days.channel, mail_days.come_date

),

mail as (

    select
        rostered.skill,
        mail_staffed.channel,
        rostered.local_date,
        rostered.half_hour,
        {{ exact_sum('mail_staffed.agent_half_hours') }}
        / any_value(staffed_days.staffed_half_hours) as agents
    from mail_staffed
    inner join staffed_days
        on
            staffed_days.skill = mail_staffed.skill
            and staffed_days.local_date = mail_staffed.local_date
    inner join rostered
        on
            rostered.skill = mail_staffed.skill
            and rostered.local_date = mail_staffed.local_date
    group by rostered.skill, mail_staffed.channel, rostered.local_date, rostered.half_hour

)

select
    skill,
    channel,
    'erlang' as model,
    half_hour,
    {{ exact_sum('agents') }} as agents,
    local_date
from {{ ref('int_queues') }}
group by skill, channel, half_hour, local_date

union all

select
    skill,
    channel,
    'backlog' as model,
    half_hour,
    agents,
    local_date
from mail
