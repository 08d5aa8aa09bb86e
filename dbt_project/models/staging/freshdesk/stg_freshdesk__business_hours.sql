{%- set weekdays = [
    'monday',
    'tuesday',
    'wednesday',
    'thursday',
    'friday',
    'saturday',
    'sunday',
] -%}

with

source as (

    {{ newest_versions(source('freshdesk', 'business_hours'), ['id'], [
        'id',
        'name',
        'is_default',
        'time_zone',
        'working_hours',
        'created_at',
    ]) }}

),

-- A day that is not there is closed. Hours are 12-hour texts such as "8:00 am".
days as (
    {% for weekday in weekdays %}
    select
        source.*,
        {{ loop.index }} as weekday,
        strptime({{ json_text('working_hours', '$.' ~ weekday ~ '.start_time') }}, '%I:%M %p')
            as starts_at,
        strptime({{ json_text('working_hours', '$.' ~ weekday ~ '.end_time') }}, '%I:%M %p')
            as ends_at
    from source
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

zones as (

    select rails_name, iana_zone
    from {{ ref('rails_time_zones') }}

)

-- rails_name is unique (tested on the seed), so the join keeps one row a day.
select
    'freshdesk' as source_system,
    days._account_id as account_id,
    days.id as calendar_id,
    days.name as calendar_name,
    coalesce(zones.iana_zone, days.time_zone) as iana_zone,
    days.weekday,
    cast(extract(hour from days.starts_at) * 60 + extract(minute from days.starts_at) as integer)
        as start_minute,
    -- Midnight at the end of a day reads 12:00 am like the one at its beginning.
    cast(
        coalesce(
            nullif(extract(hour from days.ends_at) * 60 + extract(minute from days.ends_at), 0),
            1440
        ) as integer
    ) as end_minute,
    timestamp '0001-01-01' as valid_from,
    timestamp '9999-12-31' as valid_to,
    coalesce(days.is_default, 'false') = 'true' as is_default,
    {{ utc_timestamp('days.created_at') }} as created_at
from days
left join zones on zones.rails_name = days.time_zone
where days.starts_at is not null
