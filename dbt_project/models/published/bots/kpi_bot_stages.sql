{#- Two ways through a conversation. Each stage keeps a part of the one before it. -#}
{%- set paths = {
    'bot': [
        ('began', 'true'),
        ('kept', 'not is_handed_over'),
        ('solved', "outcome in ('confirmed', 'judged')"),
        ('not_repeated', 'is_resolved'),
    ],
    'human': [
        ('began', 'true'),
        ('handed_over', 'is_handed_over'),
        ('answered', 'is_handed_over and human_response_seconds is not null'),
    ],
} %}
with

-- Whether the customer asks again is not known before.
sessions as (

    select *
    from {{ ref('fct_bot_sessions') }}
    where in_p2 and is_matured

),

tickets as (

    select ticket_key, topic
    from {{ ref('fct_tickets') }}

),

-- One ticket a session.
described as (

    select sessions.*, tickets.topic
    from sessions
    inner join tickets on tickets.ticket_key = sessions.ticket_key

),

reached as (

    {% for path, stages in paths.items() -%}
    {%- for stage, condition in stages -%}
    select
        *,
        '{{ path }}' as path,
        '{{ stage }}' as stage,
        {{ loop.index }} as stage_no
    from described
    where {{ condition }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}

)

select
    started_date as local_date,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    bot_name,
    topic,
    path,
    stage,
    cast(stage_no as integer) as stage_no,
    count(*) as conversations,
    {{ build_id() }} as build_id
from reached
group by
    started_date,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    bot_name,
    topic,
    path,
    stage,
    stage_no
order by local_date, path, stage_no
