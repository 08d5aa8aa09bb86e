with

newest as (

    select max(as_of_date) as as_of_date
    from {{ ref('int_demand_days') }}

)

select
    {{ hash_key([
        'cases.skill',
        'cast(cases.local_date as text)',
        'cast(cases.half_hour as text)',
        'cast(cases.agents_added as text)',
    ]) }} as staffing_case_key,
    cases.skill,
    cases.half_hour,
    cases.agents_added,
    cast(cases.agents_on_shift as double) as agents_on_shift,
    cast(cases.queue_forecast_count as double) as queue_forecast_count,
    cast(cases.target_service_level as double) as target_service_level,
    cast(cases.predicted_service_level as double) as predicted_service_level,
    cast(cases.predicted_abandoned_share as double) as predicted_abandoned_share,
    cast(cases.predicted_occupancy as double) as predicted_occupancy,
    cast(cases.mail_covered_share as double) as mail_covered_share,
    cases.local_date >= newest.as_of_date as is_ahead,
    cases.local_date
from {{ ref('int_staffing_cases') }} as cases
cross join newest
order by cases.local_date, cases.half_hour, cases.skill, cases.agents_added
