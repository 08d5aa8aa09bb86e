with

targets as (

    select *
    from {{ ref('fct_sla_targets') }}

)

-- A target that was cancelled promised nothing; one still undecided leaves the ticket undecided.
select
    {{ hash_key(['ticket_key', 'policy_id']) }} as sla_policy_ticket_key,
    ticket_key,
    ticket_id,
    source_system,
    account_id,
    shop,
    channel,
    team_id,
    team_name,
    priority,
    policy_id,
    policy_name,
    cast(count(*) filter (where sla_status != 'cancelled') as integer) as target_count,
    cast(count(*) filter (where is_breached) as integer) as breached_count,
    in_p2,
    count(*) filter (where sla_status != 'cancelled') > 0
    and count(*) filter (where sla_status != 'cancelled' and not is_decided) = 0 as is_decided,
    count(*) filter (where is_breached) = 0 as is_passed,
    max(deadline_date) filter (where sla_status != 'cancelled') as deadline_date
from targets
group by
    ticket_key,
    ticket_id,
    source_system,
    account_id,
    shop,
    channel,
    team_id,
    team_name,
    priority,
    policy_id,
    policy_name,
    in_p2
order by deadline_date, sla_policy_ticket_key
