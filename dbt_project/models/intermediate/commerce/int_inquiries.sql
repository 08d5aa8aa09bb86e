with

contacts as (

    select *
    from {{ ref('int_customer_contacts') }}
    where not is_bot_only and not is_agent_initiated

),

orders as (

    select order_key, buyer_key, paid_amount, paid_date, paid_at
    from {{ ref('int_orders__valued') }}
    where is_paid and buyer_key is not null

),

parameters as (

    select
        max(value) filter (where parameter = 'window_days') as window_days,
        max(value) filter (where parameter = 'final_window_days') as final_window_days
    from {{ ref('kpi_parameters') }}
    where kpi_id = 'inquiry_conversion_rate' and channel = '*'

),

-- What a customer asks within a day at one helpdesk is one inquiry, of the agent who had it first.
inquiries as (

    select
        source_system,
        account_id,
        customer_key,
        contact_date,
        max(buyer_key) as buyer_key,
        min_by(shop, (contact_at, contact_key)) as shop,
        min_by(channel, (contact_at, contact_key)) as channel,
        min_by(
            case when agent_id != 'unknown' then agent_id end,
            case when agent_id != 'unknown' then contact_at end
        ) as agent_id,
        min_by(wait_seconds, (contact_at, contact_key)) as wait_seconds,
        count(answered_at) > 0 as is_served,
        count(*) as contact_count,
        min(contact_at) as contact_at
    from contacts
    group by source_system, account_id, customer_key, contact_date

),

keyed as (

    select
        *,
        {{ hash_key([
            'source_system',
            'account_id',
            'customer_key',
            'cast(contact_date as text)',
        ]) }} as inquiry_key
    from inquiries

),

-- Orders that the same person paid after the inquiry, within the longer window.
followed as (

    select
        keyed.inquiry_key,
        orders.order_key,
        orders.paid_amount,
        orders.paid_date < keyed.contact_date + cast(parameters.window_days as integer)
            as is_within_window,
        row_number() over (
            partition by orders.order_key
            order by not keyed.is_served asc, keyed.contact_at desc, keyed.inquiry_key asc
        ) as claim_no,
        keyed.is_served
    from keyed
    cross join parameters
    inner join orders
        on
            orders.buyer_key = keyed.buyer_key
            and orders.paid_at >= keyed.contact_at
            and orders.paid_date
            < keyed.contact_date
            + cast(greatest(parameters.window_days, parameters.final_window_days) as integer)

),

-- An order is the sale of one inquiry alone, the last one served before the payment.
outcomes as (

    select
        inquiry_key,
        bool_or(is_within_window) as is_converted,
        true as is_converted_final,
        {{ exact_sum(
            'paid_amount', where='claim_no = 1 and is_served and is_within_window'
        ) }} as sales_amount,
        count(*) filter (where claim_no = 1 and is_served and is_within_window) as sales_count
    from followed
    group by inquiry_key

)

-- One row of parameters, one outcome an inquiry.
select
    keyed.*,
    coalesce(outcomes.is_converted, false) as is_converted,
    coalesce(outcomes.is_converted_final, false) as is_converted_final,
    outcomes.sales_amount,
    coalesce(outcomes.sales_count, 0) as sales_count,
    keyed.contact_date + cast(parameters.window_days as integer) as window_ends_date,
    keyed.contact_date + cast(parameters.final_window_days as integer) as final_window_ends_date
from keyed
cross join parameters
left join outcomes on outcomes.inquiry_key = keyed.inquiry_key
