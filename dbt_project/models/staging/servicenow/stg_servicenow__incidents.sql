{%- set columns = [
    '_file_id',
    '_record_no',
    'number',
    'incident_state',
    'hold_reason',
    'priority',
    'contact_type',
    'category',
    'subcategory',
    'caller_id',
    'opened_by',
    'assigned_to',
    'assignment_group',
    'reopen_count',
    'made_sla',
    'calendar_stc',
    'business_stc',
    'resolved_by',
    'opened_at',
    'resolved_at',
    'closed_at',
    'updated_at',
] -%}
with

incidents as (

    {{ newest_versions(
        source('servicenow', 'incidents'), ['number'], columns + ['reopened_time']
    ) }}

),

audit as (

    {{ newest_versions(source('servicenow', 'incident_audit'), [
        'number',
        'mod_count',
        'updated_at',
    ], columns + ['mod_count']) }}

),

last_audit_rows as (

    select *
    from audit
    qualify row_number() over (
        partition by _account_id, number
        order by cast(mod_count as integer) desc, updated_at desc, _record_no desc
    ) = 1

),

audited as (

    select
        _account_id,
        number,
        min(cast(mod_count as integer)) = 0 as is_whole
    from audit
    group by _account_id, number

),

-- The list of incidents is newer than the last audited change, where both came.
records as (

    select *
    from incidents

    union all by name

    select last_audit_rows.*
    from last_audit_rows
    anti join incidents
        on
            incidents._account_id = last_audit_rows._account_id
            and incidents.number = last_audit_rows.number

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'servicenow'

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'servicenow'

),

priority_aliases as (

    select raw_value, priority
    from {{ ref('priority_aliases') }}
    where source_system = 'servicenow'

),

-- Labels may carry a number in front, "4 - Low". State 3 is on hold for one of four reasons.
worded as (

    select
        *,
        case
            when incident_state in ('3', 'On Hold') and hold_reason in ('1', 'Awaiting Caller')
                then 'awaiting user info'
            else lower(incident_state)
        end as state_word,
        lower(regexp_replace(priority, '^\d+ - ', '')) as priority_word
    from records

)

-- One alias row per raw value (tested on the seeds), one row an audited incident.
select
    'servicenow' as source_system,
    worded._account_id as account_id,
    worded.number as ticket_id,
    worded.caller_id as customer_id,
    worded.opened_by as submitter_id,
    worded.assigned_to as assignee_id,
    worded.assignment_group as team_id,
    worded._account_id as shop,
    coalesce(channel_aliases.channel, 'unknown') as channel,
    'incident' as type,
    worded.category,
    coalesce(priority_aliases.priority, 'none') as priority,
    worded.incident_state as status_raw,
    coalesce(status_aliases.status, 'unknown') as status,
    coalesce(
        string_split(nullif(concat_ws('|', worded.category, worded.subcategory), ''), '|'), []
    ) as tags,
    false as is_marked_merged,
    coalesce(audited.is_whole, false) as is_history_complete,
    coalesce(audited.is_whole, false)
    or (coalesce(worded.reopen_count, '0') = '0' and worded.reopened_time is null)
        as is_first_solve_known,
    not coalesce(audited.is_whole, false) as is_history_derived,
    false as has_messages,
    false as is_response_stated,
    false as is_outbound,
    false as is_bot_session,
    cast(worded.reopen_count as integer) as vendor_reopen_count,
    cast(worded.calendar_stc as bigint) as vendor_full_resolution_calendar_seconds,
    cast(worded.business_stc as bigint) as vendor_full_resolution_business_seconds,
    case when worded.resolved_at is not null then worded.made_sla = 'true' end
        as vendor_is_sla_met,
    worded.resolved_by as stated_solver_id,
    case
        when coalesce(worded.reopen_count, '0') = '0' and worded.reopened_time is null
            then {{ utc_timestamp('worded.resolved_at') }}
    end as stated_first_solved_at,
    {{ utc_timestamp('worded.reopened_time') }} as stated_reopened_at,
    {{ utc_timestamp('worded.resolved_at') }} as stated_last_solved_at,
    -- An incident that is open again keeps the stamp of its earlier closing.
    case
        when status_aliases.status in ('solved', 'closed')
            then {{ utc_timestamp('worded.closed_at') }}
    end as stated_closed_at,
    {{ utc_timestamp('worded.opened_at') }} as created_at,
    greatest(
        {{ utc_timestamp('worded.updated_at') }}, {{ utc_timestamp('worded.opened_at') }}
    ) as updated_at,
    {{ utc_timestamp('worded._version_at') }} as version_at,
    worded._file_id as file_id,
    worded._record_no as record_no
from worded
left join status_aliases on status_aliases.raw_value = worded.state_word
left join channel_aliases on channel_aliases.raw_value = lower(worded.contact_type)
left join priority_aliases on priority_aliases.raw_value = worded.priority_word
left join audited
    on
        audited._account_id = worded._account_id
        and audited.number = worded.number
