{#- Grain: account, Monday and kind of day. What came on the days of the kind before the Monday
    against what the ordinary weekday let expect, mixed with an ordinary day so that few contacts
    say little. -#}
with

expected as (

    select
        source_system,
        account_id,
        origin_week,
        day_no,
        {{ exact_sum('expected_count') }} as expected_count
    from {{ ref('int_demand_rates') }}
    group by source_system, account_id, origin_week, day_no

),

-- A gap of the data says nothing of the kind of day that it falls on.
weekly as (

    select
        days.source_system,
        days.account_id,
        days.week_start,
        days.day_kind,
        sum(days.arrival_count) as arrival_count,
        {{ exact_sum('expected.expected_count') }} as expected_count
    from {{ ref('int_demand_days') }} as days
    inner join expected
        on
            expected.source_system = days.source_system
            and expected.account_id = days.account_id
            and expected.origin_week = days.week_start
            and expected.day_no = days.day_no
    where days.day_kind != 'ordinary' and days.week_start < days.newest_week and not days.is_gap
    group by days.source_system, days.account_id, days.week_start, days.day_kind

),

origins as (

    select distinct source_system, account_id, origin_week
    from expected

),

parameters as (

    select
        {{ limit_of('forecast_wape', '*', 'kind_weight') }} as kind_weight,
        {{ limit_of('forecast_wape', '*', 'least_factor') }} as least_factor,
        {{ limit_of('forecast_wape', '*', 'greatest_factor') }} as greatest_factor
    from {{ ref('kpi_parameters') }}

)

select
    origins.source_system,
    origins.account_id,
    origins.origin_week,
    weekly.day_kind,
    least(
        greatest(
            (sum(weekly.arrival_count) + any_value(parameters.kind_weight))
            / ({{ exact_sum('weekly.expected_count') }} + any_value(parameters.kind_weight)),
            any_value(parameters.least_factor)
        ),
        any_value(parameters.greatest_factor)
    ) as factor
from origins
cross join parameters
inner join weekly
    on
        weekly.source_system = origins.source_system
        and weekly.account_id = origins.account_id
        and weekly.week_start < origins.origin_week
group by origins.source_system, origins.account_id, origins.origin_week, weekly.day_kind
