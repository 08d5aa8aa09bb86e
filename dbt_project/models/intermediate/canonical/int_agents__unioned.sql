with

zendesk_staff as (

    select
        source_system,
        account_id,
        user_id as agent_id,
        staff_name as agent_name,
        team_id,
        role,
        is_active
    from {{ ref('stg_zendesk__users') }}
    where is_staff

),

-- Of an employee the newest row of the roster; it holds on until the day after he or she left.
employees as (

    select
        source_system,
        account_id,
        employee_no as agent_id,
        full_name as agent_name,
        team_name as team_id,
        coalesce(role, 'unknown') as role,
        left_date is null as is_active
    from {{ ref('int_roster__versioned') }}
    qualify row_number() over (
        partition by source_system, account_id, employee_no order by valid_from desc
    ) = 1

),

-- A source gives the columns that it knows; the others are null.
staff as (

    select *
    from zendesk_staff

    union all by name

    select *
    from {{ ref('stg_freshdesk__agents') }}

    union all by name

    select *
    from {{ ref('stg_intercom__admins') }}

    union all by name

    select *
    from {{ ref('stg_chatwoot__agents') }}

    union all by name

    select *
    from {{ ref('stg_qiyu__staff') }}

    union all by name

    select *
    from {{ ref('stg_udesk__staff') }}

    union all by name

    select *
    from employees

),

-- Who owned a ticket or wrote an internal note was staff then, whatever today's user list says.
-- On calls, in reports and in reviews an agent is a login or nickname, which is the name too.
seen_somewhere as (

    select source_system, account_id, assignee_id as agent_id, cast(null as text) as agent_name
    from {{ ref('int_tickets__unioned') }}
    where assignee_id is not null

    union

    select source_system, account_id, new_value as agent_id, cast(null as text) as agent_name
    from {{ ref('int_ticket_events__unioned') }}
    where event_type = 'assignee' and new_value is not null

    union

    select source_system, account_id, author_id as agent_id, cast(null as text) as agent_name
    from {{ ref('int_messages__unioned') }}
    where (not is_public or author_id = '-1') and author_id is not null

    union

    select source_system, account_id, author_id as agent_id, cast(null as text) as agent_name
    from {{ ref('int_messages__unioned') }}
    where stated_author_type in ('agent', 'bot') and author_id is not null

    union

    select
        source_system,
        account_id,
        stated_solver_id as agent_id,
        cast(null as text) as agent_name
    from {{ ref('int_tickets__unioned') }}
    where stated_solver_id is not null

    union

    select source_system, account_id, agent_id, agent_id as agent_name
    from {{ ref('int_calls__unioned') }}
    where agent_id is not null

    union

    select source_system, account_id, agent_id, agent_name
    from {{ ref('int_agent_day_reports__unioned') }}
    where agent_id is not null

    union

    select source_system, account_id, agent_id, agent_id as agent_name
    from {{ ref('int_qa_reviews__unioned') }}
    where agent_id is not null

),

seen_at_work as (

    select source_system, account_id, agent_id, max(agent_name) as agent_name
    from seen_somewhere
    group by source_system, account_id, agent_id

),

bot_rules as (

    select source_system, attribute, pattern
    from {{ ref('bot_rules') }}

),

known_and_seen as (

    select
        coalesce(staff.source_system, seen_at_work.source_system) as source_system,
        coalesce(staff.account_id, seen_at_work.account_id) as account_id,
        coalesce(staff.agent_id, seen_at_work.agent_id) as agent_id,
        coalesce(staff.agent_name, seen_at_work.agent_name) as agent_name,
        staff.team_id,
        coalesce(staff.role, 'unknown') as role,
        coalesce(staff.is_active, false) as is_active,
        staff.agent_id is not null as is_listed
    from staff
    full outer join seen_at_work
        on
            seen_at_work.source_system = staff.source_system
            and seen_at_work.account_id = staff.account_id
            and seen_at_work.agent_id = staff.agent_id

),

-- Several rules may match one agent; distinct keeps one row each, so the join can't multiply.
bots as (

    select distinct
        agents.source_system,
        agents.account_id,
        agents.agent_id
    from known_and_seen as agents
    inner join bot_rules
        on
            bot_rules.source_system in (agents.source_system, '*')
            and regexp_matches(
                case bot_rules.attribute
                    when 'agent_id' then agents.agent_id
                    when 'name' then lower(agents.agent_name)
                end,
                bot_rules.pattern
            )

)

select
    agents.source_system,
    agents.account_id,
    {{ hash_key(['agents.source_system', 'agents.account_id', 'agents.agent_id']) }} as agent_key,
    agents.agent_id,
    coalesce(
        agents.agent_name, case when agents.agent_id = '-1' then 'System' end, 'unknown'
    ) as agent_name,
    agents.team_id,
    agents.role,
    bots.agent_id is not null as is_bot,
    agents.is_active,
    agents.is_listed
from known_and_seen as agents
left join bots
    on
        bots.source_system = agents.source_system
        and bots.account_id = agents.account_id
        and bots.agent_id = agents.agent_id
