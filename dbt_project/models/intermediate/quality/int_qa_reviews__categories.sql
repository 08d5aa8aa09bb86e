with

reviews as (

    select review_key
    from {{ ref('int_qa_reviews__placed') }}

),

categories as (

    select category, is_checked, is_information, is_service_error, is_critical
    from {{ ref('qa_categories') }}

),

items as (

    select
        items.review_key,
        coalesce(item_categories.category, 'other') as category,
        items.score
    from {{ ref('int_qa_items__unioned') }} as items
    left join {{ ref('qa_items') }} as item_categories
        on item_categories.item = lower(trim(items.item))
    where items.item_kind = 'deduction'

),

deductions as (

    select
        review_key,
        category,
        count(*) as deduction_count,
        -sum(score) as deducted_points
    from items
    group by review_key, category

)

-- A review judges each category of the scorecard; one without a deduction was in order.
select
    reviews.review_key,
    categories.category,
    coalesce(deductions.deduction_count, 0) as deduction_count,
    cast(coalesce(deductions.deducted_points, 0) as double) as deducted_points,
    deductions.review_key is not null as is_failed,
    categories.is_information,
    categories.is_service_error,
    categories.is_critical
from reviews
cross join categories
left join deductions
    on
        deductions.review_key = reviews.review_key
        and deductions.category = categories.category
where categories.is_checked or deductions.review_key is not null
