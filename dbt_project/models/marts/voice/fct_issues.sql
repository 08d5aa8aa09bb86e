with

contacts as (

    select
        *,
        coalesce(buyer_key, customer_key) as person
    from {{ ref('int_customer_contacts') }}
    where not is_agent_initiated

),

parameters as (

    select cast({{ kpi_parameter('ces', 'issue_gap_days') }} as integer) as gap_days

),

accounts as (

    select source_system, account_id, as_of_at
    from {{ ref('int_accounts__as_of') }}

),

-- What a contact is about is rarely known: contacts of one person that follow one another closely
-- are one issue.
spaced as (

    select
        contacts.*,
        parameters.gap_days,
        coalesce(
            contacts.contact_at
            > lag(contacts.contact_at) over by_person + to_days(parameters.gap_days),
            true
        ) as is_first
    from contacts
    cross join parameters
    window
        by_person as (
            partition by contacts.person order by contacts.contact_at, contacts.contact_key
        )

),

numbered as (

    select
        *,
        count(*) filter (where is_first) over (
            partition by person
            order by contact_at, contact_key
            rows between unbounded preceding and current row
        ) as issue_no
    from spaced

),

issues as (

    select
        person,
        issue_no,
        min_by(contact_key, (contact_at, contact_key)) as issue_key,
        min_by(source_system, (contact_at, contact_key)) as source_system,
        min_by(account_id, (contact_at, contact_key)) as account_id,
        min_by(shop, (contact_at, contact_key)) as shop,
        min_by(channel, (contact_at, contact_key)) as channel,
        any_value(gap_days) as gap_days,
        count(*) as contact_count,
        min(contact_date) as started_date,
        min(contact_at) as started_at,
        max(contact_at) as last_contact_at
    from numbered
    group by person, issue_no

)

select
    issues.issue_key,
    issues.person as buyer_key,
    issues.source_system,
    issues.account_id,
    issues.shop,
    issues.channel,
    issues.contact_count,
    issues.last_contact_at + to_days(issues.gap_days) <= accounts.as_of_at as is_closed,
    issues.started_date,
    issues.started_at,
    issues.last_contact_at
from issues
inner join accounts
    on
        accounts.source_system = issues.source_system
        and accounts.account_id = issues.account_id
order by issues.started_at, issues.issue_key
