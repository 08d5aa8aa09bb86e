with

source as (

    {{ newest_versions(source('targets', 'benchmarks'), ['kpi_id', 'set_name', 'member'], [
        'kpi_id',
        'set_name',
        'member',
        'value',
        'unit',
        'origin',
        'as_of',
    ]) }}

)

select
    'targets' as source_system,
    _account_id as account_id,
    kpi_id,
    set_name,
    member,
    cast(value as double) as value,
    unit,
    origin,
    cast(as_of as date) as as_of_date
from source
