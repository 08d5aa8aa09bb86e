with

source as (

    {{ newest_versions(
        source('targets', 'targets'),
        ['kpi_id', 'grain', 'unit_value', 'valid_from'],
        [
            'kpi_id',
            'grain',
            'unit_value',
            'owner',
            'unit',
            'target_value',
            'baseline_value',
            'baseline_kind',
            'weight',
            'due_on',
            'valid_from',
            'valid_to',
        ],
    ) }}

)

-- A target holds until its own last day or the next target of the same member.
select
    'targets' as source_system,
    _account_id as account_id,
    kpi_id,
    lower(grain) as grain,
    unit_value,
    owner,
    unit,
    cast(target_value as double) as target_value,
    cast(baseline_value as double) as baseline_value,
    baseline_kind,
    cast(weight as decimal(9, 4)) as weight,
    cast(due_on as date) as due_date,
    cast(valid_from as date) as valid_from,
    least(
        coalesce(cast(valid_to as date) + 1, date '9999-12-31'),
        coalesce(
            lead(cast(valid_from as date)) over (
                partition by _account_id, kpi_id, lower(grain), unit_value order by valid_from
            ),
            date '9999-12-31'
        )
    ) as valid_to
from source
