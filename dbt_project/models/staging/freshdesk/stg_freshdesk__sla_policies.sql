{%- set priorities = {'1': 'low', '2': 'normal', '3': 'high', '4': 'urgent'} -%}
{%- set conditions = {
    'group_id': 'group_ids',
    'organization_id': 'company_ids',
    'brand_id': 'product_ids',
    'type': 'ticket_types',
    'source': 'sources',
} -%}
{%- set metrics = {
    'respond_within': 'first_reply_time',
    'next_respond_within': 'next_reply_time',
    'resolve_within': 'agent_work_time',
} -%}

with

source as (

    {{ newest_versions(source('freshdesk', 'sla_policies'), ['id'], [
        'id',
        'name',
        'position',
        'sla_target',
        'applicable_to',
    ], where="coalesce(active, 'true') = 'true'") }}

),

targets as (
    {% for number, priority in priorities.items() %}
    {%- set outer_last = loop.last %}
    {%- for field, metric in metrics.items() %}
    select
        source.*,
        '{{ priority }}' as priority,
        '{{ metric }}' as metric,
        cast({{ json_text('sla_target', '$.priority_' ~ number ~ '.' ~ field) }} as bigint)
            as target_seconds,
        coalesce(
            {{ json_text('sla_target', '$.priority_' ~ number ~ '.business_hours') }} = 'true',
            false
        ) as in_business_hours
    from source
    {% if not (outer_last and loop.last) %}
    union all
    {% endif %}
    {%- endfor %}
    {%- endfor %}
),

-- The canonical filter: all conditions must hold, a list is a choice. A condition on a source is
-- never met, since tickets carry the canonical channel only.
filters as (

    select
        *,
        '{"all":[' || concat_ws(
            ',',
            {%- for field, name in conditions.items() %}
            '{"field":"{{ field }}","operator":"includes","value":'
            || nullif(lower(json_extract(applicable_to, '$.{{ name }}')::text), '[]')
            || '}'{{ ',' if not loop.last }}
            {%- endfor %}
        ) || ']}' as filter_json
    from targets

)

select
    'freshdesk' as source_system,
    _account_id as account_id,
    id as policy_id,
    name as policy_name,
    cast(position as integer) as position,
    filter_json,
    priority,
    metric,
    target_seconds,
    in_business_hours,
    timestamp '0001-01-01' as valid_from,
    timestamp '9999-12-31' as valid_to
from filters
where target_seconds is not null
