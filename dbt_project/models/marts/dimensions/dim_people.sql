with

members as (

    select
        agent_key,
        person_key,
        person_name,
        team_name,
        role,
        is_bot
    from {{ ref('dim_agents') }}

),

-- Of an employee the newest row of the roster.
employees as (

    select
        employee_key as person_key,
        coalesce(full_name, employee_no) as person_name,
        coalesce(team_name, 'unknown') as team_name,
        coalesce(department, 'unknown') as department,
        coalesce(level, 'unknown') as level,
        coalesce(role, 'unknown') as role,
        hired_date,
        left_date,
        true as is_employee
    from {{ ref('int_roster__versioned') }}
    qualify row_number() over (partition by employee_key order by valid_from desc) = 1

),

-- Who is in no roster is exactly one agent.
others as (

    select
        members.person_key,
        members.person_name,
        members.team_name,
        'unknown' as department,
        'unknown' as level,
        members.role,
        cast(null as date) as hired_date,
        cast(null as date) as left_date,
        false as is_employee
    from members
    anti join employees
        on employees.person_key = members.person_key

),

people as (

    select *
    from employees

    union all

    select *
    from others

),

bots as (

    select person_key, bool_or(is_bot) as is_bot
    from members
    group by person_key

)

-- One row a person on either side.
select
    people.person_key,
    people.person_name,
    people.team_name,
    people.department,
    people.level,
    people.role,
    people.is_employee,
    coalesce(bots.is_bot, false) as is_bot,
    people.hired_date,
    people.left_date
from people
left join bots
    on bots.person_key = people.person_key
order by people.person_key
