with

source as (

    {{ newest_versions(
        source('workforce', 'hr_events'),
        ['employee_no', 'event_type', 'event_on'],
        ['employee_no', 'event_type', 'event_on', 'team', 'is_voluntary', 'is_trainee'],
    ) }}

)

select
    'workforce' as source_system,
    _account_id as account_id,
    employee_no,
    team as team_name,
    case
        when lower(event_type) in ('hired', 'joined', '入职') then 'hired'
        when lower(event_type) in ('left', 'leaver', '离职') then 'left'
        when lower(event_type) in ('transferred', '调岗', '转岗') then 'transferred'
        when lower(event_type) in ('promoted', '晋升') then 'promoted'
        else 'other'
    end as event_type,
    cast(is_voluntary as boolean) as is_voluntary,
    cast(is_trainee as boolean) as is_trainee,
    cast(event_on as date) as event_date
from source
