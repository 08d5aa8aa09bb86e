with

-- Every landed version is kept: the API has no history, so what was in force is what was seen.
versions as (

    {{ newest_versions(source('zendesk', 'sla_policies'), ['id', '_version_at'], [
        'id',
        'title',
        'position',
        'filter',
        'policy_metrics',
    ]) }}

),

stamped as (

    select
        *,
        {{ utc_timestamp('_version_at') }} as version_at
    from versions

),

dated as (

    select
        _account_id,
        id,
        title,
        cast(position as integer) as position,
        filter,
        policy_metrics,
        case
            when lag(id) over (partition by _account_id, id order by version_at nulls first) is null
                then timestamp '0001-01-01'
            else version_at
        end as valid_from,
        coalesce(
            lead(version_at) over (partition by _account_id, id order by version_at nulls first),
            timestamp '9999-12-31'
        ) as valid_to
    from stamped

),

targets as (

    select
        _account_id,
        id,
        title,
        position,
        filter,
        valid_from,
        valid_to,
        unnest(json_extract(policy_metrics, '$[*]')) as target
    from dated

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    id as policy_id,
    title as policy_name,
    position,
    filter as filter_json,
    coalesce({{ json_text('target', '$.priority') }}, 'none') as priority,
    case {{ json_text('target', '$.metric') }}
        when 'resolution_time' then 'total_resolution_time'
        else {{ json_text('target', '$.metric') }}
    end as metric,
    coalesce(
        cast({{ json_text('target', '$.target_in_seconds') }} as bigint),
        60 * cast({{ json_text('target', '$.target') }} as bigint)
    ) as target_seconds,
    coalesce(
        cast({{ json_text('target', '$.business_hours') }} as boolean), false
    ) as in_business_hours,
    valid_from,
    valid_to
from targets
