{#- Grain: ticket. Whether a rule of the registry (seed ticket_rules, set `complex`) calls it a
    complex issue, and which rule does first. -#}
{{ config(materialized='view') }}

with

tickets as (

    select ticket_key, priority, group_station_count
    from {{ ref('int_tickets__classified') }}

),

tags as (

    select ticket_key, unnest(tags) as tag
    from {{ ref('int_tickets__unioned') }}

),

topics as (

    select ticket_key, topic
    from {{ ref('int_ticket_topics') }}

),

turns as (

    select ticket_key, count(*) as turn_count
    from {{ ref('int_turns') }}
    group by ticket_key

),

rules as (

    select attribute, value
    from {{ ref('ticket_rules') }}
    where rule_set = 'complex'

),

limits as (

    select
        min(cast(value as integer)) filter (where attribute = 'min_turns') as min_turns,
        min(cast(value as integer)) filter (where attribute = 'min_groups') as min_groups
    from rules
    where attribute in ('min_turns', 'min_groups')

),

complaining as (

    select tags.ticket_key
    from tags
    inner join rules on rules.attribute = 'tag' and rules.value = tags.tag
    group by tags.ticket_key

),

-- Topics, turns and complaints have at most one row a ticket; a priority or topic is one rule.
judged as (

    select
        tickets.ticket_key,
        case
            when topic_rules.value is not null or complaining.ticket_key is not null
                then 'complaint'
            when priority_rules.value is not null then 'priority'
            when turns.turn_count >= limits.min_turns then 'turns'
            when tickets.group_station_count >= limits.min_groups then 'groups'
        end as complex_by
    from tickets
    cross join limits
    left join turns on turns.ticket_key = tickets.ticket_key
    left join topics on topics.ticket_key = tickets.ticket_key
    left join complaining on complaining.ticket_key = tickets.ticket_key
    left join rules as priority_rules
        on
            priority_rules.attribute = 'priority'
            and priority_rules.value = tickets.priority
    left join rules as topic_rules
        on
            topic_rules.attribute = 'topic'
            and topic_rules.value = topics.topic

)

select
    ticket_key,
    coalesce(complex_by, 'none') as complex_by,
    complex_by is not null as is_complex
from judged
