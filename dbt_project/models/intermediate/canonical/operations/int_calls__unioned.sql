with

connect_calls as (

    select
        source_system,
        account_id,
        call_id,
        contact_id,
        next_call_id,
        customer_id,
        queue_id,
        agent_id,
        direction,
        disposition,
        hung_up_by,
        is_callback,
        queue_seconds,
        talk_seconds,
        hold_seconds,
        after_call_seconds,
        hold_count,
        started_at,
        queued_at,
        answered_at,
        ended_at
    from {{ ref('stg_amazon_connect__contacts') }}
    where channel = 'voice'

),

asterisk_legs as (

    select
        *,
        bool_or(disposition = 'answered') over (
            partition by account_id, contact_id
        ) as is_contact_answered,
        row_number() over (
            partition by account_id, contact_id
            order by started_at desc, ended_at desc, call_id desc
        ) = 1 as is_last_leg
    from {{ ref('stg_asterisk__legs') }}

),

-- A queue rings one agent after the other, a leg each. Nobody having answered, the last leg is the
-- one on which the customer gave up.
asterisk_calls as (

    select
        source_system,
        account_id,
        call_id,
        contact_id,
        customer_id,
        queue_id,
        agent_id,
        direction,
        case
            when
                disposition = 'missed'
                and direction = 'inbound'
                and is_queue
                and is_last_leg
                and not is_contact_answered
                then 'abandoned_queue'
            else disposition
        end as disposition,
        false as is_callback,
        case when not is_queue then wait_seconds end as ring_seconds,
        case when is_queue then wait_seconds end as queue_seconds,
        case when disposition = 'answered' then talk_seconds end as talk_seconds,
        started_at,
        case when is_queue then started_at end as queued_at,
        answered_at,
        ended_at
    from asterisk_legs

),

sheet_calls as (

    select
        source_system,
        account_id,
        call_id,
        call_id as contact_id,
        agent_id,
        topic,
        'inbound' as direction,
        disposition,
        false as is_callback,
        is_resolved,
        queue_seconds,
        talk_seconds,
        started_at,
        started_at as queued_at,
        answered_at,
        ended_at
    from {{ ref('stg_call_sheet__calls') }}

),

outcome_calls as (

    select
        source_system,
        account_id,
        call_id,
        call_id as contact_id,
        customer_id,
        agent_id,
        'unknown' as direction,
        disposition,
        false as is_callback,
        queue_seconds,
        talk_seconds,
        started_at,
        answered_at,
        ended_at
    from {{ ref('stg_call_sheet__outcomes') }}

),

logged_calls as (

    select
        source_system,
        account_id,
        call_id,
        call_id as contact_id,
        customer_id,
        queue_id,
        agent_id,
        direction,
        disposition,
        hung_up_by,
        false as is_callback,
        {{ seconds_between('queued_at', 'coalesce(answered_at, ended_at)') }} as queue_seconds,
        {{ seconds_between('answered_at', 'ended_at') }} as talk_seconds,
        started_at,
        queued_at,
        answered_at,
        ended_at
    from {{ ref('stg_call_sheet__call_log') }}

),

-- What a system does not tell is null.
unioned as (

    select *
    from connect_calls

    union all by name

    select *
    from asterisk_calls

    union all by name

    select *
    from sheet_calls

    union all by name

    select *
    from outcome_calls

    union all by name

    select *
    from logged_calls

)

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'call_id']) }} as call_key,
    {{ hash_key(['source_system', 'account_id', 'contact_id']) }} as contact_key,
    call_id,
    contact_id,
    cast(
        row_number() over (
            partition by source_system, account_id, contact_id
            order by started_at, ended_at, call_id
        ) as integer
    ) as leg_no,
    next_call_id,
    customer_id,
    queue_id,
    agent_id,
    topic,
    direction,
    disposition,
    hung_up_by,
    is_callback,
    is_resolved,
    ring_seconds,
    queue_seconds,
    talk_seconds,
    hold_seconds,
    after_call_seconds,
    hold_count,
    started_at,
    queued_at,
    answered_at,
    ended_at
from unioned
