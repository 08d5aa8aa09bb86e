with recursive

mergers as (

    -- A ticket merged twice, by repeated exports or by hand, follows its first merge.
    select
        from_ticket_key,
        to_ticket_key,
        to_ticket_id
    from {{ ref('int_ticket_links__unioned') }}
    where link_type = 'merge'
    qualify row_number() over (
        partition by from_ticket_key order by linked_at nulls last, to_ticket_id
    ) = 1

),

-- Chains (A into B, B into C) end at C. The depth limit keeps a circle, which only broken data
-- can hold, from running for ever.
chains as (

    select
        from_ticket_key as ticket_key,
        to_ticket_key as target_key,
        to_ticket_id as target_id,
        1 as depth
    from mergers

    union all

    select
        chains.ticket_key,
        mergers.to_ticket_key as target_key,
        mergers.to_ticket_id as target_id,
        chains.depth + 1 as depth
    from chains
    inner join mergers on mergers.from_ticket_key = chains.target_key
    where chains.depth < 50 and mergers.to_ticket_key != chains.ticket_key

)

select
    ticket_key,
    target_key as merged_into_key,
    target_id as merged_into_id
from chains
qualify row_number() over (partition by ticket_key order by depth desc) = 1
