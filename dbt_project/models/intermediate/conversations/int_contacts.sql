with

messages as (

    select
        source_system,
        account_id,
        own_ticket_key as ticket_key,
        message_id,
        author_id,
        channel,
        sent_at
    from {{ ref('int_messages__attributed') }}
    where is_customer_message

),

tickets as (

    select ticket_key
    from {{ ref('int_tickets__classified') }}
    where in_p1

),

thresholds as (

    select channel, seconds
    from {{ ref('kpi_thresholds') }}
    where kpi_id = 'contacts_inbound'

),

-- A ticket merged away keeps its own episodes, so messages are taken by the ticket they came on.
-- One row a ticket: a message stays one row.
counted as (

    select messages.*
    from messages
    inner join tickets on tickets.ticket_key = messages.ticket_key

),

spaced as (

    select
        *,
        row_number() over (
            partition by ticket_key
            order by sent_at, try_cast(message_id as hugeint), message_id
        ) as customer_message_no,
        {{ seconds_between(
            'lag(sent_at) over by_customer_and_channel',
            'sent_at',
        ) }} as seconds_since_last
    from counted
    window
        by_customer_and_channel as (
            partition by source_system, account_id, author_id, channel
            order by sent_at, try_cast(message_id as hugeint), message_id
        )

),

-- At most one threshold for the channel and one for all channels.
episodes as (

    select
        spaced.source_system,
        spaced.account_id,
        spaced.ticket_key,
        spaced.message_id,
        spaced.author_id,
        spaced.channel,
        spaced.customer_message_no = 1 as is_first_of_ticket,
        spaced.sent_at as started_at
    from spaced
    left join thresholds as of_channel on of_channel.channel = spaced.channel
    left join thresholds as of_all on of_all.channel = '*'
    where
        spaced.customer_message_no = 1
        or spaced.seconds_since_last > coalesce(of_channel.seconds, of_all.seconds)

)

select
    {{ hash_key(['source_system', 'account_id', 'message_id']) }} as contact_key,
    ticket_key,
    {{ hash_key(['source_system', 'account_id', "coalesce(author_id, 'unknown')"]) }}
        as customer_key,
    source_system,
    account_id,
    message_id,
    channel,
    is_first_of_ticket,
    started_at
from episodes
