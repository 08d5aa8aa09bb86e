with

repeats as (

    select *
    from {{ ref('kpi_values') }}
    where
        kpi_id = 'repeat_inquiry_rate'
        and period_type = 'quarter'
        and grain = 'topic'

),

costs as (

    select period_start, value as cost_per_contact
    from {{ ref('kpi_values') }}
    where
        kpi_id = 'cost_per_contact'
        and period_type = 'quarter'
        and grain = 'total'

)

-- One cost a quarter.
select
    repeats.period_start,
    repeats.unit_value as topic,
    cast(repeats.n as bigint) as contacts,
    cast(repeats.numerator as bigint) as repeated_contacts,
    repeats.value as repeat_rate,
    repeats.value_low as repeat_rate_low,
    repeats.value_high as repeat_rate_high,
    costs.cost_per_contact,
    repeats.numerator * costs.cost_per_contact as repeat_cost,
    repeats.is_partial,
    repeats.is_latest,
    {{ build_id() }} as build_id
from repeats
left join costs on costs.period_start = repeats.period_start
order by repeats.period_start, topic
