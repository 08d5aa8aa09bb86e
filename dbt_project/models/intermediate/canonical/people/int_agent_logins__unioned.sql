{{ config(materialized='view') }}

with

logins as (

    select *
    from {{ ref('stg_workforce__logins') }}

),

agents as (

    select source_system, account_id, agent_key, agent_id, agent_name
    from {{ ref('int_agents__unioned') }}

)

-- A sheet of logins names what its author sees, which may be the nickname beside the login: every
-- agent of that account under either is the employee. One row an employee, login and agent.
select
    logins.source_system,
    logins.account_id,
    {{ hash_key(['logins.source_system', 'logins.account_id', 'logins.employee_no']) }}
        as employee_key,
    agents.agent_key,
    logins.employee_no,
    logins.login_system,
    logins.login_account_id,
    logins.login,
    logins.valid_from,
    logins.valid_to
from logins
left join agents
    on
        agents.source_system = logins.login_system
        and agents.account_id = logins.login_account_id
        and (agents.agent_id = logins.login or agents.agent_name = logins.login)
