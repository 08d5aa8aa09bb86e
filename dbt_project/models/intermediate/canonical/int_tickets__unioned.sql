with

zendesk_tickets as (

    select *
    from {{ ref('stg_zendesk__tickets') }}

),

zendesk_metrics as (

    select *
    from {{ ref('stg_zendesk__ticket_metrics') }}

),

zendesk_brands as (

    select account_id, brand_id, brand_name
    from {{ ref('stg_zendesk__brands') }}

),

-- One metric set a ticket and one row a brand (both keys tested), so neither join multiplies.
zendesk as (

    select
        tickets.source_system,
        tickets.account_id,
        {{ hash_key(['tickets.source_system', 'tickets.account_id', 'tickets.ticket_id']) }}
            as ticket_key,
        tickets.ticket_id,
        tickets.external_ref,
        tickets.customer_id,
        tickets.submitter_id,
        tickets.assignee_id,
        tickets.organization_id,
        tickets.team_id,
        tickets.brand_id,
        coalesce(brands.brand_name, tickets.account_id) as shop,
        tickets.channel,
        tickets.type,
        tickets.priority,
        tickets.status_raw,
        tickets.status,
        tickets.tags,
        coalesce(tickets.via_rel = 'merge', false)
        or list_contains(tickets.tags, 'closed_by_merge') as is_marked_merged,
        tickets.satisfaction_score,
        metrics.vendor_group_station_count,
        metrics.vendor_assignee_station_count,
        metrics.vendor_reopen_count,
        metrics.vendor_reply_count,
        metrics.vendor_first_reply_calendar_seconds,
        metrics.vendor_first_reply_business_seconds,
        metrics.vendor_first_resolution_calendar_seconds,
        metrics.vendor_first_resolution_business_seconds,
        metrics.vendor_full_resolution_calendar_seconds,
        metrics.vendor_full_resolution_business_seconds,
        metrics.vendor_agent_wait_calendar_seconds,
        metrics.vendor_agent_wait_business_seconds,
        metrics.vendor_requester_wait_calendar_seconds,
        metrics.vendor_requester_wait_business_seconds,
        metrics.vendor_on_hold_calendar_seconds,
        metrics.vendor_on_hold_business_seconds,
        metrics.vendor_first_assigned_at,
        metrics.vendor_solved_at,
        tickets.due_at,
        tickets.created_at,
        tickets.updated_at,
        tickets.version_at,
        tickets.file_id,
        tickets.record_no
    from zendesk_tickets as tickets
    left join zendesk_metrics as metrics
        on
            metrics.account_id = tickets.account_id
            and metrics.ticket_id = tickets.ticket_id
    left join zendesk_brands as brands
        on
            brands.account_id = tickets.account_id
            and brands.brand_id = tickets.brand_id

)

select *
from zendesk
