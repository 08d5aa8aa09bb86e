{#- Views of the tables of changes in one language, as dashboards read them. Amounts come in units that
    people read (shares in percent, durations in minutes), since one chart shows any KPI. People are left
    out: who sees a dashboard may query every column of its tables. -#}

{% macro kpi_shown(value, unit) -%}
    {{ value }} * case {{ unit }} when 'rate' then 100.0 when 'share' then 100.0 when 'seconds' then 1 / 60.0 else 1.0 end
{%- endmacro %}

{% macro kpi_shown_unit(unit, language) -%}
    case {{ unit }}
        when 'rate' then '%'
        when 'share' then '%'
        when 'seconds' then '{{ {"en": "minutes", "zh": "分钟"}[language] }}'
        else ''
    end
{%- endmacro %}

{#- The newest period that is over has a name of its own, so that a page can open on it. -#}
{% macro kpi_period_name(changes, language) -%}
    case
        when {{ changes }}.is_latest and {{ changes }}.period_type = 'month'
            then '{{ {"en": "Latest full month", "zh": "最近完整月"}[language] }}'
        when {{ changes }}.is_latest
            then '{{ {"en": "Latest full quarter", "zh": "最近完整季度"}[language] }}'
        when {{ changes }}.period_type = 'month' then strftime({{ changes }}.period_start, '%Y-%m')
        else strftime({{ changes }}.period_start, '%Y') || '-Q' || quarter({{ changes }}.period_start)
    end
{%- endmacro %}

{#- Joins of a label to each of some columns (alias to column and kind); a kind and member have one. -#}
{% macro kpi_label_joins(kinds) %}
    {%- for alias, pair in kinds.items() %}
left join {{ ref('dim_labels') }} as {{ alias }}_labels
    on
        {{ alias }}_labels.kind = {{ pair[1] }}
        and {{ alias }}_labels.member = {{ pair[0] }}
    {%- endfor %}
{% endmacro %}

{% macro kpi_changes_twin(language) %}
{{ config(materialized='view') }}
select
    changes.kpi_id,
    changes.period_type,
    changes.period_start,
    changes.comparison,
    changes.base_period_start,
    changes.grain,
    kpi_labels.name_{{ language }} as kpi_name,
    {{ kpi_period_name('changes', language) }} as period_name,
    comparison_labels.name_{{ language }} as comparison_name,
    grain_labels.name_{{ language }} as dimension_name,
    {{ kpi_shown('changes.base_value', 'dictionary.unit') }} as base_value,
    {{ kpi_shown('changes.value', 'dictionary.unit') }} as value,
    {{ kpi_shown('changes.change', 'dictionary.unit') }} as change,
    {{ kpi_shown('changes.change_low', 'dictionary.unit') }} as change_low,
    {{ kpi_shown('changes.change_high', 'dictionary.unit') }} as change_high,
    {{ kpi_shown('changes.mix_effect', 'dictionary.unit') }} as mix_effect,
    {{ kpi_shown('changes.rate_effect', 'dictionary.unit') }} as rate_effect,
    {{ kpi_shown('changes.entry_effect', 'dictionary.unit') }} as entry_effect,
    {{ kpi_shown('changes.exit_effect', 'dictionary.unit') }} as exit_effect,
    {{ kpi_shown('changes.residual', 'dictionary.unit') }} as residual,
    {{ kpi_shown_unit('dictionary.unit', language) }} as shown_unit,
    changes.grain_rank,
    step_labels.name_{{ language }} as main_effect,
    coalesce(member_labels.name_{{ language }}, changes.main_member) as main_member,
    changes.against_share,
    {%- if language == 'en' %}
    if(changes.is_paradox, 'Paradox', '') as paradox,
    case when changes.is_clear then 'Clear' when not changes.is_clear then 'Within chance' end
        as clarity,
    {%- else %}
    if(changes.is_paradox, '悖论', '') as paradox,
    case when changes.is_clear then '显著' when not changes.is_clear then '随机波动内' end as clarity,
    {%- endif %}
    changes.n,
    changes.is_partial,
    changes.is_latest
from {{ ref('kpi_changes') }} as changes
inner join {{ ref('kpi_dictionary') }} as dictionary on dictionary.kpi_id = changes.kpi_id
{{- kpi_label_joins({
    'kpi': ['changes.kpi_id', "'kpi'"],
    'comparison': ['changes.comparison', "'comparison'"],
    'grain': ['changes.grain', "'grain'"],
    'step': ['changes.main_effect', "'change_step'"],
    'member': ['changes.main_member', kpi_member_kind('changes.grain', 'changes.kpi_id')],
}) }}
where changes.grain <> 'agent'
{% endmacro %}

{% macro kpi_change_drivers_twin(language) %}
{{ config(materialized='view') }}
select
    drivers.kpi_id,
    drivers.period_type,
    drivers.period_start,
    drivers.comparison,
    drivers.grain,
    drivers.unit_value,
    kpi_labels.name_{{ language }} as kpi_name,
    {{ kpi_period_name('changes', language) }} as period_name,
    comparison_labels.name_{{ language }} as comparison_name,
    grain_labels.name_{{ language }} as grain_name,
    coalesce(
        kind_labels.name_{{ language }}, member_labels.name_{{ language }}, drivers.unit_value
    ) as member_name,
    presence_labels.name_{{ language }} as presence,
    drivers.driver_rank,
    {{ kpi_shown('drivers.base_value', 'dictionary.unit') }} as base_value,
    {{ kpi_shown('drivers.value', 'dictionary.unit') }} as value,
    100 * drivers.base_share as base_share,
    100 * drivers.share as share,
    {{ kpi_shown('drivers.mix_effect', 'dictionary.unit') }} as mix_effect,
    {{ kpi_shown('drivers.rate_effect', 'dictionary.unit') }} as rate_effect,
    {{ kpi_shown('drivers.entry_effect', 'dictionary.unit') }} as entry_effect,
    {{ kpi_shown('drivers.exit_effect', 'dictionary.unit') }} as exit_effect,
    {{ kpi_shown('drivers.total_effect', 'dictionary.unit') }} as total_effect,
    {{ kpi_shown_unit('dictionary.unit', language) }} as shown_unit,
    {%- if language == 'en' %}
    if(drivers.is_against, 'Against the total', '') as against,
    if(drivers.is_paradox, 'Paradox', '') as paradox,
    {%- else %}
    if(drivers.is_against, '与整体方向相反', '') as against,
    if(drivers.is_paradox, '悖论', '') as paradox,
    {%- endif %}
    changes.is_latest
from {{ ref('kpi_change_drivers') }} as drivers
-- A split is one row.
inner join {{ ref('kpi_changes') }} as changes
    on
        changes.kpi_id = drivers.kpi_id
        and changes.period_type = drivers.period_type
        and changes.period_start = drivers.period_start
        and changes.comparison = drivers.comparison
        and changes.grain = drivers.grain
inner join {{ ref('kpi_dictionary') }} as dictionary on dictionary.kpi_id = drivers.kpi_id
{{- kpi_label_joins({
    'kpi': ['drivers.kpi_id', "'kpi'"],
    'comparison': ['drivers.comparison', "'comparison'"],
    'grain': ['drivers.grain', "'grain'"],
    'presence': ['drivers.presence', "'presence'"],
    'kind': ['drivers.member_kind', "'change_member'"],
    'member': ['drivers.unit_value', kpi_member_kind('drivers.grain', 'drivers.kpi_id')],
}) }}
where drivers.grain <> 'agent'
{% endmacro %}

{#- A change as steps that add up to it: mix, rate, entry, exit and the residual, or the volume. -#}
{% macro kpi_change_steps_twin(language) %}
{{ config(materialized='view') }}
select
    changes.kpi_id,
    changes.period_type,
    changes.period_start,
    changes.comparison,
    changes.grain,
    steps.step,
    kpi_labels.name_{{ language }} as kpi_name,
    {{ kpi_period_name('changes', language) }} as period_name,
    comparison_labels.name_{{ language }} as comparison_name,
    grain_labels.name_{{ language }} as grain_name,
    step_labels.name_{{ language }} as step_name,
    steps.step_no,
    {{ kpi_shown(
        "case steps.step when 'volume' then changes.change when 'mix' then changes.mix_effect"
        ~ " when 'rate' then changes.rate_effect when 'entry' then changes.entry_effect"
        ~ " when 'exit' then changes.exit_effect else changes.residual end",
        'dictionary.unit',
    ) }} as amount,
    changes.is_latest
from {{ ref('kpi_changes') }} as changes
inner join {{ ref('kpi_dictionary') }} as dictionary on dictionary.kpi_id = changes.kpi_id
inner join (
    values ('mix', 1), ('rate', 2), ('entry', 3), ('exit', 4), ('residual', 5), ('volume', 6)
) as steps (step, step_no)
    on (steps.step = 'volume') = (changes.main_effect = 'volume')
{{- kpi_label_joins({
    'kpi': ['changes.kpi_id', "'kpi'"],
    'comparison': ['changes.comparison', "'comparison'"],
    'grain': ['changes.grain', "'grain'"],
    'step': ['steps.step', "'change_step'"],
}) }}
where changes.grain not in ('agent', 'total')
{% endmacro %}

{% macro kpi_anomalies_twin(language) %}
{{ config(materialized='view') }}
{%- set whole = {'en': 'Whole desk', 'zh': '全部'}[language] %}
select
    anomalies.kpi_id,
    anomalies.grain,
    anomalies.unit_value,
    anomalies.local_date,
    kpi_labels.name_{{ language }} as kpi_name,
    coalesce(channel_labels.name_{{ language }}, '{{ whole }}') as member_name,
    {{ kpi_shown('anomalies.value', 'dictionary.unit') }} as value,
    {{ kpi_shown('anomalies.expected', 'dictionary.unit') }} as expected,
    {{ kpi_shown_unit('dictionary.unit', language) }} as shown_unit,
    anomalies.score,
    abs(anomalies.score) as score_size,
    anomalies.is_anomaly,
    coalesce(anomalies.note_{{ language }}, '') as note
from {{ ref('kpi_anomalies') }} as anomalies
inner join {{ ref('kpi_dictionary') }} as dictionary on dictionary.kpi_id = anomalies.kpi_id
{{- kpi_label_joins({
    'kpi': ['anomalies.kpi_id', "'kpi'"],
    'channel': ['anomalies.unit_value', "'channel'"],
}) }}
{% endmacro %}

{% macro kpi_relations_twin(language) %}
{{ config(materialized='view') }}
{%- set whole = {'en': 'Whole time', 'zh': '全部时间'}[language] %}
select
    relations.hypothesis,
    relations.period_type,
    relations.period_start,
    relations.source_text,
    relations.level,
    coalesce(
        strftime(relations.period_start, '%Y') || '-Q' || quarter(relations.period_start), '{{ whole }}'
    ) as span_name,
    relations.claim_{{ language }} as claim,
    relations.x_name_{{ language }} as x_name,
    relations.x_unit_{{ language }} as x_unit,
    relations.y_name_{{ language }} as y_name,
    {{ kpi_controls_in_words('relations.controls', language) }} as controls,
    relations.n,
    relations.correlation,
    relations.partial_correlation,
    format('{:.3g}', relations.claimed_slope) as claimed_effect,
    format('{:.3g}', relations.slope) as found_effect,
    format('{:.3g}', relations.slope_low) || ' … ' || format('{:.3g}', relations.slope_high)
        as effect_interval,
    verdict_labels.name_{{ language }} as verdict,
    relations.caveat_{{ language }} as caveat
from {{ ref('kpi_relations') }} as relations
{{- kpi_label_joins({'verdict': ['relations.verdict', "'verdict'"]}) }}
{% endmacro %}

{#- What is held equal, as a reader says it. -#}
{% macro kpi_controls_in_words(controls, language) %}
    {%- set words = {
        'channel': '渠道', 'priority': '优先级', 'shop': '店铺', 'quarter': '季度', 'member': '成员',
        'weekday': '星期', 'month': '月份',
    } -%}
    {%- set sql = namespace(text="replace(coalesce(" ~ controls ~ ", ''), '+', '"
        ~ {'en': ', ', 'zh': '、'}[language] ~ "')") -%}
    {%- if language == 'zh' -%}
        {%- for control, word in words.items() -%}
            {%- set sql.text = "replace(" ~ sql.text ~ ", '" ~ control ~ "', '" ~ word ~ "')" -%}
        {%- endfor -%}
    {%- endif -%}
    {{- sql.text -}}
{% endmacro %}

{#- The kind of label that members of a grain take; what a cause or category is follows from the KPI. -#}
{% macro kpi_member_kind(grain, kpi_id) -%}
    case
        when {{ grain }} = 'cause' and {{ kpi_id }} like 'reconcile%' then 'reconciliation_cause'
        when {{ grain }} = 'cause' then 'complaint_cause'
        when {{ grain }} = 'category' and {{ kpi_id }} like 'reconcile%' then 'source_metric'
        when
            {{ grain }} = 'category'
            and ({{ kpi_id }} like 'employee_satisfaction%' or {{ kpi_id }} = 'enps')
            then 'survey_dimension'
        when
            {{ grain }} = 'category'
            and ({{ kpi_id }} like 'reviewer_agreement%' or {{ kpi_id }} = 'qa_score_category')
            then 'qa_category'
        when {{ grain }} = 'category' then 'topic'
        else {{ grain }}
    end
{%- endmacro %}
