with

source as (

    {{ newest_versions(source('freshdesk', 'ticket_export'), ['ticket_id'], [
        '_file_id',
        '_record_no',
        'ticket_id',
        'status',
        'priority',
        'source',
        'type',
        'agent',
        'agent_group',
        'tags',
        'contact_id',
        'agent_interactions',
        'first_response_status',
        'resolution_status',
        'first_response_hours',
        'resolution_hours',
        'first_responded_at',
        'resolved_at',
        'closed_at',
        'due_at',
        'created_at',
        'updated_at',
    ]) }}

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'freshdesk'

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'freshdesk'

),

priority_aliases as (

    select raw_value, priority
    from {{ ref('priority_aliases') }}
    where source_system = 'freshdesk'

),

agents as (

    select account_id, agent_name, min(agent_id) as agent_id
    from {{ ref('stg_freshdesk__agents') }}
    group by account_id, agent_name

),

groups as (

    select account_id, team_name, min(team_id) as team_id
    from {{ ref('stg_freshdesk__groups') }}
    group by account_id, team_name

)

-- One alias row per raw value (tested on the seeds), one row a name. A ticket that the API gave too
-- is taken from there. Whether it was ever reopened the table does not tell.
select
    'freshdesk' as source_system,
    source._account_id as account_id,
    source.ticket_id,
    source.contact_id as customer_id,
    source.contact_id as submitter_id,
    coalesce(agents.agent_id, source.agent) as assignee_id,
    coalesce(groups.team_id, source.agent_group) as team_id,
    source._account_id as shop,
    coalesce(channel_aliases.channel, 'unknown') as channel,
    coalesce(lower(source.type), 'unknown') as type,
    coalesce(priority_aliases.priority, 'none') as priority,
    source.status as status_raw,
    coalesce(status_aliases.status, 'unknown') as status,
    coalesce(string_split(replace(source.tags, ' ', ''), ','), []) as tags,
    false as is_marked_merged,
    false as is_history_complete,
    source.resolved_at is null and source.closed_at is null as is_first_solve_known,
    true as is_history_derived,
    false as has_messages,
    true as is_response_stated,
    coalesce(lower(source.source) = 'outbound email', false) as is_outbound,
    false as is_bot_session,
    cast(source.agent_interactions as integer) as vendor_reply_count,
    cast(source.first_response_hours as bigint) as vendor_first_reply_business_seconds,
    cast(source.resolution_hours as bigint) as vendor_full_resolution_business_seconds,
    case
        when source.resolution_status is not null
            then
                lower(source.resolution_status) = 'within sla'
                and coalesce(lower(source.first_response_status) = 'within sla', true)
    end as vendor_is_sla_met,
    {{ utc_timestamp('source.first_responded_at') }} as stated_first_response_at,
    {{ utc_timestamp('source.resolved_at') }} as stated_last_solved_at,
    {{ utc_timestamp('source.closed_at') }} as stated_closed_at,
    {{ utc_timestamp('source.due_at') }} as due_at,
    {{ utc_timestamp('source.created_at') }} as created_at,
    {{ utc_timestamp('source.updated_at') }} as updated_at,
    {{ utc_timestamp('source._version_at') }} as version_at,
    source._file_id as file_id,
    source._record_no as record_no
from source
anti join {{ source('freshdesk', 'tickets') }} as tickets
    on
        tickets._account_id = source._account_id
        and tickets.id = source.ticket_id
left join status_aliases on status_aliases.raw_value = lower(source.status)
left join channel_aliases on channel_aliases.raw_value = lower(source.source)
left join priority_aliases on priority_aliases.raw_value = lower(source.priority)
left join agents
    on
        agents.account_id = source._account_id
        and agents.agent_name = source.agent
left join groups
    on
        groups.account_id = source._account_id
        and groups.team_name = source.agent_group
