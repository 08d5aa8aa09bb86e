with

turns as (

    select *
    from {{ ref('fct_turns') }}
    where in_p2 and wait_calendar_seconds is not null

),

-- Ranges that double, broken at the limits that chats are held to: 15, 30, 45, 60 and 180 seconds.
bins (bin_no, from_seconds, to_seconds, name_en, name_zh) as (

    values
    (1, 0, 15, '0 to 15 s', '15秒内'),
    (2, 15, 30, '15 to 30 s', '15至30秒'),
    (3, 30, 45, '30 to 45 s', '30至45秒'),
    (4, 45, 60, '45 to 60 s', '45至60秒'),
    (5, 60, 180, '1 to 3 min', '1至3分钟'),
    (6, 180, 900, '3 to 15 min', '3至15分钟'),
    (7, 900, 3600, '15 to 60 min', '15至60分钟'),
    (8, 3600, 14400, '1 to 4 h', '1至4小时'),
    (9, 14400, 86400, '4 to 24 h', '4至24小时'),
    (10, 86400, null, 'over 24 h', '超过24小时')

)

-- Ranges do not overlap, so that a turn falls into one.
select
    turns.answered_date as local_date,
    turns.source_system,
    turns.account_id,
    turns.shop,
    turns.channel,
    turns.team_name,
    turns.is_first_turn,
    cast(turns.opened_hour as integer) as hour,
    cast(bins.bin_no as integer) as bin_no,
    bins.name_en as bin_en,
    bins.name_zh as bin_zh,
    count(*) as turn_count,
    {{ build_id() }} as build_id
from turns
inner join bins
    on
        bins.from_seconds <= turns.wait_calendar_seconds
        and (bins.to_seconds is null or turns.wait_calendar_seconds < bins.to_seconds)
where turns.answered_date is not null
group by all
