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
        true as is_history_complete,
        true as is_first_solve_known,
        false as is_history_derived,
        true as has_messages,
        false as is_response_stated,
        false as is_outbound,
        false as is_bot_session,
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
        cast(null as boolean) as vendor_is_sla_met,
        metrics.vendor_first_assigned_at,
        metrics.vendor_solved_at,
        cast(null as text) as stated_first_status,
        cast(null as text) as stated_solver_id,
        cast(null as timestamp) as stated_first_response_at,
        cast(null as timestamp) as stated_first_solved_at,
        cast(null as timestamp) as stated_reopened_at,
        cast(null as timestamp) as stated_last_solved_at,
        cast(null as timestamp) as stated_closed_at,
        cast(null as timestamp) as stated_status_at,
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

),

-- A source gives the columns that it knows; the others are null.
unioned as (

    select *
    from zendesk

    union all by name

    select *
    from {{ ref('stg_freshdesk__tickets') }}

    union all by name

    select *
    from {{ ref('stg_zendesk_csv__tickets') }}

    union all by name

    select *
    from {{ ref('stg_freshdesk__ticket_exports') }}

    union all by name

    select *
    from {{ ref('stg_intercom__conversations') }}

    union all by name

    select *
    from {{ ref('stg_chatwoot__conversations') }}

    union all by name

    select *
    from {{ ref('stg_zammad__tickets') }}

    union all by name

    select *
    from {{ ref('stg_qiyu__tickets') }}

    union all by name

    select *
    from {{ ref('stg_udesk__tickets') }}

    union all by name

    select *
    from {{ ref('stg_qidian__sessions') }}

    union all by name

    select *
    from {{ ref('stg_servicenow__incidents') }}

    union all by name

    select *
    from {{ ref('stg_event_log__tickets') }}

)

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'ticket_id']) }} as ticket_key,
    ticket_id,
    external_ref,
    customer_id,
    submitter_id,
    assignee_id,
    organization_id,
    team_id,
    brand_id,
    shop,
    channel,
    type,
    priority,
    status_raw,
    status,
    tags,
    is_marked_merged,
    satisfaction_score,
    is_history_complete,
    is_first_solve_known,
    is_history_derived,
    has_messages,
    is_response_stated,
    is_outbound,
    is_bot_session,
    vendor_group_station_count,
    vendor_assignee_station_count,
    vendor_reopen_count,
    vendor_reply_count,
    vendor_first_reply_calendar_seconds,
    vendor_first_reply_business_seconds,
    vendor_first_resolution_calendar_seconds,
    vendor_first_resolution_business_seconds,
    vendor_full_resolution_calendar_seconds,
    vendor_full_resolution_business_seconds,
    vendor_agent_wait_calendar_seconds,
    vendor_agent_wait_business_seconds,
    vendor_requester_wait_calendar_seconds,
    vendor_requester_wait_business_seconds,
    vendor_on_hold_calendar_seconds,
    vendor_on_hold_business_seconds,
    vendor_is_sla_met,
    vendor_first_assigned_at,
    vendor_solved_at,
    stated_first_status,
    stated_solver_id,
    stated_first_response_at,
    stated_first_solved_at,
    stated_reopened_at,
    stated_last_solved_at,
    stated_closed_at,
    stated_status_at,
    due_at,
    created_at,
    updated_at,
    version_at,
    file_id,
    record_no
from unioned
