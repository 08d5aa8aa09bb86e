with

quarters as (

    select period_start, is_partial, is_latest
    from {{ ref('kpi_values') }}
    where
        kpi_id = 'repeat_inquiry_rate'
        and period_type = 'quarter'
        and grain = 'total'

),

costs as (

    select period_start, value as cost_per_contact
    from {{ ref('kpi_values') }}
    where
        kpi_id = 'cost_per_contact'
        and period_type = 'quarter'
        and grain = 'total'

),

repeats as (

    select
        cast(date_trunc('quarter', local_date) as date) as period_start,
        topic,
        team_name,
        cast(sum(episodes) as bigint) as contacts,
        cast(sum(episodes_repeat) as bigint) as repeated_contacts
    from {{ ref('kpi_resolution_daily') }}
    where episodes > 0
    group by all

)

-- One cost a quarter, of the whole desk: what one contact costs is not booked by team.
select
    repeats.period_start,
    repeats.topic,
    repeats.team_name,
    repeats.contacts,
    repeats.repeated_contacts,
    repeats.repeated_contacts * costs.cost_per_contact as repeat_cost,
    quarters.is_partial,
    quarters.is_latest,
    {{ build_id() }} as build_id
from repeats
inner join quarters on quarters.period_start = repeats.period_start
left join costs on costs.period_start = repeats.period_start
order by repeats.period_start, repeats.topic, repeats.team_name
