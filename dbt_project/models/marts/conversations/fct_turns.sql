with

turns as (

    select *
    from {{ ref('int_turns__clocked') }}

),

tickets as (

    select
        ticket_key,
        ticket_id,
        source_system,
        account_id,
        shop,
        channel,
        team_id,
        team_name,
        priority,
        exclusion_reason,
        has_human,
        in_p2,
        in_p4,
        in_p6
    from {{ ref('int_tickets__classified') }}

),

windows as (

    select shop, channel, opens_second, closes_second
    from {{ ref('int_platform_windows') }}

),

limits as (

    select channel, seconds
    from {{ ref('kpi_thresholds') }}
    where kpi_id = 'response_within_x_rate'

)

-- A turn belongs to one ticket; one window a shop and channel, one limit a channel and one for all.
select
    {{ hash_key(['turns.ticket_key', 'turns.turn_no']) }} as turn_key,
    tickets.ticket_key,
    tickets.ticket_id,
    tickets.source_system,
    tickets.account_id,
    {{ ticket_link('tickets.account_id', 'tickets.ticket_id') }} as ticket_url,
    tickets.shop,
    tickets.channel,
    tickets.team_id,
    tickets.team_name,
    tickets.priority,
    coalesce(turns.agent_id, 'unknown') as agent_id,
    tickets.exclusion_reason,
    turns.turn_no,
    {{ local_hour('turns.opened_at') }} as opened_hour,
    turns.customer_message_count,
    turns.calendar_seconds as wait_calendar_seconds,
    turns.business_seconds as wait_business_seconds,
    turns.business_last_seconds as wait_business_last_seconds,
    case
        when {{ is_in_window('windows', 'turns.opened_at') }}
            then
                {{ window_seconds('windows', 'turns.answered_at') }}
                - {{ window_seconds('windows', 'turns.opened_at') }}
    end as wait_platform_seconds,
    coalesce(of_channel.seconds, of_all.seconds) as response_limit_seconds,
    tickets.in_p2,
    tickets.in_p4,
    tickets.in_p6,
    turns.turn_no = 1 as is_first_turn,
    tickets.has_human as is_accepted,
    coalesce({{ is_in_window('windows', 'turns.opened_at') }}, false) as is_in_platform_window,
    turns.answered_at is not null as is_answered,
    coalesce(
        {{ local_date('turns.answered_at') }} = {{ local_date('turns.opened_at') }}, false
    ) as is_answered_same_day,
    coalesce(turns.calendar_seconds <= coalesce(of_channel.seconds, of_all.seconds), false)
        as is_answered_within_limit,
    {{ local_date('turns.opened_at') }} as opened_date,
    {{ local_date('turns.answered_at') }} as answered_date,
    turns.opened_at,
    turns.answered_at
from turns
inner join tickets on tickets.ticket_key = turns.ticket_key
left join windows
    on
        windows.shop = tickets.shop
        and windows.channel = tickets.channel
left join limits as of_channel on of_channel.channel = tickets.channel
left join limits as of_all on of_all.channel = '*'
order by turns.opened_at, turns.ticket_key, turns.turn_no
