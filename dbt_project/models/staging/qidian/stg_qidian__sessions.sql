with

source as (

    {{ newest_versions(source('qidian', 'sessions'), [
        "coalesce(agent, '')",
        'customer',
        'started_at',
        "coalesce(duration_seconds, '')",
    ], [
        '_file_id',
        '_record_no',
        'agent',
        'customer',
        'channel',
        'initiator',
        'reception_group',
        'state',
        'is_solved',
        'queue_seconds',
        'first_response_seconds',
        'duration_seconds',
        'score',
        'message_count',
        'started_at',
        'customer_spoke_at',
        'agent_spoke_at',
    ]) }}

),

timed as (

    select
        *,
        -- No export has an id of the session.
        md5(
            coalesce(agent, '') || '|' || customer || '|' || started_at || '|'
            || coalesce(duration_seconds, '')
        ) as ticket_id,
        {{ utc_timestamp('started_at') }} as created,
        {{ plus_seconds(utc_timestamp('started_at'), 'cast(duration_seconds as bigint)') }} as ended
    from source

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'qidian'

)

-- One alias row per raw value (tested on the seed): a session stays one row.
select
    'qidian' as source_system,
    timed._account_id as account_id,
    timed.ticket_id,
    timed.customer as customer_id,
    timed.agent as assignee_id,
    timed.reception_group as team_id,
    timed._account_id as shop,
    coalesce(channel_aliases.channel, 'chat') as channel,
    'unknown' as type,
    'none' as priority,
    timed.state as status_raw,
    case
        when timed.duration_seconds is null then 'open'
        when timed.is_solved = 'true' then 'solved'
        else 'closed'
    end as status,
    cast([] as text[]) as tags,
    false as is_marked_merged,
    true as is_history_complete,
    true as is_first_solve_known,
    true as is_history_derived,
    false as has_messages,
    true as is_response_stated,
    coalesce(timed.initiator like '%客服%', false) as is_outbound,
    timed.agent is null and timed.agent_spoke_at is not null as is_bot_session,
    cast(timed.first_response_seconds as bigint) as vendor_first_reply_calendar_seconds,
    'open' as stated_first_status,
    {{ utc_timestamp('timed.agent_spoke_at') }} as stated_first_response_at,
    case when timed.is_solved = 'true' then timed.ended end as stated_first_solved_at,
    case when timed.is_solved = 'true' then timed.ended end as stated_last_solved_at,
    case when coalesce(timed.is_solved, 'false') = 'false' then timed.ended end
        as stated_closed_at,
    cast(timed.score as integer) as score,
    timed.created as created_at,
    coalesce(timed.ended, timed.created) as updated_at,
    {{ utc_timestamp('timed._version_at') }} as version_at,
    timed._file_id as file_id,
    timed._record_no as record_no
from timed
left join channel_aliases on channel_aliases.raw_value = lower(timed.channel)
