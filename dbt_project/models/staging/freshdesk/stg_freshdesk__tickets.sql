{%- set stamps = [
    'first_responded_at',
    'resolved_at',
    'reopened_at',
    'closed_at',
    'status_updated_at',
] -%}

with

source as (

    {{ newest_versions(source('freshdesk', 'tickets'), ['id'], [
        '_file_id',
        '_record_no',
        'id',
        'subject',
        'status',
        'priority',
        'source',
        'type',
        'requester_id',
        'responder_id',
        'group_id',
        'company_id',
        'product_id',
        'due_by',
        'is_escalated',
        'fr_escalated',
        'spam',
        'deleted',
        'tags',
        'stats',
        'created_at',
        'updated_at',
    ]) }}

),

typed as (

    select
        *,
        {{ utc_timestamp('created_at') }} as created,
        {{ utc_timestamp('updated_at') }} as updated,
        {%- for stamp in stamps %}
        {{ utc_timestamp(json_text('stats', '$.' ~ stamp)) }} as {{ stamp }},
        {%- endfor %}
        coalesce({{ json_list('tags') }}, []) as tag_list
    from source

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

accounts_with_messages as (

    select distinct _account_id
    from {{ source('freshdesk', 'conversations') }}

),

told as (

    select
        account_id,
        ticket_id,
        min(event_at) as first_at,
        max_by(new_value, seq_major) as last_status
    from {{ ref('stg_freshdesk__ticket_events') }}
    where event_type = 'status'
    group by account_id, ticket_id

),

-- One alias row per raw value (tested on the seeds), one row an account and a ticket.
canonical as (

    select
        'freshdesk' as source_system,
        typed._account_id as account_id,
        typed.id as ticket_id,
        typed.subject,
        typed.requester_id as customer_id,
        typed.requester_id as submitter_id,
        typed.responder_id as assignee_id,
        typed.company_id as organization_id,
        typed.group_id as team_id,
        typed.product_id as brand_id,
        typed._account_id as shop,
        coalesce(channel_aliases.channel, 'unknown') as channel,
        coalesce(lower(typed.type), 'unknown') as type,
        coalesce(priority_aliases.priority, 'none') as priority,
        typed.status as status_raw,
        case
            when typed.deleted = 'true' then 'deleted'
            else coalesce(status_aliases.status, 'unknown')
        end as status,
        -- Spam is a mark of its own here and a tag everywhere else.
        case
            when typed.spam = 'true' then list_append(typed.tag_list, 'spam') else typed.tag_list
        end
            as tags,
        false as is_marked_merged,
        coalesce(
            told.first_at <= {{ plus_seconds('typed.created', 60) }}
            and told.last_status = status_aliases.status,
            false
        ) as is_history_complete,
        typed.stats is not null and typed.reopened_at is null as was_never_reopened,
        accounts_with_messages._account_id is not null as has_messages,
        typed.stats is not null as is_response_stated,
        coalesce(typed.source = '10', false) as is_outbound,
        false as is_bot_session,
        case
            when status_aliases.status in ('solved', 'closed')
                then not (
                    coalesce(typed.is_escalated, 'false') = 'true'
                    or coalesce(typed.fr_escalated, 'false') = 'true'
                )
        end as vendor_is_sla_met,
        typed.first_responded_at as stated_first_response_at,
        case when typed.reopened_at is null then typed.resolved_at end as stated_first_solved_at,
        typed.reopened_at as stated_reopened_at,
        typed.resolved_at as stated_last_solved_at,
        typed.closed_at as stated_closed_at,
        typed.status_updated_at as stated_status_at,
        {{ utc_timestamp('typed.due_by') }} as due_at,
        typed.created as created_at,
        typed.updated as updated_at,
        {{ utc_timestamp('typed._version_at') }} as version_at,
        typed._file_id as file_id,
        typed._record_no as record_no
    from typed
    left join status_aliases on status_aliases.raw_value = typed.status
    left join channel_aliases on channel_aliases.raw_value = typed.source
    left join priority_aliases on priority_aliases.raw_value = typed.priority
    left join accounts_with_messages on accounts_with_messages._account_id = typed._account_id
    left join told
        on
            told.account_id = typed._account_id
            and told.ticket_id = typed.id

)

select
    * exclude (was_never_reopened),
    not is_history_complete as is_history_derived,
    is_history_complete or was_never_reopened as is_first_solve_known,
    case when was_never_reopened then 0 end as vendor_reopen_count
from canonical
