with

conversations as (

    select ticket_key, agent_id, word_count, unreviewed_reason
    from {{ ref('int_auto_qa__conversations') }}

),

tickets as (

    select
        ticket_key,
        ticket_id,
        source_system,
        account_id,
        ticket_url,
        shop,
        channel,
        team_name,
        priority,
        topic,
        closer_id,
        coalesce(last_solved_at, closed_at) as closed_at
    from {{ ref('fct_tickets') }}

),

checks as (

    select
        ticket_key,
        {{ exact_sum('weight') }} as weight,
        {{ exact_sum('case when is_met then weight else 0 end') }} as met_weight,
        count(*) filter (where kind = 'required') as required_count,
        count(*) filter (where kind = 'required' and is_found) as required_found_count,
        count(*) filter (where kind = 'forbidden' and is_found) as forbidden_found_count,
        bool_or(is_critical and not is_met) as is_critical_failed
    from {{ ref('fct_phrase_checks') }}
    group by ticket_key

)

-- The eligible conversations are those of the human reviews; the verdicts are kept apart from
-- theirs. One conversation and at most one row of checks a ticket.
select
    tickets.ticket_key,
    tickets.ticket_id,
    tickets.source_system,
    tickets.account_id,
    tickets.ticket_url,
    tickets.shop,
    tickets.channel,
    tickets.team_name,
    tickets.priority,
    tickets.topic,
    case
        when conversations.agent_id = 'unknown' then tickets.closer_id
        else conversations.agent_id
    end as agent_id,
    conversations.unreviewed_reason,
    case
        when checks.is_critical_failed then 0.0
        else 100.0 * checks.met_weight / nullif(checks.weight, 0)
    end as score,
    conversations.word_count,
    coalesce(checks.required_count, 0) as required_count,
    coalesce(checks.required_found_count, 0) as required_found_count,
    coalesce(checks.forbidden_found_count, 0) as forbidden_found_count,
    checks.ticket_key is not null as is_reviewed,
    coalesce(checks.forbidden_found_count > 0, false) as has_forbidden_phrase,
    coalesce(checks.is_critical_failed, false) as is_critical_failed,
    {{ local_date('tickets.closed_at') }} as closed_date
from conversations
inner join tickets on tickets.ticket_key = conversations.ticket_key
left join checks on checks.ticket_key = conversations.ticket_key
order by tickets.closed_at, tickets.ticket_key
