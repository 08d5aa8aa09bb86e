with

source as (

    {{ newest_versions(source('targets', 'actions'), ['action_id'], [
        'action_id',
        'kpi_id',
        'action',
        'owner',
        'team',
        'opened_on',
        'due_on',
        'closed_on',
    ]) }}

)

select
    'targets' as source_system,
    _account_id as account_id,
    action_id,
    kpi_id,
    action,
    owner,
    team as team_name,
    cast(opened_on as date) as opened_date,
    cast(due_on as date) as due_date,
    cast(closed_on as date) as closed_date
from source
