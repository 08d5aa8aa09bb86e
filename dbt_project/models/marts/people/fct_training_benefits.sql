with

effects as (

    select *
    from {{ ref('fct_training_effects') }}

),

benefit_lines as (

    select benefit_line, kpi, unit_value, source
    from {{ ref('training_benefit_lines') }}

),

reach as (

    select max(as_of_date) as as_of_date
    from {{ ref('int_accounts__as_of') }}

),

trained as (

    select person_key, course_id, source_system, account_id
    from {{ ref('fct_training') }}

),

closers as (

    select agents.person_key, conversations.closed_date
    from {{ ref('fct_qa_conversations') }} as conversations
    inner join {{ ref('dim_agents') }} as agents
        on
            agents.source_system = conversations.source_system
            and agents.account_id = conversations.account_id
            and agents.agent_id = conversations.agent_id

),

limits as (

    select
        cast({{ kpi_parameter('training_payback_days', 'horizon_days') }} as integer)
            as horizon_days,
        cast({{ kpi_parameter('training_effect', 'after_days') }} as integer) as after_days

),

-- An error is found in reviews, but made in every conversation of who was trained.
conversations as (

    select
        effects.training_effect_key,
        count(*) as conversation_count
    from effects
    cross join limits
    inner join trained
        on
            trained.source_system = effects.source_system
            and trained.account_id = effects.account_id
            and trained.course_id = effects.course_id
    inner join closers
        on
            closers.person_key = trained.person_key
            and closers.closed_date >= effects.completed_date
            and closers.closed_date < effects.completed_date + limits.after_days
    where effects.kpi = 'qa_error'
    group by effects.training_effect_key

),

-- Days of benefit so far, up to the horizon; the days with records may be fewer.
priced as (

    select
        effects.source_system,
        effects.account_id,
        effects.course_id,
        benefit_lines.benefit_line,
        benefit_lines.source,
        benefit_lines.unit_value,
        effects.effect,
        effects.effect_low,
        effects.effect_high,
        effects.completed_date,
        case
            when effects.kpi = 'qa_error' then coalesce(conversations.conversation_count, 0)
            else effects.trained_after_record_count
        end
        / nullif(
            least(limits.after_days, reach.as_of_date - effects.completed_date + 1), 0
        ) as records_a_day,
        least(limits.horizon_days, reach.as_of_date - effects.completed_date + 1) as benefit_days
    from effects
    inner join benefit_lines
        on benefit_lines.kpi = effects.kpi
    left join conversations
        on conversations.training_effect_key = effects.training_effect_key
    cross join limits
    cross join reach

),

costs as (

    select
        course_id,
        sum(amount) as amount
    from {{ ref('int_costs__unioned') }}
    where course_id is not null
    group by course_id

),

-- Less of the KPI is what is worth something, so the ends of the interval change places.
lines as (

    select
        source_system,
        account_id,
        course_id,
        benefit_line,
        source,
        'benefit' as line_kind,
        benefit_days,
        -effect * unit_value * records_a_day * benefit_days as amount,
        -effect_high * unit_value * records_a_day * benefit_days as amount_low,
        -effect_low * unit_value * records_a_day * benefit_days as amount_high,
        completed_date
    from priced
    where effect is not null

    union all

    select
        courses.source_system,
        courses.account_id,
        courses.course_id,
        'course_cost' as benefit_line,
        'ledger' as source,
        'cost' as line_kind,
        courses.benefit_days,
        cast(costs.amount as double) as amount,
        cast(costs.amount as double) as amount_low,
        cast(costs.amount as double) as amount_high,
        courses.completed_date
    from (
        select
            source_system,
            account_id,
            course_id,
            completed_date,
            max(benefit_days) as benefit_days
        from priced
        where effect is not null
        group by source_system, account_id, course_id, completed_date
    ) as courses
    inner join costs
        on costs.course_id = courses.course_id

)

select
    {{ hash_key(['source_system', 'account_id', 'course_id', 'benefit_line']) }}
        as training_benefit_key,
    source_system,
    account_id,
    course_id,
    line_kind,
    benefit_line,
    source,
    amount,
    amount_low,
    amount_high,
    benefit_days,
    amount / nullif(benefit_days, 0) as amount_a_day,
    completed_date
from lines
order by completed_date, training_benefit_key
