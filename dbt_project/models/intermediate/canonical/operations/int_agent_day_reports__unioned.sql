with

unioned as (

    select *
    from {{ ref('stg_chitu__agent_days') }}

    union all

    select *
    from {{ ref('stg_jingmai__agent_days') }}

    union all

    select *
    from {{ ref('stg_pinduoduo__agent_days') }}

    union all

    select *
    from {{ ref('stg_feige__agent_days') }}

    union all

    select *
    from {{ ref('stg_xiaoneng__agent_days') }}

    union all

    select *
    from {{ ref('stg_hotline__inbound_days') }}

    union all

    select *
    from {{ ref('stg_hotline__outbound_days') }}

    union all

    select *
    from {{ ref('stg_hotline__efficiency_days') }}

    union all

    select *
    from {{ ref('stg_hotline__quality_days') }}

    union all

    select *
    from {{ ref('stg_hotline__department_days') }}

),

figures as (

    select
        *,
        {{ hash_key([
            'source_system',
            'account_id',
            'report',
            'shop',
            "coalesce(agent_id, '')",
            "coalesce(department, '')",
            'cast(is_estimated as text)',
            'cast(local_date as text)',
        ]) }} as agent_day_key
    from unioned

),

metrics as (

    select
        metric_code,
        unit,
        numerator_metric,
        final_after_days,
        string_split(denominator_metrics, '|') as denominator_metrics
    from {{ ref('agent_day_metrics') }}

),

windows as (

    select source_system, metric_code, observation_window
    from {{ ref('agent_day_windows') }}

),

-- Of the figures that may be the denominator the first one that the report has.
denominators as (

    select
        figures.agent_day_key,
        figures.metric_code,
        min_by(
            parts.value, list_position(metrics.denominator_metrics, parts.metric_code)
        ) as denominator
    from figures
    inner join metrics on metrics.metric_code = figures.metric_code
    inner join figures as parts
        on
            parts.agent_day_key = figures.agent_day_key
            and list_contains(metrics.denominator_metrics, parts.metric_code)
    group by figures.agent_day_key, figures.metric_code

)

-- A report has a figure once, the seeds have one row each, and so have the denominators: no join
-- multiplies. Where the report does not give the numerator, value times denominator is as near as a
-- rounded rate allows.
select
    figures.source_system,
    figures.account_id,
    figures.agent_day_key,
    figures.shop,
    figures.report,
    figures.agent_id,
    figures.agent_name,
    figures.department,
    figures.metric_code,
    metrics.unit,
    windows.observation_window,
    figures.value,
    coalesce(
        numerators.value, cast(figures.value * denominators.denominator as decimal(18, 6))
    ) as numerator,
    denominators.denominator,
    figures.is_estimated,
    {{ local_date('figures.extracted_at') }} > figures.local_date + metrics.final_after_days
        as is_final,
    figures.local_date
from figures
inner join metrics on metrics.metric_code = figures.metric_code
left join windows
    on
        windows.source_system = figures.source_system
        and windows.metric_code = figures.metric_code
left join denominators
    on
        denominators.agent_day_key = figures.agent_day_key
        and denominators.metric_code = figures.metric_code
left join figures as numerators
    on
        numerators.agent_day_key = figures.agent_day_key
        and numerators.metric_code = metrics.numerator_metric
        and denominators.denominator is not null
