with

stamps as (

    select
        source_system,
        account_id,
        created_at as first_at,
        -- Of two stamps the one that is not null.
        greatest(version_at, updated_at) as last_at
    from {{ ref('int_tickets__unioned') }}

    union all

    select source_system, account_id, event_at as first_at, event_at as last_at
    from {{ ref('int_ticket_events__unioned') }}
    -- A breach is stamped with the time it falls due, which may lie ahead.
    where event_type != 'sla_breached'

    union all

    select source_system, account_id, sent_at as first_at, sent_at as last_at
    from {{ ref('int_messages__unioned') }}

    union all

    select source_system, account_id, created_at as first_at, updated_at as last_at
    from {{ ref('int_surveys__unioned') }}

    union all

    select source_system, account_id, started_at as first_at, ended_at as last_at
    from {{ ref('int_calls__unioned') }}

    union all

    select source_system, account_id, created_at as first_at, created_at as last_at
    from {{ ref('int_orders__unioned') }}

    union all

    select source_system, account_id, received_at as first_at, received_at as last_at
    from {{ ref('int_complaints__unioned') }}

    union all

    select source_system, account_id, reviewed_at as first_at, reviewed_at as last_at
    from {{ ref('int_qa_reviews__unioned') }}

    union all

    select source_system, account_id, posted_at as first_at, posted_at as last_at
    from {{ ref('int_mentions__unioned') }}

    union all

    select
        source_system,
        account_id,
        {{ utc_from_local('cast(local_date as timestamp)', "'" ~ var('reporting_zone') ~ "'") }}
            as first_at,
        {{ utc_from_local('cast(local_date as timestamp)', "'" ~ var('reporting_zone') ~ "'") }}
            as last_at
    from {{ ref('int_agent_day_reports__unioned') }}

    union all

    select
        source_system,
        account_id,
        {{ utc_from_local('cast(booked_date as timestamp)', "'" ~ var('reporting_zone') ~ "'") }}
            as first_at,
        {{ utc_from_local('cast(booked_date as timestamp)', "'" ~ var('reporting_zone') ~ "'") }}
            as last_at
    from {{ ref('int_costs__unioned') }}

),

accounts as (

    select
        source_system,
        account_id,
        min(first_at) as first_at,
        max(last_at) as newest_at
    from stamps
    group by source_system, account_id

),

dated as (

    select
        source_system,
        account_id,
        first_at,
        newest_at,
        {% if var('as_of') -%}
        {{ utc_timestamp("'" ~ var('as_of') ~ "'") }} as as_of_at
        {%- else -%}
        newest_at as as_of_at
        {%- endif %}
    from accounts

)

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id']) }} as account_key,
    {{ local_date('first_at') }} as first_date,
    {{ local_date('as_of_at') }} as as_of_date,
    first_at,
    newest_at,
    as_of_at
from dated
