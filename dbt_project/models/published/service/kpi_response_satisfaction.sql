{#- Rated tickets in ten groups of one size by their first response, and the straight line through
    the single tickets, for the whole desk and for each team. A channel of either needs 30 ratings and
    two different waits. -#}
with

ratings as (

    select ticket_key, channel, team_name, cast(is_satisfied as double) as satisfied
    from {{ ref('fct_surveys') }}
    where kind = 'csat' and is_answered and ticket_key is not null

),

tickets as (

    select ticket_key, first_response_calendar_seconds / 3600.0 as wait
    from {{ ref('fct_tickets') }}
    where in_p6 and first_response_calendar_seconds is not null

),

rated as (

    select
        ratings.ticket_key,
        ratings.channel,
        ratings.satisfied,
        tickets.wait,
        units.grain,
        case units.grain when 'total' then 'total' else ratings.team_name end as unit_value
    from ratings
    inner join tickets on tickets.ticket_key = ratings.ticket_key
    cross join (values ('total'), ('team')) as units (grain)

),

grouped as (

    select
        *,
        ntile(10) over (
            partition by grain, unit_value, channel order by wait, ticket_key
        ) as bucket_no,
        {{ exact_mean('wait', over='by_channel') }} as mean_wait,
        {{ exact_mean('satisfied', over='by_channel') }} as mean_satisfied
    from rated
    window by_channel as (partition by grain, unit_value, channel)

),

-- Sums of squares and products around the means.
spreads as (

    select
        grain,
        unit_value,
        channel,
        count(*) as ratings,
        any_value(mean_wait) as mean_wait,
        any_value(mean_satisfied) as mean_satisfied,
        {{ exact_sum('(wait - mean_wait) * (wait - mean_wait)') }} as wait_squares,
        {{ exact_sum('(wait - mean_wait) * (satisfied - mean_satisfied)') }} as products,
        {{ exact_sum('(satisfied - mean_satisfied) * (satisfied - mean_satisfied)') }}
            as satisfied_squares
    from grouped
    group by grain, unit_value, channel

),

lines as (

    select
        grain,
        unit_value,
        channel,
        ratings,
        products / wait_squares as slope,
        mean_satisfied - products / wait_squares * mean_wait as intercept,
        sqrt(
            greatest(satisfied_squares - products * products / wait_squares, 0)
            / (ratings - 2)
            / wait_squares
        ) as slope_error
    from spreads
    where ratings >= 30 and wait_squares > 0

),

buckets as (

    select
        grain,
        unit_value,
        channel,
        bucket_no,
        count(*) as ratings,
        {{ exact_mean('wait') }} as wait,
        {{ exact_mean('satisfied') }} as satisfied
    from grouped
    group by grain, unit_value, channel, bucket_no

)

-- One line a unit and channel.
select
    buckets.grain,
    buckets.unit_value,
    buckets.channel,
    cast(buckets.bucket_no as integer) as bucket_no,
    marks.mark,
    -- Names a dot whatever the language; a dot of the line is marked by ~ and has no weight.
    case marks.mark when 'line' then '~' else '' end || buckets.bucket_no || '/10' as dot,
    buckets.ratings,
    case marks.mark when 'line' then 0 else buckets.ratings end as weight,
    buckets.wait as wait_hours,
    case marks.mark
        when 'observed' then buckets.satisfied
        else lines.intercept + lines.slope * buckets.wait
    end as satisfied_share,
    100 * lines.slope as slope_points,
    100 * (lines.slope - {{ normal_quantile() }} * lines.slope_error) as slope_points_low,
    100 * (lines.slope + {{ normal_quantile() }} * lines.slope_error) as slope_points_high,
    lines.ratings as channel_ratings,
    {{ build_id() }} as build_id
from buckets
inner join lines
    on
        lines.grain = buckets.grain
        and lines.unit_value = buckets.unit_value
        and lines.channel = buckets.channel
cross join (values ('observed'), ('line')) as marks (mark)
order by buckets.grain, buckets.unit_value, buckets.channel, buckets.bucket_no, marks.mark
