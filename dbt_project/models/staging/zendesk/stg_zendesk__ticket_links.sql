with

tickets as (

    {{ newest_versions(source('zendesk', 'tickets'), ['id'], [
        'id',
        'via',
        'followup_ids',
        'created_at',
    ]) }}

),

-- A merge is written on both sides: `from` on the ticket that stays, `to` on the one that goes.
-- The text filter keeps 99 % of the rows away from the JSON parser.
mergers as (

    select _account_id, id as ticket_id, via, created_at
    from tickets
    where via like '%"merge"%'

    union all

    select _account_id, ticket_id, via, created_at
    from {{ source('zendesk', 'comments') }}
    where via like '%"merge"%'

    union all

    select _account_id, ticket_id, via, created_at
    from {{ source('zendesk', 'ticket_audits') }}
    where via like '%"merge"%'

),

merge_ends as (

    select
        _account_id,
        ticket_id,
        list_concat(
            coalesce({{ json_list('via', '$.source.from.ticket_ids') }}, []),
            list_filter(
                [{{ json_text('via', '$.source.from.ticket_id') }}], lambda x: x is not null
            )
        ) as merged_ids,
        {{ json_text('via', '$.source.to.ticket_id') }} as target_id,
        created_at
    from mergers
    where {{ json_text('via', '$.source.rel') }} = 'merge'

),

merge_links as (

    select _account_id, unnest(merged_ids) as from_ticket_id, ticket_id as to_ticket_id, created_at
    from merge_ends

    union all

    select _account_id, ticket_id, target_id, created_at
    from merge_ends
    where target_id is not null

),

follow_up_links as (

    select
        _account_id,
        id as from_ticket_id,
        {{ json_text('via', '$.source.from.ticket_id') }} as to_ticket_id,
        created_at
    from tickets
    where via like '%"follow_up"%'

    union all

    select
        _account_id,
        unnest({{ json_list('followup_ids') }}) as from_ticket_id,
        id as to_ticket_id,
        cast(null as text) as created_at
    from tickets

),

links as (

    select 'merge' as link_type, _account_id, from_ticket_id, to_ticket_id, created_at
    from merge_links

    union all

    select 'follow_up' as link_type, _account_id, from_ticket_id, to_ticket_id, created_at
    from follow_up_links

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    link_type,
    from_ticket_id,
    to_ticket_id,
    min({{ utc_timestamp('created_at') }}) as linked_at
from links
where from_ticket_id is not null and to_ticket_id is not null and from_ticket_id != to_ticket_id
group by _account_id, link_type, from_ticket_id, to_ticket_id
