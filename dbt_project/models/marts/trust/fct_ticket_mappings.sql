with

tickets as (

    select *
    from {{ ref('fct_tickets') }}

),

listed_agents as (

    select source_system, account_id, agent_id
    from {{ ref('dim_agents') }}
    where is_listed

),

-- An agent of an account is one row. Whom a ticket was never given to can't be unknown.
flagged as (

    select
        tickets.*,
        tickets.status = 'unknown' as is_status_unmapped,
        tickets.channel = 'unknown' as is_channel_unmapped,
        tickets.topic = 'unknown' as is_topic_unmapped,
        tickets.assignee_id != 'unknown' and listed_agents.agent_id is null as is_agent_unmapped
    from tickets
    left join listed_agents
        on
            listed_agents.source_system = tickets.source_system
            and listed_agents.account_id = tickets.account_id
            and listed_agents.agent_id = tickets.assignee_id

)

select
    ticket_key,
    ticket_id,
    source_system,
    account_id,
    ticket_url,
    shop,
    channel,
    team_name,
    is_status_unmapped,
    is_channel_unmapped,
    is_topic_unmapped,
    is_agent_unmapped,
    is_status_unmapped or is_channel_unmapped or is_topic_unmapped or is_agent_unmapped
        as is_unmapped,
    created_date
from flagged
