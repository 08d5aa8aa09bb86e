with

ratings as (

    select source_system, account_id, buyer_key, score, answered_date, survey_key
    from {{ ref('fct_surveys') }}
    where kind = 'csat' and is_answered and score is not null and buyer_key != 'unknown'

),

orders as (

    select buyer_key, paid_date
    from {{ ref('int_orders__valued') }}
    where is_paid and buyer_key is not null

),

orders_known as (

    select max(as_of_date) as as_of_date
    from {{ ref('int_accounts__as_of') }}
    where
        source_system in (
            select orders.source_system
            from {{ ref('int_orders__unioned') }} as orders
        )

),

parameters as (

    select
        cast(max(value) filter (where parameter = 'window_days') as integer) as window_days,
        max(value) filter (where parameter = 'low_below') as low_below,
        max(value) filter (where parameter = 'high_from') as high_from
    from {{ ref('kpi_parameters') }}
    where kpi_id = 'satisfaction_loyalty_link' and channel = '*'

),

quarters as (

    select
        source_system,
        account_id,
        buyer_key,
        cast(date_trunc('quarter', answered_date) as date) as quarter_date,
        {{ exact_mean('score') }} as mean_score,
        count(*) as rating_count,
        max(answered_date) as last_rated_date
    from ratings
    group by source_system, account_id, buyer_key, date_trunc('quarter', answered_date)

),

-- Only who had bought before the last rating can buy again.
bought as (

    select
        quarters.source_system,
        quarters.account_id,
        quarters.buyer_key,
        quarters.quarter_date,
        bool_or(orders.paid_date <= quarters.last_rated_date) as has_bought_before,
        bool_or(
            orders.paid_date > quarters.last_rated_date
            and orders.paid_date <= quarters.last_rated_date + parameters.window_days
        ) as has_repurchased
    from quarters
    cross join parameters
    inner join orders on orders.buyer_key = quarters.buyer_key
    group by
        quarters.source_system, quarters.account_id, quarters.buyer_key, quarters.quarter_date

)

-- One row of parameters; one row of purchases a customer and quarter.
select
    {{ hash_key([
        'quarters.source_system',
        'quarters.account_id',
        'quarters.buyer_key',
        'cast(quarters.quarter_date as text)',
    ]) }} as customer_quarter_key,
    quarters.source_system,
    quarters.account_id,
    quarters.buyer_key,
    case
        when quarters.mean_score < parameters.low_below then 'low'
        when quarters.mean_score < parameters.high_from then 'middle'
        else 'high'
    end as csat_band,
    quarters.mean_score,
    quarters.rating_count,
    coalesce(bought.has_bought_before, false) as has_bought_before,
    quarters.last_rated_date + parameters.window_days < orders_known.as_of_date as is_matured,
    coalesce(bought.has_repurchased, false) as has_repurchased,
    quarters.last_rated_date,
    quarters.quarter_date
from quarters
cross join parameters
cross join orders_known
left join bought
    on
        bought.source_system = quarters.source_system
        and bought.account_id = quarters.account_id
        and bought.buyer_key = quarters.buyer_key
        and bought.quarter_date = quarters.quarter_date
order by quarters.quarter_date, customer_quarter_key
