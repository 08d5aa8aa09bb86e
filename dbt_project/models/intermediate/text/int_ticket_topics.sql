with

tickets as (

    select ticket_key, tags
    from {{ ref('int_tickets__unioned') }}

),

stated as (

    select ticket_key, subject, category
    from {{ ref('int_ticket_texts__unioned') }}

),

openings as (

    select source_system, account_id, message_id, own_ticket_key as ticket_key
    from {{ ref('int_messages__attributed') }}
    where is_customer_message and body_length > 0
    qualify row_number() over (partition by own_ticket_key order by message_no) = 1

),

-- One text a message, and one opening a ticket.
opening_texts as (

    select openings.ticket_key, texts.body
    from openings
    inner join {{ ref('int_message_texts__unioned') }} as texts
        on
            texts.source_system = openings.source_system
            and texts.account_id = openings.account_id
            and texts.message_id = openings.message_id

),

-- What may tell the topic, the most telling first: the helpdesk's own category, the tags, the
-- subject, the customer's first message.
clues as (

    select ticket_key, 'category' as topic_source, 1 as clue_no, category as clue
    from stated
    where category is not null

    union all

    select ticket_key, 'tags' as topic_source, 2 as clue_no, array_to_string(tags, ' / ') as clue
    from tickets
    where len(tags) > 0

    union all

    select ticket_key, 'subject' as topic_source, 3 as clue_no, subject as clue
    from stated
    where subject is not null

    union all

    select ticket_key, 'message' as topic_source, 4 as clue_no, body as clue
    from opening_texts

),

-- Many tickets share a clue: each is searched once.
searched as (

    select clue, {{ searchable_text('clue') }} as words
    from clues
    group by clue

),

phrases as (

    {{ searched_phrases(ref('topic_rules'), ['rule_id', 'topic', 'priority', 'language']) }}

),

topics as (

    select topic, parent_topic
    from {{ ref('topics') }}

),

-- The first rule by priority that finds one of its phrases; the rule `unknown` says that a clue
-- means nothing.
matched as (

    select searched.clue, arg_min(phrases.topic, phrases.priority) as topic
    from searched
    inner join phrases on contains(searched.words, phrases.phrase)
    group by searched.clue

),

-- A category of the helpdesk's own that no rule knows is a topic by its own name.
told as (

    select
        clues.ticket_key,
        clues.topic_source,
        clues.clue_no,
        coalesce(
            matched.topic,
            case when clues.topic_source = 'category' then lower(clues.clue) end
        ) as topic
    from clues
    left join matched on matched.clue = clues.clue
    where coalesce(matched.topic != 'unknown', clues.topic_source = 'category')
    qualify row_number() over (partition by clues.ticket_key order by clues.clue_no) = 1

)

-- One row a ticket told, one a topic: no join multiplies.
select
    tickets.ticket_key,
    coalesce(told.topic, 'unknown') as topic,
    case
        when told.topic is null then 'unknown'
        else coalesce(topics.parent_topic, 'unknown')
    end as parent_topic,
    coalesce(told.topic_source, 'none') as topic_source,
    told.topic is null as is_flagged_unknown
from tickets
left join told on told.ticket_key = tickets.ticket_key
left join topics on topics.topic = told.topic
