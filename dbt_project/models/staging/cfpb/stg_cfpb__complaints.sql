with

source as (

    {{ newest_versions(source('cfpb', 'complaints'), ['complaint_id'], [
        'complaint_id',
        'received_at',
        'sent_to_company_at',
        'product',
        'sub_product',
        'issue',
        'sub_issue',
        'company',
        'state',
        'submitted_via',
        'company_response',
        'is_timely',
        'is_disputed',
    ]) }}

)

-- A complaint that nobody marked as disputed is not one that was marked as undisputed.
select
    'cfpb' as source_system,
    _account_id as account_id,
    complaint_id,
    company as owner,
    product,
    sub_product,
    issue,
    sub_issue,
    state as region,
    lower(submitted_via) as channel_raw,
    company_response as outcome,
    case when lower(company_response) like 'closed%' then 'closed' else 'open' end as status,
    cast(is_timely as boolean) as is_timely,
    cast(is_disputed as boolean) as is_disputed,
    {{ utc_timestamp('received_at') }} as received_at,
    {{ utc_timestamp('sent_to_company_at') }} as sent_to_owner_at
from source
