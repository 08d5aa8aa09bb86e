with

cases as (

    select
        *,
        {{ local_date('received_at') }} as received_date,
        {{ local_date('solved_at') }} as solved_date
    from {{ ref('int_complaints__cases') }}
    where received_at is not null

),

causes as (

    select stated_cause, cause
    from {{ ref('int_complaint_causes') }}

),

clocked as (

    select complaint_key, handling_seconds, handling_business_seconds
    from {{ ref('int_complaints__clocked') }}

),

outcomes as (

    select source_system, raw_value, is_upheld
    from {{ ref('complaint_outcomes') }}

),

accounts as (

    select source_system, account_id, as_of_at
    from {{ ref('int_accounts__as_of') }}

),

parameters as (

    select
        cast({{ kpi_parameter('complaint_resolution_rate', 'window_days') }} as integer)
            as solve_days,
        cast({{ kpi_parameter('complaint_recurrence', 'window_days') }} as integer)
            as recurrence_days

),

-- One cause a stated cause, one outcome a word, one clock a case, one account.
classified as (

    select
        cases.*,
        coalesce(causes.cause, 'unknown') as cause,
        coalesce(outcomes.is_upheld, false) as is_upheld,
        clocked.handling_seconds,
        clocked.handling_business_seconds,
        accounts.as_of_at,
        parameters.solve_days,
        parameters.recurrence_days
    from cases
    cross join parameters
    inner join accounts
        on
            accounts.source_system = cases.source_system
            and accounts.account_id = cases.account_id
    left join causes on causes.stated_cause = cases.stated_cause
    left join outcomes
        on
            outcomes.source_system = cases.source_system
            and outcomes.raw_value = cases.outcome
    left join clocked on clocked.complaint_key = cases.complaint_key

),

recurring as (

    select
        complaint_key,
        lead(received_at) over (
            partition by person, cause order by received_at, complaint_key
        ) as next_received_at
    from classified
    where person is not null and cause != 'unknown'

)

-- One row a case on both sides.
select
    classified.complaint_key,
    classified.complaint_id,
    classified.ticket_key,
    classified.source_system,
    classified.account_id,
    classified.shop,
    classified.channel,
    classified.region,
    coalesce({{ hash_key(['classified.person']) }}, 'unknown') as buyer_key,
    coalesce(classified.agent_id, 'unknown') as agent_id,
    coalesce(classified.team_name, 'unknown') as team_name,
    classified.kind,
    classified.cause,
    coalesce(classified.stated_cause, 'unknown') as stated_cause,
    classified.handling_seconds,
    classified.handling_business_seconds,
    classified.is_upheld,
    classified.is_solved,
    classified.received_at + to_days(classified.solve_days) <= classified.as_of_at as is_matured,
    -- A case that its source calls closed without a time counts as solved in time.
    classified.is_solved
    and coalesce(
        classified.solved_at <= classified.received_at + to_days(classified.solve_days), true
    ) as is_solved_in_time,
    recurring.complaint_key is not null as is_attributable,
    classified.received_at + to_days(classified.recurrence_days) <= classified.as_of_at
        as is_recurrence_matured,
    coalesce(
        recurring.next_received_at
        <= classified.received_at + to_days(classified.recurrence_days),
        false
    ) as has_recurred,
    classified.received_date,
    classified.solved_date,
    classified.received_at,
    classified.solved_at
from classified
left join recurring on recurring.complaint_key = classified.complaint_key
order by classified.received_at, classified.complaint_key
