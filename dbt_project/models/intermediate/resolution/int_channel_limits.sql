{#- Grain: channel and KPI. The limit or window of a KPI on a channel: the channel's own row of
    kpi_thresholds, else the one of all channels. -#}
{{ config(materialized='view') }}

with

channels as (

    select channel
    from {{ ref('channels') }}

),

thresholds as (

    select kpi_id, channel, seconds
    from {{ ref('kpi_thresholds') }}

)

select
    channels.channel,
    thresholds.kpi_id,
    coalesce(
        max(thresholds.seconds) filter (where thresholds.channel = channels.channel),
        max(thresholds.seconds) filter (where thresholds.channel = '*')
    ) as seconds
from channels
inner join thresholds on thresholds.channel in (channels.channel, '*')
group by channels.channel, thresholds.kpi_id
