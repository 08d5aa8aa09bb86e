with

hypotheses as (

    select *
    from {{ ref('hypotheses') }}

),

rated as (

    select
        surveys.answered_date as observed_date,
        tickets.channel,
        tickets.priority,
        tickets.first_response_calendar_seconds / 60.0 as wait_minutes,
        ln(nullif(tickets.full_resolution_calendar_seconds, 0)) as log_resolution,
        cast(surveys.is_satisfied as integer) as is_satisfied
    from {{ ref('fct_surveys') }} as surveys
    -- A survey is about one ticket.
    inner join {{ ref('fct_tickets') }} as tickets on tickets.ticket_key = surveys.ticket_key
    where surveys.kind = 'csat' and surveys.is_answered and surveys.in_p2

),

solved as (

    select
        created_date as observed_date,
        channel,
        priority,
        group_station_count - 1 as hand_overs,
        ln(nullif(full_resolution_calendar_seconds, 0)) as log_resolution
    from {{ ref('fct_tickets') }}
    where in_p5 and group_station_count > 0

),

values_of_customers as (

    select
        buyer_key,
        shop,
        min(cohort_date) as observed_date,
        {{ exact_sum('margin_amount') }} as margin_amount
    from {{ ref('fct_customer_cohorts') }}
    where is_matured
    group by buyer_key, shop

),

ratings_of_customers as (

    select
        buyer_key,
        {{ exact_mean('score') }} as mean_score
    from {{ ref('fct_surveys') }}
    where kind = 'csat' and is_answered and score is not null
    group by buyer_key

),

-- Single records, each with what may be held equal; x and y are named by the KPI they belong to.
records as (

    select
        'ticket' as level,
        'first_response_time' as x_kpi,
        'csat_score' as y_kpi,
        observed_date,
        channel,
        priority,
        null as shop,
        wait_minutes as x,
        is_satisfied as y
    from rated

    union all

    select
        'ticket' as level,
        'full_resolution_time' as x_kpi,
        'csat_score' as y_kpi,
        observed_date,
        channel,
        priority,
        null as shop,
        log_resolution as x,
        is_satisfied as y
    from rated

    union all

    select
        'ticket' as level,
        'transfer_rate' as x_kpi,
        'full_resolution_time' as y_kpi,
        observed_date,
        channel,
        priority,
        null as shop,
        hand_overs as x,
        log_resolution as y
    from solved

    union all

    select
        'inquiry' as level,
        'avg_response_time' as x_kpi,
        'inquiry_conversion_rate' as y_kpi,
        contact_date as observed_date,
        channel,
        null as priority,
        shop,
        wait_seconds as x,
        cast(is_converted as integer) as y
    from {{ ref('fct_inquiries') }}
    where is_matured and is_served

    union all

    select
        'customer' as level,
        'csat_mean' as x_kpi,
        'customer_ltv' as y_kpi,
        customers.observed_date,
        null as channel,
        null as priority,
        customers.shop,
        ratings.mean_score as x,
        customers.margin_amount as y
    from values_of_customers as customers
    inner join ratings_of_customers as ratings on ratings.buyer_key = customers.buyer_key

),

-- Cells of any two KPIs that rest on enough records, period by period and member by member.
cells as (

    select
        kpi_id,
        period_type,
        period_start,
        grain,
        unit_value,
        value
    from {{ ref('kpi_values') }}
    where n >= {{ var('relation_least_records') }} and value is not null and not is_partial

),

observations as (

    select
        hypotheses.hypothesis,
        records.observed_date,
        records.x,
        records.y,
        concat_ws(
            '|',
            case when contains(hypotheses.controls, 'channel') then records.channel end,
            case when contains(hypotheses.controls, 'priority') then records.priority end,
            case when contains(hypotheses.controls, 'shop') then records.shop end,
            case
                when contains(hypotheses.controls, 'quarter')
                    then date_trunc('quarter', records.observed_date)
            end
        ) as alike
    from hypotheses
    inner join records
        on
            records.level = hypotheses.level
            and records.x_kpi = hypotheses.x_kpi
            and records.y_kpi = hypotheses.y_kpi
            and records.x <= coalesce(hypotheses.x_most, records.x)

    union all

    select
        hypotheses.hypothesis,
        x_cells.period_start as observed_date,
        x_cells.value as x,
        y_cells.value as y,
        concat_ws(
            '|',
            case when contains(hypotheses.controls, 'member') then x_cells.unit_value end,
            case
                when contains(hypotheses.controls, 'weekday')
                    then isodow(x_cells.period_start)
            end,
            case
                when contains(hypotheses.controls, 'month')
                    then date_trunc('month', x_cells.period_start)
            end
        ) as alike
    from hypotheses
    -- A cell is one row, so a pair of cells too.
    inner join cells as x_cells
        on
            x_cells.kpi_id = hypotheses.x_kpi
            and x_cells.grain = hypotheses.grain
            and x_cells.period_type = hypotheses.period_type
    inner join cells as y_cells
        on
            y_cells.kpi_id = hypotheses.y_kpi
            and y_cells.grain = x_cells.grain
            and y_cells.period_type = x_cells.period_type
            and y_cells.period_start = x_cells.period_start
            and y_cells.unit_value = x_cells.unit_value
    where hypotheses.level = 'cell'

),

-- Once for the whole time, once for its quarter.
of_periods as (

    select
        observations.hypothesis,
        periods.period_type,
        case
            when periods.period_type = 'quarter'
                then cast(date_trunc('quarter', observations.observed_date) as date)
        end as period_start,
        cast(observations.x as double) as x,
        cast(observations.y as double) as y,
        observations.alike
    from observations
    cross join (values ('all'), ('quarter')) as periods (period_type)
    where observations.x is not null and observations.y is not null

),

-- What lies between groups of alike records is taken away; what remains is within them.
within as (

    select
        *,
        x - {{ exact_mean('x', over='all_rows') }} as x_centred,
        y - {{ exact_mean('y', over='all_rows') }} as y_centred,
        x - {{ exact_mean('x', over='alike_rows') }} as x_within,
        y - {{ exact_mean('y', over='alike_rows') }} as y_within
    from of_periods
    window
        all_rows as (partition by hypothesis, period_type, period_start),
        alike_rows as (partition by hypothesis, period_type, period_start, alike)

),

sums as (

    select
        hypothesis,
        period_type,
        period_start,
        count(*) as n,
        count(distinct alike) as group_count,
        count(*) - count(distinct alike) - 1 as freedom,
        {{ exact_sum('x_centred * y_centred') }} / nullif(
            sqrt({{ exact_sum('x_centred * x_centred') }})
            * sqrt({{ exact_sum('y_centred * y_centred') }}), 0
        ) as correlation,
        {{ exact_sum('x_within * y_within') }} / nullif(
            sqrt({{ exact_sum('x_within * x_within') }})
            * sqrt({{ exact_sum('y_within * y_within') }}), 0
        ) as partial_correlation,
        {{ exact_sum('x_within * y_within') }}
        / nullif({{ exact_sum('x_within * x_within') }}, 0) as slope
    from within
    group by hypothesis, period_type, period_start

),

-- Errors that differ in size from record to record are allowed for: White's estimate, HC1.
errors as (

    select
        within.hypothesis,
        within.period_type,
        within.period_start,
        sqrt(
            {{ exact_sum(
                'power(within.x_within * (within.y_within - sums.slope * within.x_within), 2)'
            ) }} * any_value(sums.n) / nullif(greatest(any_value(sums.freedom), 0), 0)
        ) / nullif({{ exact_sum('within.x_within * within.x_within') }}, 0) as standard_error
    from within
    inner join sums
        on
            sums.hypothesis = within.hypothesis
            and sums.period_type = within.period_type
            and sums.period_start is not distinct from within.period_start
    group by within.hypothesis, within.period_type, within.period_start

),

-- Courses together, each weighing as its interval is narrow.
courses as (

    select
        hypotheses.hypothesis,
        sum(effects.trained_count + effects.control_count) as n,
        count(*) as group_count,
        sum(
            effects.effect / power(effects.effect_high - effects.effect_low, 2)
            order by effects.effect_low, effects.effect_high, effects.effect
        ) / sum(
            1 / power(effects.effect_high - effects.effect_low, 2)
            order by effects.effect_low, effects.effect_high, effects.effect
        ) as slope,
        sqrt(
            1 / sum(
                1 / power(effects.effect_high - effects.effect_low, 2)
                order by effects.effect_low, effects.effect_high, effects.effect
            )
        )
        / (2 * {{ normal_quantile() }}) as standard_error
    from hypotheses
    inner join {{ ref('fct_training_effects') }} as effects on effects.kpi = hypotheses.y_kpi
    where hypotheses.level = 'training' and effects.effect_high > effects.effect_low
    group by hypotheses.hypothesis

),

fitted as (

    select
        sums.*,
        errors.standard_error
    from sums
    inner join errors
        on
            errors.hypothesis = sums.hypothesis
            and errors.period_type = sums.period_type
            and errors.period_start is not distinct from sums.period_start

    union all by name

    select
        *,
        'all' as period_type,
        n - 2 * group_count as freedom
    from courses

),

-- A hypothesis without any data is said to be so.
stated as (

    select
        hypotheses.*,
        coalesce(fitted.period_type, 'all') as shown_period_type,
        fitted.period_start,
        coalesce(fitted.n, 0) as n,
        coalesce(fitted.group_count, 0) as group_count,
        fitted.freedom,
        fitted.correlation,
        fitted.partial_correlation,
        fitted.slope,
        fitted.standard_error,
        {{ student_quantile('fitted.freedom') }} * fitted.standard_error as margin
    from hypotheses
    left join fitted on fitted.hypothesis = hypotheses.hypothesis

),

-- Seen in the direction of the claim, so that `near` is the end of the interval next to no effect.
judged as (

    select
        *,
        claimed_sign * slope - margin as near,
        claimed_sign * slope + margin as far,
        coalesce(abs(claimed_slope), 0) as claimed_size
    from stated

)

select
    judged.hypothesis,
    judged.source_text,
    judged.level,
    judged.grain,
    judged.shown_period_type as period_type,
    judged.period_start,
    judged.x_kpi,
    judged.y_kpi,
    coalesce(x_names.name_en, judged.x_kpi) as x_name_en,
    coalesce(x_names.name_zh, judged.x_kpi) as x_name_zh,
    coalesce(y_names.name_en, judged.y_kpi) as y_name_en,
    coalesce(y_names.name_zh, judged.y_kpi) as y_name_zh,
    judged.x_unit_en,
    judged.x_unit_zh,
    judged.controls,
    cast(judged.n as bigint) as n,
    cast(judged.group_count as bigint) as group_count,
    judged.correlation,
    judged.partial_correlation,
    judged.slope,
    judged.standard_error,
    judged.slope - judged.margin as slope_low,
    judged.slope + judged.margin as slope_high,
    judged.claimed_slope,
    cast(judged.claimed_sign as integer) as claimed_sign,
    case
        when judged.near > 0 then 'as_claimed'
        when judged.far < 0 then 'opposite'
        else 'unclear'
    end as direction_found,
    case
        when judged.n = 0 then 'no_data'
        when coalesce(judged.freedom, 0) < {{ var('relation_least_freedom') }} then 'undecided'
        when judged.far < judged.claimed_size then 'contradicted'
        when judged.near > 0 then 'supported'
        else 'undecided'
    end as verdict,
    judged.claim_en,
    judged.claim_zh,
    judged.caveat_en,
    judged.caveat_zh,
    {{ build_id() }} as build_id
from judged
-- A KPI is defined once.
left join {{ ref('kpi_dictionary') }} as x_names on x_names.kpi_id = judged.x_kpi
left join {{ ref('kpi_dictionary') }} as y_names on y_names.kpi_id = judged.y_kpi
order by judged.hypothesis, period_type, judged.period_start
