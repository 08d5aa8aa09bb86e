with

source as (

    select
        _account_id,
        _version_at,
        _row_hash,
        id,
        ticket_id,
        instance_id,
        metric,
        type,
        sla,
        deleted,
        time
    from {{ source('zendesk', 'metric_events') }}
    where type in ('activate', 'pause', 'fulfill', 'apply_sla', 'breach')
    {{ newest_version(['id']) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    ticket_id,
    id as event_id,
    try_cast(id as hugeint) as seq_major,
    cast(0 as bigint) as seq_minor,
    case type
        when 'activate' then 'metric_activated'
        when 'pause' then 'metric_paused'
        when 'fulfill' then 'metric_fulfilled'
        when 'apply_sla' then 'sla_applied'
        when 'breach' then 'sla_breached'
    end as event_type,
    case
        when metric = 'reply_time' and cast(instance_id as integer) = 1 then 'first_reply_time'
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
