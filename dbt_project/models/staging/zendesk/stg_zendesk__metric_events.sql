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

),

-- In the order: policy, its title, target in seconds, target in minutes, business hours.
applied as (

    select
        *,
        {{ json_texts('sla', [
            '$.policy.id',
            '$.policy.title',
            '$.target_in_seconds',
            '$.target',
            '$.business_hours',
        ]) }} as sla_parts
    from source

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
    sla_parts[1] as policy_id,
    sla_parts[2] as policy_name,
    coalesce(cast(sla_parts[3] as bigint), 60 * cast(sla_parts[4] as bigint)) as target_seconds,
    cast(sla_parts[5] as boolean) as in_business_hours,
    coalesce(deleted, 'false') = 'true' as is_withdrawn,
    {{ utc_timestamp('time') }} as event_at
from applied
