-- The measures are those of the semantic model qa_items.
with

items as (

    select
        reviewed_date,
        source_system,
        account_id,
        agent_id,
        team_name,
        category,
        count(*) as qa_categories_judged,
        count(*) filter (where not is_failed) as qa_categories_in_order
    from {{ ref('fct_qa_items') }}
    where not is_deleted
    group by reviewed_date, source_system, account_id, agent_id, team_name, category

),

agents as (

    select source_system, account_id, agent_id, person_key, person_name
    from {{ ref('dim_agents') }}

)

-- One agent a login of an account; who is not listed stays unknown.
select
    items.reviewed_date as local_date,
    coalesce(agents.person_key, 'unknown') as person_key,
    coalesce(agents.person_name, 'unknown') as person_name,
    items.team_name,
    items.category,
    cast(sum(items.qa_categories_judged) as bigint) as qa_categories_judged,
    cast(sum(items.qa_categories_in_order) as bigint) as qa_categories_in_order,
    {{ build_id() }} as build_id
from items
left join agents
    on
        agents.source_system = items.source_system
        and agents.account_id = items.account_id
        and agents.agent_id = items.agent_id
group by
    items.reviewed_date,
    coalesce(agents.person_key, 'unknown'),
    coalesce(agents.person_name, 'unknown'),
    items.team_name,
    items.category
order by local_date, person_key, items.category
