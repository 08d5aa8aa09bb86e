with

hours as (

    select *
    from {{ ref('int_account_hours') }}

),

spans as (

    select
        source_system,
        account_id,
        min(local_date) as first_date,
        max(local_date) as last_date,
        cast({{ kpi_parameter('peak_hour_index', 'weeks') }} as integer) as week_count
    from hours
    group by source_system, account_id

),

-- A window ends on a Sunday and is whole: it begins no earlier than the account's data.
windows as (

    select
        spans.source_system,
        spans.account_id,
        spans.week_count,
        hours.local_date - 7 * spans.week_count + 1 as window_start_date,
        hours.local_date as window_end_date
    from hours
    inner join spans
        on
            spans.source_system = hours.source_system
            and spans.account_id = hours.account_id
    where
        hours.weekday = 7
        and hours.hour = 0
        and hours.local_date - 7 * spans.week_count + 1 >= spans.first_date

),

episodes as (

    select
        source_system,
        account_id,
        channel,
        started_date,
        started_hour,
        count(*) as episode_count
    from {{ ref('fct_contacts') }}
    group by source_system, account_id, channel, started_date, started_hour

),

window_hours as (

    select
        windows.source_system,
        windows.account_id,
        windows.window_start_date,
        windows.window_end_date,
        hours.is_special,
        hours.weekday,
        hours.hour,
        hours.local_date,
        hours.is_open
    from windows
    inner join hours
        on
            hours.source_system = windows.source_system
            and hours.account_id = windows.account_id
            and hours.local_date between windows.window_start_date and windows.window_end_date

),

-- How often each hour of the week occurred, and how many hours were open.
occurred as (

    select
        source_system,
        account_id,
        window_end_date,
        is_special,
        weekday,
        hour,
        count(*) as day_count,
        count(*) filter (where is_open) as open_day_count
    from window_hours
    group by source_system, account_id, window_end_date, is_special, weekday, hour

),

-- One row of episodes a channel, date and hour.
counted as (

    select
        window_hours.source_system,
        window_hours.account_id,
        window_hours.window_end_date,
        window_hours.is_special,
        window_hours.weekday,
        window_hours.hour,
        episodes.channel,
        sum(episodes.episode_count) as episode_count,
        coalesce(sum(episodes.episode_count) filter (where window_hours.is_open), 0)
            as open_episode_count
    from window_hours
    inner join episodes
        on
            episodes.source_system = window_hours.source_system
            and episodes.account_id = window_hours.account_id
            and episodes.started_date = window_hours.local_date
            and episodes.started_hour = window_hours.hour
    group by
        window_hours.source_system,
        window_hours.account_id,
        window_hours.window_end_date,
        window_hours.is_special,
        window_hours.weekday,
        window_hours.hour,
        episodes.channel

),

channels as (

    select distinct source_system, account_id, window_end_date, is_special, channel
    from counted

),

-- Every hour of the week, also those without an episode.
means as (

    select
        occurred.source_system,
        occurred.account_id,
        channels.channel,
        occurred.window_end_date,
        occurred.is_special,
        occurred.weekday,
        occurred.hour,
        occurred.day_count,
        cast(coalesce(counted.episode_count, 0) as bigint) as episode_count,
        coalesce(counted.episode_count, 0) / cast(occurred.day_count as double) as mean_episodes,
        sum(coalesce(counted.open_episode_count, 0)) over by_channel
        / nullif(cast(sum(occurred.open_day_count) over by_channel as double), 0)
            as open_mean_episodes
    from occurred
    inner join channels
        on
            channels.source_system = occurred.source_system
            and channels.account_id = occurred.account_id
            and channels.window_end_date = occurred.window_end_date
            and channels.is_special = occurred.is_special
    left join counted
        on
            counted.source_system = occurred.source_system
            and counted.account_id = occurred.account_id
            and counted.window_end_date = occurred.window_end_date
            and counted.is_special = occurred.is_special
            and counted.weekday = occurred.weekday
            and counted.hour = occurred.hour
            and counted.channel = channels.channel
    window
        by_channel as (
            partition by
                occurred.source_system,
                occurred.account_id,
                occurred.window_end_date,
                occurred.is_special,
                channels.channel
        )

)

select
    {{ hash_key([
        'source_system',
        'account_id',
        'channel',
        'cast(window_end_date as text)',
        'cast(is_special as text)',
        'cast(weekday as text)',
        'cast(hour as text)',
    ]) }} as peak_hour_key,
    source_system,
    account_id,
    channel,
    weekday,
    hour,
    day_count,
    episode_count,
    mean_episodes,
    open_mean_episodes,
    mean_episodes / nullif(open_mean_episodes, 0) as hour_index,
    is_special,
    row_number() over (
        partition by source_system, account_id, channel, window_end_date, is_special
        order by mean_episodes desc, weekday asc, hour asc
    ) = 1 as is_peak,
    window_end_date
from means
order by window_end_date, source_system, account_id, channel, is_special, weekday, hour
