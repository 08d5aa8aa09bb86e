with

complaints as (

    select source_system, account_id, shop, cause, received_date
    from {{ ref('fct_complaints') }}

),

days as (

    select
        source_system,
        account_id,
        shop,
        received_date,
        count(*) as complaints_beside
    from complaints
    group by source_system, account_id, shop, received_date

),

causes as (

    select cause
    from {{ ref('complaint_causes') }}

),

counted as (

    select
        source_system,
        account_id,
        shop,
        received_date,
        cause,
        count(*) as complaint_count
    from complaints
    group by source_system, account_id, shop, received_date, cause

)

-- Every cause has a row on every day with a complaint, an empty one too: the complaints beside it
-- are the base of its share.
select
    days.source_system,
    days.account_id,
    days.shop,
    causes.cause,
    cast(coalesce(counted.complaint_count, 0) as bigint) as complaint_count,
    days.complaints_beside,
    days.received_date
from days
cross join causes
left join counted
    on
        counted.source_system = days.source_system
        and counted.account_id = days.account_id
        and counted.shop = days.shop
        and counted.received_date = days.received_date
        and counted.cause = causes.cause
order by days.received_date, days.source_system, days.account_id, days.shop, causes.cause
