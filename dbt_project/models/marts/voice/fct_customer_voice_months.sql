with

ratings as (

    select
        source_system,
        account_id,
        shop,
        customer_key,
        cast(date_trunc('month', answered_date) as date) as month_date,
        is_satisfied,
        answered_at,
        survey_key
    from {{ ref('fct_surveys') }}
    where kind = 'csat' and is_answered and customer_key != 'unknown'

),

services as (

    select
        source_system,
        account_id,
        shop,
        customer_key,
        cast(date_trunc('month', contact_date) as date) as month_date
    from {{ ref('int_customer_contacts') }}
    where answered_at is not null

),

-- The last rating of the month says what the customer thinks.
rated as (

    select
        source_system,
        account_id,
        shop,
        customer_key,
        month_date,
        max_by(is_satisfied, (answered_at, survey_key)) as is_satisfied
    from ratings
    group by source_system, account_id, shop, customer_key, month_date

),

served as (

    select distinct source_system, account_id, shop, customer_key, month_date
    from services

)

-- One row a customer, shop and month on both sides.
select
    coalesce(served.source_system, rated.source_system) as source_system,
    coalesce(served.account_id, rated.account_id) as account_id,
    coalesce(served.shop, rated.shop) as shop,
    coalesce(served.customer_key, rated.customer_key) as customer_key,
    served.customer_key is not null as is_served,
    rated.customer_key is not null as is_rated,
    coalesce(rated.is_satisfied, false) as is_satisfied,
    coalesce(served.month_date, rated.month_date) as month_date
from served
full outer join rated
    on
        rated.source_system = served.source_system
        and rated.account_id = served.account_id
        and rated.shop = served.shop
        and rated.customer_key = served.customer_key
        and rated.month_date = served.month_date
order by month_date, source_system, account_id, shop, customer_key
