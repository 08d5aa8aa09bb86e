with

messages as (

    select
        source_system,
        account_id,
        message_id,
        ticket_key,
        message_no,
        author_id,
        is_human_reply,
        sent_at
    from {{ ref('int_messages__attributed') }}
    where is_human_reply or is_customer_message

),

-- A ticket merged away is answered on the one that stays.
followed as (

    select
        source_system,
        account_id,
        message_id,
        first_value(case when is_human_reply then author_id end ignore nulls) over later_messages
            as agent_id,
        first_value(case when is_human_reply then sent_at end ignore nulls) over later_messages
            as answered_at
    from messages
    window
        later_messages as (
            partition by ticket_key
            order by message_no
            rows between 1 following and unbounded following
        )

),

contacts as (

    select contact_key, source_system, account_id, message_id, started_at
    from {{ ref('int_contacts') }}

)

-- A contact is one message.
select
    contacts.contact_key,
    followed.agent_id,
    followed.answered_at,
    {{ seconds_between('contacts.started_at', 'followed.answered_at') }} as answer_seconds
from contacts
inner join followed
    on
        followed.source_system = contacts.source_system
        and followed.account_id = contacts.account_id
        and followed.message_id = contacts.message_id
