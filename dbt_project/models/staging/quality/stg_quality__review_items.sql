{%- set pairs = [
    ('deduction', 1),
    ('deduction', 2),
    ('deduction', 3),
    ('deduction', 4),
    ('deduction', 5),
    ('bonus', 1),
    ('bonus', 2),
] -%}

with

source as (

    {{ newest_versions(source('quality', 'reviews'), ['review_id'], [
        'review_id',
        'deduction_reason_1',
        'deduction_score_1',
        'deduction_reason_2',
        'deduction_score_2',
        'deduction_reason_3',
        'deduction_score_3',
        'deduction_reason_4',
        'deduction_score_4',
        'deduction_reason_5',
        'deduction_score_5',
        'bonus_reason_1',
        'bonus_score_1',
        'bonus_reason_2',
        'bonus_score_2',
    ]) }}

),

-- The pairs stand side by side in the sheet; each becomes a row.
items as (

    {%- for kind, number in pairs %}
    select
        _account_id,
        review_id,
        '{{ kind }}' as item_kind,
        {{ number }} as item_no,
        {{ kind }}_reason_{{ number }} as item,
        cast({{ kind }}_score_{{ number }} as decimal(9, 3)) as score
    from source
    {%- if not loop.last %}

    union all
    {% endif -%}
    {%- endfor %}

)

-- Some sheets write deductions as positive numbers.
select
    'quality' as source_system,
    _account_id as account_id,
    review_id,
    item_kind,
    item_no,
    coalesce(item, 'unknown') as item,
    case item_kind when 'deduction' then -abs(score) else score end as score
from items
where item is not null or score is not null
