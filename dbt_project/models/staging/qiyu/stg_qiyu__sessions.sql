with recursive

source as (

    {{ newest_versions(source('qiyu', 'sessions'), ['id'], [
        '_file_id',
        '_record_no',
        'id',
        'related_id',
        'foreign_id',
        'user_id',
        'staff_id',
        'staff_name',
        'from_type',
        'from_group',
        'category',
        'interaction',
        'close_reason',
        'status',
        'user_resolved_status',
        'evaluation_type',
        'evaluation',
        'staff_message_count',
        'started_at',
        'ended_at',
        'first_replied_at',
        'invited_at',
        'rated_at',
    ]) }}

),

-- Nothing is -1, of a stamp too: a millisecond before 1970.
typed as (

    select
        _account_id as account_id,
        id as session_id,
        nullif(nullif(related_id, '-1'), '0') as related_id,
        nullif(user_id, '-1') as customer_id,
        foreign_id as identity_hash,
        nullif(nullif(staff_id, '-1'), '0') as agent_id,
        staff_name as agent_name,
        lower(from_type) as from_type,
        nullif(nullif(from_group, '-1'), '0') as team_id,
        nullif(category, '-1') as category,
        coalesce(interaction = '1', false) as is_bot_session,
        status as status_raw,
        close_reason,
        case user_resolved_status when '1' then true when '2' then false end
            as is_confirmed_solved,
        nullif(evaluation_type, '-1') as evaluation_type,
        cast(nullif(evaluation, '-1') as integer) as evaluation,
        greatest(cast(staff_message_count as integer), 0) as staff_message_count,
        {%- for name in ['started_at', 'ended_at', 'first_replied_at', 'invited_at', 'rated_at'] %}
        case
            when {{ utc_timestamp(name) }} > timestamp '1970-01-02' then {{ utc_timestamp(name) }}
        end as {{ name }},
        {%- endfor %}
        {{ utc_timestamp('_version_at') }} as version_at,
        _file_id as file_id,
        _record_no as record_no
    from source

),

-- A transfer opens a new session that names the one before. One whose predecessor was never
-- exported begins a chain of its own. The limit keeps a circle from running for ever.
chains as (

    select typed.account_id, typed.session_id, typed.session_id as first_session_id, 1 as session_no
    from typed
    anti join typed as earlier
        on
            earlier.account_id = typed.account_id
            and earlier.session_id = typed.related_id

    union all

    select
        typed.account_id,
        typed.session_id,
        chains.first_session_id,
        chains.session_no + 1 as session_no
    from chains
    inner join typed
        on
            typed.account_id = chains.account_id
            and typed.related_id = chains.session_id
    where chains.session_no < 100

)

-- Each session has one predecessor at most, so it is in one chain.
select
    'qiyu' as source_system,
    typed.*,
    chains.first_session_id as ticket_id
from typed
inner join chains
    on
        chains.account_id = typed.account_id
        and chains.session_id = typed.session_id
where typed.started_at is not null
