with

-- Of the metric events only the targets applied are read: what they say of activation, pause and
-- breach follows from the ticket's own history.
source as (

    {{ newest_versions(source('zendesk', 'metric_events'), ['id'], [
        'id',
        'ticket_id',
        'instance_id',
        'metric',
        'sla',
        'deleted',
        'time',
    ], where="type = 'apply_sla'") }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    ticket_id,
    cast(id as hugeint) as seq_major,
    cast(0 as integer) as seq_minor,
    case
        when metric = 'reply_time' and instance_id = '1' then 'first_reply_time'
        when metric = 'reply_time' then 'next_reply_time'
        when metric = 'resolution_time' then 'total_resolution_time'
        else metric
    end as metric,
    cast(instance_id as integer) as metric_instance,
    {{ json_text('sla', '$.policy.id') }} as policy_id,
    {{ json_text('sla', '$.policy.title') }} as policy_name,
    coalesce(
        cast({{ json_text('sla', '$.target_in_seconds') }} as bigint),
        60 * cast({{ json_text('sla', '$.target') }} as bigint)
    ) as target_seconds,
    cast({{ json_text('sla', '$.business_hours') }} as boolean) as in_business_hours,
    coalesce(deleted, 'false') = 'true' as is_withdrawn,
    {{ utc_timestamp('time') }} as event_at
from source
