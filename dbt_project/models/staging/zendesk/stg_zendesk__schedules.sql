with

-- Every landed version is kept: past edits live nowhere else in the export.
versions as (

    {{ newest_versions(source('zendesk', 'schedules'), ['id', '_version_at'], [
        'id',
        'name',
        'time_zone',
        'intervals',
        'created_at',
    ]) }}

),

stamped as (

    select
        *,
        {{ utc_timestamp('_version_at') }} as version_at
    from versions

),

dated as (

    select
        _account_id,
        id,
        name,
        time_zone,
        intervals,
        {{ utc_timestamp('created_at') }} as created_at,
        case
            when lag(id) over (partition by _account_id, id order by version_at nulls first) is null
                then timestamp '0001-01-01'
            else version_at
        end as valid_from,
        coalesce(
            lead(version_at) over (partition by _account_id, id order by version_at nulls first),
            timestamp '9999-12-31'
        ) as valid_to
    from stamped

),

intervals as (

    select
        _account_id,
        id,
        name,
        time_zone,
        created_at,
        valid_from,
        valid_to,
        unnest(json_extract(intervals, '$[*]')) as working
    from dated

),

minutes as (

    select
        _account_id,
        id,
        name,
        time_zone,
        created_at,
        valid_from,
        valid_to,
        cast({{ json_text('working', '$.start_time') }} as integer) as start_minute,
        cast({{ json_text('working', '$.end_time') }} as integer) as end_minute
    from intervals

),

-- Minutes count from Sunday 00:00 and may run past midnight or past the week's end; the canonical
-- calendar has one row per weekday, so an interval is cut at each local midnight it crosses.
days as (

    select
        _account_id,
        id,
        name,
        time_zone,
        created_at,
        valid_from,
        valid_to,
        start_minute,
        end_minute,
        unnest(range(start_minute // 1440, (end_minute - 1) // 1440 + 1)) as day_no
    from minutes
    where end_minute > start_minute

),

zones as (

    select rails_name, iana_zone
    from {{ ref('rails_time_zones') }}

)

-- rails_name is unique (tested on the seed), so the join keeps one row a working interval.
select
    'zendesk' as source_system,
    days._account_id as account_id,
    days.id as calendar_id,
    days.name as calendar_name,
    coalesce(zones.iana_zone, days.time_zone) as iana_zone,
    cast(case when days.day_no % 7 = 0 then 7 else days.day_no % 7 end as integer) as weekday,
    cast(greatest(days.start_minute - days.day_no * 1440, 0) as integer) as start_minute,
    cast(least(days.end_minute - days.day_no * 1440, 1440) as integer) as end_minute,
    days.valid_from,
    days.valid_to,
    days.created_at
from days
left join zones on zones.rails_name = days.time_zone
