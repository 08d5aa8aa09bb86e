with

statutory as (

    select distinct
        days.local_date,
        days.kind,
        days.day_name
    from {{ ref('stg_calendars__calendars') }} as calendars
    inner join {{ ref('stg_calendars__statutory_days') }} as days
        on
            days.country = calendars.holiday_country
            and days.subdivision = calendars.holiday_subdivision

),

unioned as (

    select
        local_date,
        coalesce(day_name, if(kind = 'workday', 'Make-up workday', 'Holiday')) as name_en,
        coalesce(day_name, if(kind = 'workday', '调休上班', '节假日')) as name_zh
    from statutory

    union all

    select
        local_date,
        coalesce(day_name, 'Special working hours') as name_en,
        coalesce(day_name, '特殊工作时间') as name_zh
    from {{ ref('stg_calendars__special_days') }}

    union all

    select
        holiday_date as local_date,
        'Holiday of a helpdesk' as name_en,
        '客服系统假日' as name_zh
    from {{ ref('stg_zendesk__holidays') }}

)

select
    local_date,
    name_en,
    any_value(name_zh) as name_zh
from unioned
group by local_date, name_en
