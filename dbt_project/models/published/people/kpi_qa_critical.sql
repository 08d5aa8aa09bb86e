with

reviews as (

    select *
    from {{ ref('fct_qa_reviews') }}
    where is_critical_failed and not is_deleted

),

agents as (

    select source_system, account_id, agent_id, person_key, person_name
    from {{ ref('dim_agents') }}

)

-- One agent a login of an account.
select
    reviews.review_key,
    reviews.reviewed_date as local_date,
    reviews.review_id,
    reviews.conversation_id,
    agents.person_key,
    agents.person_name,
    reviews.team_name,
    reviews.channel,
    reviews.scorecard,
    case
        when reviews.is_overturned then 'overturned'
        when reviews.is_disputed then 'disputed'
        else 'undisputed'
    end as dispute,
    {{ build_id() }} as build_id
from reviews
left join agents
    on
        agents.source_system = reviews.source_system
        and agents.account_id = reviews.account_id
        and agents.agent_id = reviews.agent_id
order by reviews.reviewed_date desc, reviews.review_key asc
