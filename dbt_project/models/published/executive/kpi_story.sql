with

headlines as (

    select *
    from {{ ref('kpi_headlines') }}
    where grain = 'total' and change is not null

),

counts as (

    select
        period_name_en,
        count(*) as kpi_count,
        count(*) filter (where is_better) as better_count,
        count(*) filter (where not is_better) as worse_count
    from headlines
    group by period_name_en

),

-- The dimension that explains a change best has one row.
causes as (

    select *
    from {{ ref('kpi_changes') }}
    where period_type = 'month' and comparison = 'previous' and grain_rank = 1

),

names as (

    select kind, member, name_en, name_zh
    from {{ ref('dim_labels') }}

),

-- What got worse before what got better, the largest change first.
told as (

    select
        headlines.*,
        causes.main_effect,
        causes.is_clear,
        case causes.main_effect
            when 'mix' then causes.mix_effect
            when 'rate' then causes.rate_effect
            when 'entry' then causes.entry_effect
            when 'exit' then causes.exit_effect
        end as main_size,
        coalesce(names.name_en, causes.main_member) as member_en,
        coalesce(names.name_zh, causes.main_member) as member_zh,
        counts.kpi_count,
        counts.better_count,
        counts.worse_count
    from headlines
    inner join causes
        on
            causes.kpi_id = headlines.kpi_id
            and causes.period_start = headlines.period_start
    left join names
        on
            names.kind = causes.grain
            and names.member = causes.main_member
    inner join counts on counts.period_name_en = headlines.period_name_en
    where headlines.change != 0 and causes.main_member is not null
    qualify
        row_number() over (
            partition by headlines.period_name_en
            order by
                coalesce(headlines.is_better, true),
                abs(headlines.change / nullif(headlines.base_value, 0)) desc nulls last,
                headlines.headline_no
        ) = 1

),

-- The story's own KPI before others.
next_step as (

    select problems.*
    from {{ ref('kpi_highlights') }} as problems
    inner join told on told.period_name_en = problems.period_name_en
    where problems.kind = 'problem'
    qualify
        row_number() over (
            partition by problems.period_name_en
            order by problems.kpi_id = told.kpi_id desc, problems.rank_no
        ) = 1

),

spoken as (

    select
        *,
    {%- for language in ('en', 'zh') %}
    {{ kpi_value_text('base_value', 'unit', language) }} as base_text_{{ language }},
    coalesce(
        '{{ {"en": " (", "zh": "（"}[language] }}'
        || {{ kpi_change_text('main_size', 'unit', language) }}
        || '{{ {"en": ")", "zh": "）"}[language] }}', ''
    ) as size_text_{{ language }}
    {{- "," if not loop.last }}
    {%- endfor %}
    from told

),

what_changed as (

    select
        1 as sentence_no,
        kpi_id,
        period_start,
        period_name_en,
        period_name_zh,
        strftime(period_start, '%B %Y') || ': ' || kpi_name_en || ' went from ' || base_text_en
        || ' to ' || value_text_en || ' (' || change_text_en || ')'
        || case
            when target_status = 'green' then ', within its target of ' || target_text_en
            when target_value is not null then ', short of its target of ' || target_text_en
            else ''
        end
        || '; of ' || kpi_count || ' headline KPIs ' || better_count || ' got better and '
        || worse_count || ' worse.' as sentence_en,
        strftime(period_start, '%Y年%-m月') || '，' || kpi_name_zh || '由' || base_text_zh || '变为'
        || value_text_zh || '（' || change_text_zh || '）'
        || case
            when target_status = 'green' then '，达到目标' || target_text_zh
            when target_value is not null then '，未达到目标' || target_text_zh
            else ''
        end
        || '；' || kpi_count || '项核心指标中，' || better_count || '项改善，' || worse_count || '项变差。'
            as sentence_zh
    from spoken

),

why as (

    select
        2 as sentence_no,
        kpi_id,
        period_start,
        period_name_en,
        period_name_zh,
        case main_effect
            when 'mix'
                then
                    'Why: mostly the make-up of the work' || size_text_en
                    || '; the share of ' || member_en || ' moved most'
            when 'rate'
                then
                    'Why: mostly the work itself' || size_text_en
                    || '; ' || member_en || ' moved most'
            when
                'entry'
                then 'Why: mostly what is new' || size_text_en || ', above all ' || member_en
            when
                'exit'
                then 'Why: mostly what is gone' || size_text_en || ', above all ' || member_en
            else 'Why: ' || member_en || ' moved most'
        end
        || case
            when is_clear then '.' when not is_clear
                then '. Chance alone could explain a change of this size.'
            else '.'
        end as sentence_en,
        case main_effect
            when 'mix'
                then
                    '原因：主要来自结构变化' || size_text_zh || '，其中“' || member_zh
                    || '”的占比变动最大'
            when 'rate'
                then
                    '原因：主要来自自身表现的变化' || size_text_zh || '，其中“' || member_zh
                    || '”的影响最大'
            when 'entry' then '原因：主要来自新增部分' || size_text_zh || '，其中“' || member_zh || '”最多'
            when 'exit' then '原因：主要来自退出部分' || size_text_zh || '，其中“' || member_zh || '”最多'
            else '原因：“' || member_zh || '”的影响最大'
        end
        || case
            when is_clear then '。' when not is_clear
                then '。这一幅度也可能只是随机波动。'
            else '。'
        end as sentence_zh
    from spoken

),

what_next as (

    select
        3 as sentence_no,
        kpi_id,
        period_start,
        period_name_en,
        period_name_zh,
        case
            when has_action
                then
                    'Next: ' || action_en || ' (' || owner
                    || coalesce(', due ' || strftime(due_date, '%-d %B %Y'), '') || '), for '
            else 'Next: no open action covers '
        end
        || kpi_name_en || ', ' || member_en || ' (' || effect_text_en || ')'
        || case when has_action or owner = '—' then '.' else '; ' || owner || ' decides one.' end
            as sentence_en,
        case
            when has_action
                then
                    '下一步：' || action_zh || '（' || owner
                    || coalesce('，' || strftime(due_date, '%Y年%-m月%-d日') || '前完成', '') || '），针对'
            else '下一步：尚无措施覆盖'
        end
        || kpi_name_zh || '—' || member_zh || '（' || effect_text_zh || '）'
        || case when has_action or owner = '—' then '。' else '，请' || owner || '确定措施。' end
            as sentence_zh
    from next_step

),

sentences as (

    select *
    from what_changed

    union all

    select *
    from why

    union all

    select *
    from what_next

)

select
    cast(sentence_no as integer) as sentence_no,
    kpi_id,
    period_start,
    period_name_en,
    period_name_zh,
    sentence_en,
    sentence_zh,
    {{ build_id() }} as build_id
from sentences
order by period_start, sentence_no
