with

cases as (

    select *
    from {{ ref('fct_staffing_cases') }}
    where is_ahead and predicted_service_level is not null

),

rostered as (

    select skill, half_hour, local_date, predicted_service_level
    from cases
    where agents_added = 0

)

-- Each slot has one row with the roster as it is.
select
    cases.local_date,
    cast(isodow(cases.local_date) as integer) as weekday,
    {{ weekday_name('cases.local_date') }} as weekday_name,
    cases.half_hour,
    {{ half_hour_label('cases.half_hour') }} as starts_at_time,
    cases.skill,
    cases.agents_added,
    cases.agents_on_shift,
    cases.queue_forecast_count as forecast_count,
    cases.target_service_level,
    cases.predicted_service_level,
    cases.predicted_service_level - rostered.predicted_service_level as service_level_change,
    cases.predicted_service_level >= cases.target_service_level as is_target_met,
    cases.predicted_abandoned_share,
    cases.predicted_occupancy,
    cases.mail_covered_share,
    cast(
        row_number() over (
            order by cases.local_date, cases.half_hour, cases.skill, cases.agents_added
        ) as integer
    ) as row_no,
    {{ build_id() }} as build_id
from cases
inner join rostered
    on
        rostered.skill = cases.skill
        and rostered.local_date = cases.local_date
        and rostered.half_hour = cases.half_hour
order by cases.local_date, cases.half_hour, cases.skill, cases.agents_added
