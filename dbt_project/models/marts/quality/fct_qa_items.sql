with

reviews as (

    select *
    from {{ ref('int_qa_reviews__placed') }}

),

categories as (

    select *
    from {{ ref('int_qa_reviews__categories') }}

)

-- One review a row of categories.
select
    {{ hash_key(['categories.review_key', 'categories.category']) }} as qa_item_key,
    categories.review_key,
    reviews.source_system,
    reviews.account_id,
    coalesce(reviews.agent_id, 'unknown') as agent_id,
    reviews.scorecard,
    reviews.channel,
    reviews.team_name,
    categories.category,
    categories.deduction_count,
    categories.deducted_points,
    categories.is_failed,
    categories.is_information,
    categories.is_service_error,
    categories.is_critical,
    reviews.is_deleted,
    reviews.reviewed_date
from categories
inner join reviews
    on reviews.review_key = categories.review_key
order by reviews.reviewed_date, categories.review_key, categories.category
