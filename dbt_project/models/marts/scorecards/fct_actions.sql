with

actions as (

    select *
    from {{ ref('int_actions__unioned') }}

),

reach as (

    select max(as_of_date) as as_of_date
    from {{ ref('int_accounts__as_of') }}

)

select
    {{ hash_key(['actions.source_system', 'actions.account_id', 'actions.action_id']) }}
        as action_key,
    actions.source_system,
    actions.account_id,
    actions.action_id,
    coalesce(actions.kpi_id, 'none') as kpi_id,
    coalesce(actions.owner, 'unknown') as action_owner,
    coalesce(actions.team_name, 'unknown') as team_name,
    actions.action,
    actions.due_date < reach.as_of_date or actions.closed_date is not null as is_decided,
    coalesce(actions.closed_date <= actions.due_date, false) as is_closed_in_time,
    actions.closed_date is not null as is_closed,
    actions.opened_date,
    actions.due_date,
    actions.closed_date
from actions
cross join reach
order by actions.due_date, action_key
