with

source as (

    {{ newest_versions(source('chatwoot', 'survey_answers'), ['link', 'recorded_at'], [
        'link',
        'recorded_at',
        'rating',
        'agent',
    ]) }}

),

agents as (

    select account_id, agent_name, min(agent_id) as agent_id
    from {{ ref('stg_chatwoot__agents') }}
    group by account_id, agent_name

),

numbered as (

    select
        *,
        regexp_extract(link, '(\d+)/?$', 1) as ticket_id,
        trim(replace(agent, '*', '')) as agent_name,
        cast(rating as integer) as score
    from source

)

-- One row a name: an answer stays one row.
select
    'chatwoot' as source_system,
    numbered._account_id as account_id,
    numbered.ticket_id || '@' || numbered.recorded_at as survey_id,
    numbered.ticket_id,
    agents.agent_id,
    numbered.rating as score_raw,
    (numbered.score - 1) / 4.0 as score_norm,
    case
        when numbered.score >= 4 then 'good'
        when numbered.score = 3 then 'neutral'
        else 'bad'
    end as sentiment,
    {{ utc_timestamp('numbered.recorded_at') }} as created_at,
    {{ utc_timestamp('numbered.recorded_at') }} as updated_at
from numbered
left join agents
    on
        agents.account_id = numbered._account_id
        and agents.agent_name = numbered.agent_name
where numbered.score between 1 and 5
