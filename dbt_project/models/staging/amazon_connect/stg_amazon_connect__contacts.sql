with

source as (

    {{ newest_versions(source('amazon_connect', 'contacts'), ['contact_id'], [
        'contact_id',
        'initial_contact_id',
        'next_contact_id',
        'channel',
        'initiation_method',
        'initiated_at',
        'disconnected_at',
        'disconnect_reason',
        'queue',
        'agent',
    ]) }}

),

endpoints as (

    {{ newest_versions(source('amazon_connect', 'endpoints'), ['contact_id'], [
        'contact_id',
        'customer_id',
    ]) }}

),

-- In the order of the paths; a contact without queue or agent has nulls.
parted as (

    select
        *,
        {{ json_texts('queue', [
            '$.Name',
            '$.EnqueueTimestamp',
            '$.Duration',
        ]) }} as queue_parts,
        {{ json_texts('agent', [
            '$.Username',
            '$.ConnectedToAgentTimestamp',
            '$.AgentInteractionDuration',
            '$.CustomerHoldDuration',
            '$.AfterContactWorkDuration',
            '$.NumberOfHolds',
        ]) }} as agent_parts
    from source

)

-- One endpoint a contact, so the join keeps one row a contact.
select
    'amazon_connect' as source_system,
    contacts._account_id as account_id,
    contacts.contact_id as call_id,
    coalesce(contacts.initial_contact_id, contacts.contact_id) as contact_id,
    contacts.next_contact_id as next_call_id,
    endpoints.customer_id,
    contacts.queue_parts[1] as queue_id,
    contacts.agent_parts[1] as agent_id,
    lower(contacts.channel) as channel,
    contacts.initiation_method = 'CALLBACK' as is_callback,
    case
        when contacts.initiation_method in ('OUTBOUND', 'EXTERNAL_OUTBOUND', 'CALLBACK')
            then 'outbound'
        else 'inbound'
    end as direction,
    case
        when contacts.agent_parts[1] is not null then 'answered'
        when contacts.initiation_method in ('OUTBOUND', 'EXTERNAL_OUTBOUND', 'CALLBACK')
            then 'missed'
        when contacts.next_contact_id is not null then 'transferred'
        when contacts.queue_parts[1] is not null then 'abandoned_queue'
        else 'abandoned_menu'
    end as disposition,
    case contacts.disconnect_reason
        when 'AGENT_DISCONNECT' then 'agent'
        when 'CUSTOMER_DISCONNECT' then 'customer'
        when 'THIRD_PARTY_DISCONNECT' then 'third_party'
        when 'TELECOM_PROBLEM' then 'system'
        when 'CONTACT_FLOW_DISCONNECT' then 'system'
    end as hung_up_by,
    cast(contacts.queue_parts[3] as bigint) as queue_seconds,
    cast(contacts.agent_parts[3] as bigint) as talk_seconds,
    cast(contacts.agent_parts[4] as bigint) as hold_seconds,
    cast(contacts.agent_parts[5] as bigint) as after_call_seconds,
    cast(contacts.agent_parts[6] as integer) as hold_count,
    {{ utc_timestamp('contacts.initiated_at') }} as started_at,
    {{ utc_timestamp('contacts.queue_parts[2]') }} as queued_at,
    {{ utc_timestamp('contacts.agent_parts[2]') }} as answered_at,
    {{ utc_timestamp('contacts.disconnected_at') }} as ended_at
from parted as contacts
left join endpoints
    on
        endpoints._account_id = contacts._account_id
        and endpoints.contact_id = contacts.contact_id
