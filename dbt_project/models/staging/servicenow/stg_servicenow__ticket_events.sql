{%- set fields = {'status': 'status', 'assignee': 'assigned_to', 'team': 'assignment_group'} -%}

with

audit as (

    {{ newest_versions(source('servicenow', 'incident_audit'), [
        'number',
        'mod_count',
        'updated_at',
    ], [
        'number',
        'mod_count',
        'incident_state',
        'assigned_to',
        'assignment_group',
        'updated_by',
        'opened_at',
        'updated_at',
    ]) }}

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'servicenow'

),

-- One alias row per raw value (tested on the seed): a row of the audit stays one.
snapshots as (

    select
        audit._account_id as account_id,
        audit.number as ticket_id,
        cast(audit.mod_count as hugeint) as seq_major,
        audit.updated_by as actor_id,
        coalesce(status_aliases.status, 'unknown') as status,
        audit.assigned_to,
        audit.assignment_group,
        {{ utc_timestamp('audit.updated_at') }} as event_at
    from audit
    left join status_aliases on status_aliases.raw_value = lower(audit.incident_state)

),

changes as (
    {% for event_type, column in fields.items() %}
    select
        account_id,
        ticket_id,
        seq_major,
        {{ loop.index }} as seq_minor,
        '{{ event_type }}' as event_type,
        actor_id,
        lag({{ column }}) over (
            partition by account_id, ticket_id order by seq_major, event_at
        ) as old_value,
        {{ column }} as new_value,
        event_at
    from snapshots
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select
    'servicenow' as source_system,
    account_id,
    ticket_id,
    seq_major,
    cast(seq_minor as integer) as seq_minor,
    event_type,
    actor_id,
    old_value,
    new_value,
    false as is_derived,
    event_at
from changes
where new_value is distinct from old_value
