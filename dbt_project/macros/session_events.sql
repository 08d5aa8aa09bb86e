{#- The hand-overs of tickets that are chains of sessions: who holds a session holds the ticket from
    its start. `holders` are lists of event type, column of the holder and condition; the order is that
    of events in the same session. -#}
{% macro session_events(system, sessions, holders) %}
    with numbered as (

        select
            *,
            row_number() over (
                partition by account_id, ticket_id order by started_at, session_id
            ) as session_no
        from {{ sessions }}

    ),

    holders as (
        {% for event_type, column, condition in holders %}
        select
            account_id,
            ticket_id,
            session_no,
            {{ loop.index }} as seq_minor,
            '{{ event_type }}' as event_type,
            {{ column }} as new_value,
            started_at as event_at
        from numbered
        where {{ column }} is not null and {{ condition }}
        {{ "union all" if not loop.last }}
        {%- endfor %}

    )

    select
        '{{ system }}' as source_system,
        account_id,
        ticket_id,
        cast(session_no as hugeint) as seq_major,
        cast(seq_minor as integer) as seq_minor,
        event_type,
        cast(null as text) as actor_id,
        lag(new_value) over (
            partition by account_id, ticket_id, event_type order by session_no
        ) as old_value,
        new_value,
        true as is_derived,
        event_at
    from holders
{%- endmacro %}
