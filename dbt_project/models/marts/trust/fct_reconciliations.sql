with

compared as (

    select *
    from {{ ref('int_ticket_measures__compared') }}

),

tickets as (

    select *
    from {{ ref('fct_tickets') }}

),

staff_messages as (

    select *
    from {{ ref('int_tickets__first_staff_messages') }}

),

intervals as (

    select ticket_key, count(*) as interval_count
    from {{ ref('fct_status_intervals') }}
    group by ticket_key

),

parameters as (

    select
        max(value) filter (where parameter = 'equal_seconds') as equal_seconds,
        max(value) filter (where parameter = 'tolerance_seconds') as tolerance_seconds,
        max(value) filter (where parameter = 'zone_step_seconds') as zone_step_seconds,
        max(value) filter (where parameter = 'zone_limit_seconds') as zone_limit_seconds,
        max(value) filter (where parameter = 'rounding_seconds') as rounding_seconds
    from {{ ref('kpi_parameters') }}
    where kpi_id = 'reconcile_diff_rate'

),

-- One row a ticket in each of them, and the parameters are one row.
joined as (

    select
        compared.*,
        tickets.ticket_id,
        tickets.source_system,
        tickets.account_id,
        tickets.ticket_url,
        tickets.shop,
        tickets.channel,
        tickets.team_name,
        tickets.is_deleted,
        tickets.is_merged or tickets.merged_source_count > 0 as is_merge,
        tickets.created_date,
        compared.own_value - compared.vendor_value as difference,
        {{ seconds_between('tickets.created_at', 'staff_messages.first_note_at') }}
            as first_note_seconds,
        {{ seconds_between('tickets.created_at', 'staff_messages.first_bot_message_at') }}
            as first_bot_seconds,
        staff_messages.note_count,
        staff_messages.bot_message_count,
        coalesce(intervals.interval_count, 0) as interval_count,
        parameters.*
    from compared
    inner join tickets on tickets.ticket_key = compared.ticket_key
    left join staff_messages on staff_messages.ticket_key = compared.ticket_key
    left join intervals on intervals.ticket_key = compared.ticket_key
    cross join parameters

),

-- The difference to the nearest whole step of time zones.
stepped as (

    select
        *,
        abs(difference - round(difference / zone_step_seconds) * zone_step_seconds)
            as off_zone_step_seconds
    from joined

),

judged as (

    select
        *,
        case
            when own_value is null then 'not_measured'
            when clock = 'none' and difference = 0 then 'equal'
            when clock = 'none' then 'different'
            when abs(difference) <= equal_seconds then 'equal'
            when abs(difference) <= tolerance_seconds then 'within_tolerance'
            else 'different'
        end as verdict
    from stepped

)

-- The first cause that explains the difference; what none explains is unknown and a KPI.
select
    ticket_key,
    ticket_id,
    source_system,
    account_id,
    ticket_url,
    shop,
    channel,
    team_name,
    measure,
    clock,
    cast(vendor_value as bigint) as vendor_value,
    cast(own_value as bigint) as own_value,
    cast(difference as bigint) as difference,
    verdict,
    case
        when verdict in ('equal', 'within_tolerance') then 'none'
        when is_deleted then 'deletion'
        when is_merge then 'merge'
        when
            measure = 'first_response_time'
            and clock = 'calendar'
            and abs(vendor_value - first_note_seconds) <= tolerance_seconds
            then 'note_counted_as_reply'
        when
            measure = 'first_response_time'
            and clock = 'calendar'
            and abs(vendor_value - first_bot_seconds) <= tolerance_seconds
            then 'bot'
        when
            measure = 'public_agent_reply_count' and -difference between 1 and note_count
            then 'note_counted_as_reply'
        when
            measure = 'public_agent_reply_count' and -difference between 1 and bot_message_count
            then 'bot'
        when
            clock = 'business'
            and (
                abs(calendar_difference) <= tolerance_seconds
                or abs(vendor_value - own_last_schedule_value) <= tolerance_seconds
            )
            then 'schedule_rule'
        when
            clock != 'none'
            and abs(difference) <= zone_limit_seconds
            and off_zone_step_seconds <= tolerance_seconds
            then 'time_zone'
        when clock != 'none' and abs(difference) <= rounding_seconds * interval_count
            then 'rounding'
        else 'unknown'
    end as cause,
    verdict in ('equal', 'within_tolerance') as is_reconciled,
    created_date
from judged
