with

shown as (

    select *
    from {{ ref('int_published_values__shown') }}

),

cells as (

    select *
    from {{ ref('fct_kpi_cells') }}
    where period_type = 'month'

),

parameters as (

    select max(value) as share
    from {{ ref('kpi_parameters') }}
    where kpi_id = 'restatement_rate' and parameter = 'changed_share'

),

-- A cell has one row on each side.
compared as (

    select
        shown.kpi_id,
        shown.period_start,
        shown.grain,
        shown.unit_value,
        shown.build_id as shown_by_build_id,
        shown.value as shown_value,
        cells.value,
        shown.n as shown_n,
        cells.n,
        coalesce(abs(cells.value - shown.value) > parameters.share * abs(shown.value), true)
            as is_restated
    from shown
    left join cells
        on
            cells.kpi_id = shown.kpi_id
            and cells.period_start = shown.period_start
            and cells.grain = shown.grain
            and cells.unit_value = shown.unit_value
    cross join parameters

)

select
    'helpmart' as source_system,
    'helpmart' as account_id,
    kpi_id,
    grain,
    unit_value,
    shown_by_build_id,
    shown_value,
    value,
    shown_n,
    n,
    is_restated,
    case
        when not is_restated then 'none'
        when value is null then 'cell_gone'
        when n > shown_n then 'records_added'
        when n < shown_n then 'records_removed'
        else 'records_changed'
    end as cause,
    period_start
from compared
