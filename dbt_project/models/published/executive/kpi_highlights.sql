with

headlines as (

    select *
    from {{ ref('kpi_headlines') }}
    where grain = 'total'

),

directions as (

    select kpi_id, direction
    from {{ ref('kpi_dictionary') }}
    where direction in ('up', 'down')

),

drivers as (

    select *
    from {{ ref('kpi_change_drivers') }}
    where
        period_type = 'month'
        and comparison = 'previous'
        and grain in ('topic', 'team')
        and member_kind = 'member'
        and unit_value != 'unknown'
        and coalesce(denominator, numerator, 0) + coalesce(base_denominator, base_numerator, 0)
        >= {{ var('highlight_least_records') }}

),

names as (

    select kind, member, name_en, name_zh
    from {{ ref('dim_labels') }}

),

open_actions as (

    select *
    from {{ ref('fct_actions') }}
    where not is_closed

),

-- How much a member moves the KPI, as a share of what it was: so that seconds and shares compare.
sized as (

    select
        drivers.kpi_id,
        headlines.headline_no,
        headlines.kpi_name_en,
        headlines.kpi_name_zh,
        headlines.unit,
        headlines.period_start,
        headlines.period_name_en,
        headlines.period_name_zh,
        headlines.owner as target_owner,
        drivers.grain,
        drivers.unit_value,
        coalesce(names.name_en, drivers.unit_value) as member_en,
        coalesce(names.name_zh, drivers.unit_value) as member_zh,
        drivers.total_effect as effect,
        case directions.direction when 'up' then 1 else -1 end
        * drivers.total_effect / nullif(abs(headlines.base_value), 0) as size
    from drivers
    inner join headlines
        on
            headlines.kpi_id = drivers.kpi_id
            and headlines.period_start = drivers.period_start
    inner join directions on directions.kpi_id = drivers.kpi_id
    left join names
        on
            names.kind = drivers.grain
            and names.member = drivers.unit_value

),

ranked as (

    select
        *,
        case when size > 0 then 'gain' else 'problem' end as kind,
        row_number() over (
            partition by period_name_en, size > 0
            order by abs(size) desc, kpi_id asc, grain asc, unit_value asc
        ) as rank_no
    from sized
    where size != 0

),

-- An action on the KPI answers a topic; a team needs one of its own.
answered as (

    select
        ranked.*,
        open_actions.action,
        open_actions.action_owner,
        open_actions.due_date,
        row_number() over (
            partition by ranked.period_name_en, ranked.kind, ranked.rank_no
            order by open_actions.opened_date desc nulls last, open_actions.action_key asc
        ) as action_no
    from ranked
    left join open_actions
        on
            open_actions.kpi_id = ranked.kpi_id
            and (ranked.grain != 'team' or open_actions.team_name = ranked.unit_value)
    where ranked.rank_no <= {{ var('highlight_count') }}

)

select
    kind,
    case kind when 'gain' then 'Gain' else 'Problem' end as kind_name_en,
    case kind when 'gain' then '改善' else '问题' end as kind_name_zh,
    cast(rank_no as integer) as rank_no,
    period_start,
    period_name_en,
    period_name_zh,
    kpi_id,
    kpi_name_en,
    kpi_name_zh,
    grain,
    unit_value,
    member_en,
    member_zh,
    effect,
    size,
    {%- for language in ('en', 'zh') %}
    {{ kpi_change_text('effect', 'unit', language) }} as effect_text_{{ language }},
    {%- endfor %}
    coalesce(action_owner, target_owner, '—') as owner,
    coalesce(action, 'No open action') as action_en,
    coalesce(action, '暂无进行中的措施') as action_zh,
    due_date,
    action is not null as has_action,
    {{ build_id() }} as build_id
from answered
where action_no = 1
order by period_start asc, kind desc, rank_no asc
