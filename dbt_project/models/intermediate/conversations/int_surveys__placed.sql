with

surveys as (

    select survey_key, source_system, account_id, ticket_system, ticket_account_id, agent_id
    from {{ ref('int_surveys__answered') }}

),

accounts as (

    select source_system, account_id
    from {{ ref('int_accounts__as_of') }}

),

agents as (

    select source_system, account_id, agent_key, agent_id
    from {{ ref('int_agents__unioned') }}

),

logins as (

    select employee_key, employee_no, login, agent_key
    from {{ ref('int_agent_logins__unioned') }}

),

-- A survey tool asks about tickets of other systems: the answer counts where the ticket does.
placed as (

    select
        surveys.survey_key,
        coalesce(accounts.source_system, surveys.source_system) as source_system,
        coalesce(accounts.account_id, surveys.account_id) as account_id,
        surveys.agent_id as stated_agent
    from surveys
    left join accounts
        on
            accounts.source_system = surveys.ticket_system
            and accounts.account_id = surveys.ticket_account_id

),

-- What else an employee is called: the number, and the logins of other systems.
names as (

    select employee_key, employee_no as stated_agent
    from logins

    union

    select employee_key, login as stated_agent
    from logins

),

-- One agent a name and account; a name that two employees have is nobody's.
known_by as (

    select
        names.stated_agent,
        agents.source_system,
        agents.account_id,
        min(agents.agent_id) as agent_id
    from names
    inner join logins on logins.employee_key = names.employee_key
    inner join agents on agents.agent_key = logins.agent_key
    group by names.stated_agent, agents.source_system, agents.account_id
    having count(distinct names.employee_key) = 1

)

-- An agent whom the account never saw is no agent of it, so that no key leads nowhere.
select
    placed.survey_key,
    placed.source_system,
    placed.account_id,
    coalesce(agents.agent_id, known_by.agent_id) as agent_id
from placed
left join agents
    on
        agents.source_system = placed.source_system
        and agents.account_id = placed.account_id
        and agents.agent_id = placed.stated_agent
left join known_by
    on
        known_by.source_system = placed.source_system
        and known_by.account_id = placed.account_id
        and known_by.stated_agent = placed.stated_agent
