{{ config(materialized='view') }}

with

windows as (

    select
        shop,
        channel,
        60 * {{ minute_of_day('opens_at') }} + cast(split_part(opens_at, ':', 3) as integer)
            as opens_second,
        60 * {{ minute_of_day('closes_at') }} + cast(split_part(closes_at, ':', 3) as integer)
            as closes_second
    from {{ ref('platform_windows') }}

),

shops as (

    select distinct shop
    from {{ ref('int_tickets__effective') }}

),

channels as (

    select channel
    from {{ ref('channels') }}

)

select
    shops.shop,
    channels.channel,
    windows.opens_second,
    windows.closes_second
from shops
cross join channels
inner join windows
    on
        windows.shop in (shops.shop, '*')
        and windows.channel in (channels.channel, '*')
qualify row_number() over (
    partition by shops.shop, channels.channel
    order by windows.shop = '*' asc, windows.channel = '*' asc
) = 1
