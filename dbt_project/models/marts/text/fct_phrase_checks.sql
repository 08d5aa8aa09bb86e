with

conversations as (

    select *
    from {{ ref('int_auto_qa__conversations') }}
    where unreviewed_reason is null

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
        coalesce(last_solved_at, closed_at) as closed_at
    from {{ ref('fct_tickets') }}

),

rules as (

    select rule_id, check_code, kind, situation, language, weight, is_critical
    from {{ ref('phrase_rules') }}

),

-- A rule applies in its language and its situation.
applicable as (

    select
        conversations.*,
        rules.rule_id,
        rules.check_code,
        rules.kind,
        rules.situation,
        rules.weight,
        rules.is_critical
    from conversations
    inner join rules
        on
            rules.language = conversations.language
            and case rules.situation
                when 'opening' then conversations.is_opening
                when 'closing' then conversations.is_closing
                when 'upset' then conversations.is_upset
                when 'delay' then conversations.is_delay
                else true
            end

),

said as (

    select
        ticket_key,
        coalesce(author_id, 'unknown') as agent_id,
        message_no,
        unnest(phrase_rule_ids) as rule_id
    from {{ ref('int_messages__read') }}
    where is_human_reply

),

-- The first reply is looked at for how one begins, the last for how one ends, what follows the
-- customer's outburst for the answer to it, and everything for what must never be said.
checked as (

    select
        applicable.ticket_key,
        applicable.rule_id,
        coalesce(
            bool_or(
                case applicable.situation
                    when 'opening' then said.message_no = applicable.own_first_no
                    when 'delay' then said.message_no = applicable.own_first_no
                    when 'closing' then said.message_no = applicable.own_last_no
                    when 'upset' then said.message_no > applicable.upset_no
                    else said.message_no is not null
                end
            ),
            false
        ) as is_found
    from applicable
    left join said
        on
            said.ticket_key = applicable.ticket_key
            and said.agent_id = applicable.agent_id
            and said.rule_id = applicable.rule_id
    group by applicable.ticket_key, applicable.rule_id

)

-- One row a ticket and rule on both sides.
select
    {{ hash_key(['applicable.ticket_key', 'applicable.rule_id']) }} as check_key,
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
    applicable.agent_id,
    applicable.rule_id,
    applicable.check_code,
    applicable.kind,
    applicable.situation,
    applicable.language,
    cast(applicable.weight as double) as weight,
    applicable.is_critical,
    checked.is_found,
    checked.is_found = (applicable.kind = 'required') as is_met,
    {{ local_date('tickets.closed_at') }} as closed_date
from applicable
inner join checked
    on
        checked.ticket_key = applicable.ticket_key
        and checked.rule_id = applicable.rule_id
inner join tickets on tickets.ticket_key = applicable.ticket_key
order by tickets.closed_at, check_key
