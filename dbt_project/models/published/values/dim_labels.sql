with

labels as (

    select 'channel' as kind, channel as member, name_en, name_zh, sort_no
    from {{ ref('channels') }}

    union all

    select 'status' as kind, status as member, name_en, name_zh, sort_no
    from {{ ref('statuses') }}

    union all

    select 'priority' as kind, priority as member, name_en, name_zh, sort_no
    from {{ ref('priorities') }}

    union all

    select 'topic' as kind, topic as member, name_en, name_zh, sort_no
    from {{ ref('topics') }}

    union all

    select
        'age_bucket' as kind,
        age_bucket as member,
        age_bucket as name_en,
        name_zh,
        age_bucket_no as sort_no
    from {{ ref('age_buckets') }}

    union all

    select
        'exclusion_reason' as kind,
        code as member,
        name_en,
        name_zh,
        cast(row_number() over (order by code) as integer) as sort_no
    from {{ ref('exclusion_reasons') }}

    union all

    select
        kind || '_band' as kind,
        band as member,
        name_en,
        name_zh,
        row_number() over (partition by kind order by from_value) as sort_no
    from {{ ref('customer_bands') }}

    union all

    select
        'segment' as kind,
        band as member,
        name_en,
        name_zh,
        row_number() over (order by kind, from_value) as sort_no
    from {{ ref('customer_bands') }}

    union all

    select
        'wait_bucket' as kind,
        bucket as member,
        name_en,
        name_zh,
        row_number() over (order by from_seconds) as sort_no
    from {{ ref('wait_buckets') }}

    union all

    select
        'complaint_cause' as kind,
        cause as member,
        name_en,
        name_zh,
        row_number() over (order by phrases is null, cause) as sort_no
    from {{ ref('complaint_causes') }}

    union all

    select
        'skill' as kind,
        skill as member,
        name_en,
        name_zh,
        row_number() over (order by skill) as sort_no
    from {{ ref('skills') }}

    union all

    select
        'qa_category' as kind,
        category as member,
        name_en,
        name_zh,
        row_number() over (order by category = 'other', category) as sort_no
    from {{ ref('qa_categories') }}

    union all

    select
        'success_factor' as kind,
        success_factor as member,
        any_value(name_en) as name_en,
        any_value(name_zh) as name_zh,
        row_number() over (order by success_factor) as sort_no
    from {{ ref('success_factors') }}
    group by success_factor

    union all

    select
        'benefit_line' as kind,
        benefit_line as member,
        name_en,
        name_zh,
        row_number() over (order by benefit_line) as sort_no
    from {{ ref('training_benefit_lines') }}

    union all

    select
        'kpi' as kind,
        kpi_id as member,
        name_en,
        name_zh,
        row_number() over (order by kpi_id) as sort_no
    from {{ ref('kpi_dictionary') }}

    union all

    select kind, member, name_en, name_zh, sort_no
    from {{ ref('dimension_labels') }}

)

select
    kind,
    member,
    name_en,
    name_zh,
    cast(sort_no as integer) as sort_no
from labels
order by kind, sort_no
