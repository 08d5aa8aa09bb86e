with

agents as (

    select
        source_system,
        account_id,
        agent_key,
        agent_id,
        agent_name,
        is_bot
    from {{ ref('int_agents__unioned') }}

),

-- Of an employee the newest row of the roster.
employees as (

    select
        account_id,
        employee_key,
        employee_no,
        coalesce(full_name, employee_no) as person_name
    from {{ ref('int_roster__versioned') }}
    qualify row_number() over (partition by employee_key order by valid_from desc) = 1

),

-- A login that passed from one employee to the next is whose it was last.
holders as (

    select logins.agent_key, logins.employee_key
    from {{ ref('int_agent_logins__unioned') }} as logins
    inner join employees
        on employees.employee_key = logins.employee_key
    where logins.agent_key is not null
    qualify row_number() over (
        partition by logins.agent_key
        order by logins.valid_from desc, logins.valid_to desc, logins.employee_no asc
    ) = 1

),

-- The company's own sheets name employees by number, without a login. In a helpdesk the same text
-- may be anybody's id.
numbered as (

    select agents.agent_key, employees.employee_key
    from agents
    inner join employees
        on
            employees.account_id = agents.account_id
            and employees.employee_no = agents.agent_id
    where agents.source_system in ('workforce', 'quality')

),

resolved as (

    select
        agents.source_system,
        agents.account_id,
        agents.agent_key,
        agents.agent_id,
        agents.agent_name,
        agents.is_bot,
        coalesce(holders.employee_key, numbered.employee_key) as employee_key
    from agents
    left join holders
        on holders.agent_key = agents.agent_key
    left join numbered
        on numbered.agent_key = agents.agent_key

)

-- At most one employee an agent.
select
    resolved.source_system,
    resolved.account_id,
    resolved.agent_key,
    resolved.agent_id,
    resolved.employee_key,
    coalesce(resolved.employee_key, resolved.agent_key) as person_key,
    coalesce(employees.person_name, resolved.agent_name) as person_name,
    resolved.is_bot
from resolved
left join employees
    on employees.employee_key = resolved.employee_key
