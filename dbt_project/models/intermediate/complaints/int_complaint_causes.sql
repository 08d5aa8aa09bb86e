with

stated as (

    select distinct stated_cause
    from {{ ref('int_complaints__cases') }}
    where stated_cause is not null

),

phrases as (

    select
        cause,
        unnest(string_split(phrases, '|')) as phrase
    from {{ ref('complaint_causes') }}
    where phrases is not null

),

-- The longest phrase found decides; of equally long ones the first by name.
found as (

    select
        stated.stated_cause,
        phrases.cause
    from stated
    inner join phrases on contains(lower(stated.stated_cause), phrases.phrase)
    qualify row_number() over (
        partition by stated.stated_cause
        order by length(phrases.phrase) desc, phrases.cause asc, phrases.phrase asc
    ) = 1

)

-- One row a stated cause.
select
    stated.stated_cause,
    coalesce(found.cause, 'other') as cause
from stated
left join found on found.stated_cause = stated.stated_cause
