with

source as (

    {{ newest_versions(
        source('workforce', 'trainings'),
        ['employee_no', 'course_id', 'completed_on'],
        [
            'employee_no',
            'course_id',
            'course_name',
            'cohort',
            'hours',
            'started_on',
            'completed_on',
        ],
    ) }}

)

select
    'workforce' as source_system,
    _account_id as account_id,
    employee_no,
    course_id,
    course_name,
    cohort,
    cast(hours as decimal(9, 2)) as hours,
    cast(started_on as date) as started_date,
    cast(completed_on as date) as completed_date
from source
