-- depends_on: {{ ref('fct_staffing_half_hours') }}
with

measured as (
    {{ kpi_branches(
        {'staffing_half_hour_key': 'staffing_half_hour_key'},
        ['staffing_half_hours'],
    ) }}

),

slots as (

    select *
    from {{ ref('fct_staffing_half_hours') }}

)

-- A slot is one row of measures.
select
    slots.local_date,
    cast(isodow(slots.local_date) as integer) as weekday,
    {{ weekday_name('slots.local_date') }} as weekday_name,
    slots.half_hour,
    {{ half_hour_label('slots.half_hour') }} as starts_at_time,
    slots.local_date + to_minutes(30 * slots.half_hour) as starts_at,
    slots.source_system,
    slots.account_id,
    slots.skill,
    slots.roster_basis,
    slots.is_ahead,
    slots.forecast_count,
    slots.actual_count,
    slots.required_agents,
    slots.rostered_agents,
    slots.gap_agents,
    slots.target_service_level,
    slots.predicted_service_level,
    slots.predicted_abandoned_share,
    slots.predicted_occupancy,
    slots.mail_covered_share,
    {%- for measure in kpi_additive(kpi_measures(['staffing_half_hours'])) %}
    measured.{{ measure.name }},
    {%- endfor %}
    {{ build_id() }} as build_id
from slots
inner join measured on measured.staffing_half_hour_key = slots.staffing_half_hour_key
order by slots.local_date, slots.half_hour, slots.skill
