with

watched (kpi_id, kpi_no) as (

    {{ kpis_in_order(var('agent_kpis')) }}

),

definitions as (

    select
        dictionary.kpi_id,
        watched.kpi_no,
        dictionary.name_en,
        dictionary.name_zh,
        dictionary.unit,
        case dictionary.direction when 'down' then -1 else 1 end as sign
    from {{ ref('kpi_dictionary') }} as dictionary
    inner join watched on watched.kpi_id = dictionary.kpi_id

),

people as (

    select person_key, person_name, team_name
    from {{ ref('dim_people') }}
    where not is_bot and person_name != 'unknown'

),

limits as (

    select
        {{ kpi_parameter('weighted_score', 'smallest_n') }} as smallest_n,
        {{ kpi_parameter('weighted_score', 'smallest_team') }} as smallest_team

),

-- Intervals turned so that more is better: the two ends change places where less is.
cells as (

    select
        definitions.kpi_id,
        definitions.kpi_no,
        definitions.name_en,
        definitions.name_zh,
        definitions.unit,
        values_of.period_type,
        values_of.period_start,
        values_of.is_latest,
        people.person_key,
        people.person_name,
        people.team_name,
        values_of.value,
        values_of.value_low,
        values_of.value_high,
        values_of.n,
        values_of.n >= limits.smallest_n as is_ranked,
        definitions.sign,
        definitions.sign * values_of.value as goodness,
        least(definitions.sign * values_of.value_low, definitions.sign * values_of.value_high)
            as at_least,
        greatest(definitions.sign * values_of.value_low, definitions.sign * values_of.value_high)
            as at_most
    from {{ ref('kpi_values') }} as values_of
    inner join definitions on definitions.kpi_id = values_of.kpi_id
    inner join people on people.person_key = values_of.unit_value
    cross join limits
    where
        values_of.grain = 'agent'
        and values_of.period_type in ('month', 'quarter')
        and not values_of.is_partial
        and values_of.value is not null

),

-- How many stand surely above and surely below: their whole interval does.
places as (

    select
        own.kpi_id,
        own.period_type,
        own.period_start,
        own.person_key,
        1 + count(*) filter (where others.goodness > own.goodness) as rank_no,
        1 + count(*) filter (where others.at_least > own.at_most) as rank_from,
        1 + count(*) - count(*) filter (where others.at_most < own.at_least) as rank_to,
        1 + count(others.person_key) as ranked_count
    from cells as own
    left join cells as others
        on
            others.kpi_id = own.kpi_id
            and others.period_type = own.period_type
            and others.period_start = own.period_start
            and others.person_key != own.person_key
            and others.is_ranked
    where own.is_ranked
    group by own.kpi_id, own.period_type, own.period_start, own.person_key

),

-- Of few, each could work out the others from the middle and the quartiles.
teams as (

    select
        cells.kpi_id,
        cells.period_type,
        cells.period_start,
        cells.team_name,
        median(cells.value) as team_median,
        quantile_cont(cells.value, 0.25) as team_low,
        quantile_cont(cells.value, 0.75) as team_high
    from cells
    cross join limits
    group by cells.kpi_id, cells.period_type, cells.period_start, cells.team_name
    having count(*) >= max(limits.smallest_team)

),

-- A person has one place, and one team.
placed as (

    select
        cells.*,
        places.rank_no,
        case when cells.at_least is not null then places.rank_from end as rank_from,
        case when cells.at_least is not null then places.rank_to end as rank_to,
        places.ranked_count,
        teams.team_median,
        teams.team_low,
        teams.team_high,
        cells.value - teams.team_median as difference,
        limits.smallest_n
    from cells
    cross join limits
    left join places
        on
            places.kpi_id = cells.kpi_id
            and places.period_type = cells.period_type
            and places.period_start = cells.period_start
            and places.person_key = cells.person_key
    left join teams
        on
            teams.kpi_id = cells.kpi_id
            and teams.period_type = cells.period_type
            and teams.period_start = cells.period_start
            and teams.team_name = cells.team_name

)

select
    kpi_id,
    cast(kpi_no as integer) as kpi_no,
    name_en as kpi_name_en,
    name_zh as kpi_name_zh,
    period_type,
    period_start,
    is_latest,
    person_key,
    person_name,
    team_name,
    value,
    value_low,
    value_high,
    n,
    is_ranked,
    rank_no,
    rank_from,
    rank_to,
    ranked_count,
    team_median,
    team_low,
    team_high,
    difference,
    case when difference != 0 then sign * difference > 0 end as is_better,
    {%- for language in ('en', 'zh') %}
    {%- set open_end = {'en': ' to ', 'zh': '至'}[language] %}
    {{ kpi_value_text('value', 'unit', language) }} as value_text_{{ language }},
    coalesce(
        {{ kpi_value_text('value_low', 'unit', language) }}
        || '{{ open_end }}'
        || {{ kpi_value_text('value_high', 'unit', language) }},
        '—'
    ) as interval_text_{{ language }},
    coalesce({{ kpi_value_text('team_median', 'unit', language) }}, '—')
        as team_text_{{ language }},
    {%- endfor %}
    case
        when not is_ranked then 'no rank, n under ' || cast(smallest_n as integer)
        else
            rank_no
            || coalesce(' (' || rank_from || ' to ' || rank_to || ')', '')
            || ' of ' || ranked_count
    end as rank_text_en,
    case
        when not is_ranked then '样本少于' || cast(smallest_n as integer) || '，不排名'
        else
            '第' || rank_no
            || coalesce('（' || rank_from || '至' || rank_to || '）', '')
            || '，共' || ranked_count || '人'
    end as rank_text_zh,
    {{ build_id() }} as build_id
from placed
order by period_start asc, kpi_no asc, goodness desc, person_key asc
