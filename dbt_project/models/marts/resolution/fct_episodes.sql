{%- set fcr_windows = [1, 3, 7, 14] -%}
with

episodes as (

    select *
    from {{ ref('int_episodes') }}

),

tickets as (

    select
        ticket_key,
        ticket_id,
        source_system,
        account_id,
        shop,
        team_id,
        team_name,
        priority,
        closer_id,
        human_owner_count,
        is_history_complete,
        in_p2,
        in_p6,
        as_of_at
    from {{ ref('int_tickets__classified') }}

),

limits as (

    select
        channel,
        max(seconds) filter (where kpi_id = 'repeat_inquiry_rate') as repeat_seconds,
        max(seconds) filter (where kpi_id = 'customer_return_rate') as return_seconds
    from {{ ref('int_channel_limits') }}
    group by channel

),

-- An episode is judged only where the history tells when it was solved and who held it.
joined as (

    select
        episodes.*,
        tickets.ticket_id,
        tickets.source_system,
        tickets.account_id,
        tickets.shop,
        tickets.team_id,
        tickets.team_name,
        tickets.priority,
        tickets.closer_id,
        tickets.human_owner_count,
        tickets.in_p2,
        tickets.in_p6,
        tickets.as_of_at,
        limits.repeat_seconds,
        limits.return_seconds,
        tickets.is_history_complete and episodes.solved_at is not null as is_solved
    from episodes
    inner join tickets on tickets.ticket_key = episodes.ticket_key
    inner join limits on limits.channel = episodes.channel

)

select
    contact_key,
    ticket_key,
    ticket_id,
    customer_key,
    source_system,
    account_id,
    {{ ticket_link('account_id', 'ticket_id') }} as ticket_url,
    shop,
    channel,
    topic,
    team_id,
    team_name,
    priority,
    closer_id,
    in_p2,
    in_p6,
    is_customer_known,
    topic != 'unknown' as is_topic_known,
    is_first_of_ticket,
    is_solved,
    coalesce(human_owner_count > 1, false) as is_transferred,
    {%- for days in fcr_windows %}
    is_solved and {{ plus_seconds('solved_at', days * 86400) }} <= as_of_at
        as is_matured_{{ days }}d,
    is_solved
    and coalesce(human_owner_count <= 1, false)
    and coalesce(reopened_at > {{ plus_seconds('solved_at', days * 86400) }}, true)
    and coalesce(next_related_at > {{ plus_seconds('solved_at', days * 86400) }}, true)
        as is_first_contact_{{ days }}d,
    {%- endfor %}
    coalesce({{ seconds_between('previous_related_at', 'started_at') }} <= repeat_seconds, false)
        as is_repeat,
    coalesce(
        {{ seconds_between('previous_other_topic_at', 'started_at') }} <= return_seconds, false
    ) as is_return,
    {{ local_date('started_at') }} as started_date,
    started_at,
    solved_at,
    reopened_at,
    previous_related_at,
    next_related_at,
    as_of_at
from joined
order by started_at, contact_key
