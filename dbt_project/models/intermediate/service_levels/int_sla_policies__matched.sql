{#- Grain: ticket, for tickets that a policy matches. The first policy by position whose conditions
    the ticket fulfils as it stands at the as-of, in the version in force when it was created. -#}
with

policies as (

    select distinct
        source_system,
        account_id,
        policy_id,
        policy_name,
        position,
        filter_json,
        valid_from,
        valid_to
    from {{ ref('int_sla_policies__unioned') }}

),

tickets as (

    select
        source_system,
        account_id,
        ticket_key,
        type,
        channel,
        priority,
        team_id,
        assignee_id,
        brand_id,
        organization_id,
        customer_id,
        tags,
        created_at
    from {{ ref('int_tickets__unioned') }}
    -- Without its history and messages a ticket would seem to have kept every target.
    where is_history_complete and has_messages

),

conditions as (

    select
        source_system,
        account_id,
        policy_id,
        valid_from,
        'all' as scope,
        unnest(json_extract(filter_json, '$.all[*]')) as condition
    from policies

    union all

    select
        source_system,
        account_id,
        policy_id,
        valid_from,
        'any' as scope,
        unnest(json_extract(filter_json, '$.any[*]')) as condition
    from policies

),

parsed as (

    select
        source_system,
        account_id,
        policy_id,
        valid_from,
        scope,
        row_number() over (
            partition by source_system, account_id, policy_id, valid_from
            order by scope, condition
        ) as condition_no,
        lower({{ json_text('condition', '$.field') }}) as field,
        lower({{ json_text('condition', '$.operator') }}) as operator,
        case
            when json_type(condition, '$.value') = 'ARRAY'
                then {{ json_list('condition', '$.value') }}
            when {{ json_text('condition', '$.value') }} is null then []
            else regexp_split_to_array({{ json_text('condition', '$.value') }}, '\s+')
        end as wanted
    from conditions

),

candidates as (

    select
        tickets.*,
        policies.policy_id,
        policies.policy_name,
        policies.position,
        policies.valid_from,
        policies.filter_json
    from tickets
    inner join policies
        on
            policies.source_system = tickets.source_system
            and policies.account_id = tickets.account_id
            and policies.valid_from <= tickets.created_at
            and policies.valid_to > tickets.created_at

),

-- What a ticket has for the field of a condition; null where we can't know it.
compared as (

    select
        candidates.ticket_key,
        candidates.policy_id,
        parsed.scope,
        parsed.operator,
        parsed.wanted,
        case parsed.field
            when 'type' then [candidates.type]
            when 'ticket_type_id' then [candidates.type]
            when 'via' then [candidates.channel]
            when 'channel' then [candidates.channel]
            when 'priority' then [candidates.priority]
            when 'group_id' then [candidates.team_id]
            when 'assignee_id' then [candidates.assignee_id]
            when 'brand_id' then [candidates.brand_id]
            when 'organization_id' then [candidates.organization_id]
            when 'requester_id' then [candidates.customer_id]
            when 'current_tags' then candidates.tags
        end as present
    from candidates
    inner join parsed
        on
            parsed.source_system = candidates.source_system
            and parsed.account_id = candidates.account_id
            and parsed.policy_id = candidates.policy_id
            and parsed.valid_from = candidates.valid_from

),

-- A condition on anything that the export doesn't tell is not met: no target is better than a
-- wrong one.
judged as (

    select
        ticket_key,
        policy_id,
        scope,
        coalesce(
            case
                when present is null then false
                when operator in ('is', 'includes', 'equals') then list_has_any(present, wanted)
                when operator in ('is_not', 'not_includes') then not list_has_any(present, wanted)
                when operator = 'present' then list_count(present) > 0
                when operator = 'not_present' then list_count(present) = 0
            end,
            false
        ) as is_met
    from compared

),

verdicts as (

    select
        ticket_key,
        policy_id,
        coalesce(bool_and(is_met) filter (where scope = 'all'), true)
        and coalesce(bool_or(is_met) filter (where scope = 'any'), true) as is_matched
    from judged
    group by ticket_key, policy_id

)

-- A policy without conditions has no verdict and matches every ticket.
select
    candidates.source_system,
    candidates.account_id,
    candidates.ticket_key,
    candidates.policy_id,
    candidates.policy_name,
    candidates.valid_from
from candidates
left join verdicts
    on
        verdicts.ticket_key = candidates.ticket_key
        and verdicts.policy_id = candidates.policy_id
where coalesce(verdicts.is_matched, true)
qualify row_number() over (
    partition by candidates.ticket_key
    order by candidates.position, candidates.policy_id
) = 1
