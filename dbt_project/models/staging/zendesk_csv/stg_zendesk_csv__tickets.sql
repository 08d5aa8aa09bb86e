{%- set clocks = [
    'first_reply',
    'first_resolution',
    'full_resolution',
    'agent_wait',
    'requester_wait',
    'on_hold',
] -%}
{%- set clock_columns = [] -%}
{%- for clock in clocks -%}
{%- do clock_columns.extend([clock ~ '_calendar', clock ~ '_business']) -%}
{%- endfor %}

with

source as (

    {{ newest_versions(source('zendesk_csv', 'tickets'), ['id'], [
        '_file_id',
        '_record_no',
        'id',
        'requester_id',
        'assignee',
        'agent_group',
        'status',
        'priority',
        'via',
        'type',
        'tags',
        'satisfaction_score',
        'group_stations',
        'assignee_stations',
        'reopens',
        'replies',
        'first_assigned_at',
        'solved_at',
        'due_at',
        'created_at',
        'updated_at',
    ] + clock_columns) }}

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'zendesk'

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'zendesk'

),

priorities as (

    select priority
    from {{ ref('priorities') }}

),

staff as (

    select account_id, staff_name, min(user_id) as user_id
    from {{ ref('stg_zendesk__users') }}
    where is_staff
    group by account_id, staff_name

),

groups as (

    select account_id, team_name, min(team_id) as team_id
    from {{ ref('stg_zendesk__groups') }}
    group by account_id, team_name

)

-- One alias row per raw value (tested on the seeds), one row a name. A ticket that came as JSON too
-- is taken from there.
select
    'zendesk' as source_system,
    source._account_id as account_id,
    source.id as ticket_id,
    source.requester_id as customer_id,
    coalesce(staff.user_id, source.assignee) as assignee_id,
    coalesce(groups.team_id, source.agent_group) as team_id,
    source._account_id as shop,
    coalesce(channel_aliases.channel, 'unknown') as channel,
    coalesce(lower(source.type), 'unknown') as type,
    coalesce(priorities.priority, 'none') as priority,
    source.status as status_raw,
    coalesce(status_aliases.status, 'unknown') as status,
    coalesce(string_split(source.tags, ' '), []) as tags,
    coalesce(list_contains(string_split(source.tags, ' '), 'closed_by_merge'), false)
        as is_marked_merged,
    lower(source.satisfaction_score) as satisfaction_score,
    false as is_history_complete,
    coalesce(source.reopens = '0', false) as is_first_solve_known,
    true as is_history_derived,
    false as has_messages,
    true as is_response_stated,
    false as is_outbound,
    false as is_bot_session,
    cast(source.group_stations as integer) as vendor_group_station_count,
    cast(source.assignee_stations as integer) as vendor_assignee_station_count,
    cast(source.reopens as integer) as vendor_reopen_count,
    cast(source.replies as integer) as vendor_reply_count,
    {%- for clock in clocks %}
    cast(source.{{ clock }}_calendar as bigint) as vendor_{{ clock }}_calendar_seconds,
    cast(source.{{ clock }}_business as bigint) as vendor_{{ clock }}_business_seconds,
    {%- endfor %}
    {{ utc_timestamp('source.first_assigned_at') }} as vendor_first_assigned_at,
    {{ utc_timestamp('source.solved_at') }} as vendor_solved_at,
    -- To the minute, as the vendor counts.
    {{ plus_seconds(
        utc_timestamp('source.created_at'), 'cast(source.first_reply_calendar as bigint)'
    ) }} as stated_first_response_at,
    case when source.reopens = '0' then {{ utc_timestamp('source.solved_at') }} end
        as stated_first_solved_at,
    {{ utc_timestamp('source.solved_at') }} as stated_last_solved_at,
    {{ utc_timestamp('source.due_at') }} as due_at,
    {{ utc_timestamp('source.created_at') }} as created_at,
    {{ utc_timestamp('source.updated_at') }} as updated_at,
    {{ utc_timestamp('source._version_at') }} as version_at,
    source._file_id as file_id,
    source._record_no as record_no
from source
anti join {{ source('zendesk', 'tickets') }} as tickets
    on
        tickets._account_id = source._account_id
        and tickets.id = source.id
left join status_aliases on status_aliases.raw_value = lower(source.status)
left join channel_aliases on channel_aliases.raw_value = lower(source.via)
left join priorities on priorities.priority = lower(source.priority)
left join staff
    on
        staff.account_id = source._account_id
        and staff.staff_name = source.assignee
left join groups
    on
        groups.account_id = source._account_id
        and groups.team_name = source.agent_group
