with

source as (

    {{ newest_versions(
        source('workforce', 'exams'),
        ['employee_no', 'course_id', 'exam_kind', 'attempt_no'],
        [
            'employee_no',
            'course_id',
            'exam_kind',
            'attempt_no',
            'score',
            'max_score',
            'pass_score',
            'correct_answers',
            'questions',
            'is_passed',
            'sat_on',
        ],
    ) }}

),

typed as (

    select
        *,
        cast(score as decimal(9, 2)) as score_value,
        cast(coalesce(max_score, '100') as decimal(9, 2)) as max_score_value,
        cast(pass_score as decimal(9, 2)) as pass_score_value
    from source

)

select
    'workforce' as source_system,
    _account_id as account_id,
    employee_no,
    course_id,
    case
        when lower(exam_kind) in ('before', 'pre', '前测', '培训前') then 'before'
        when lower(exam_kind) in ('after', 'post', '后测', '培训后') then 'after'
        when lower(exam_kind) in ('retest', '复试', '补考') then 'retest'
        else 'other'
    end as exam_kind,
    cast(attempt_no as integer) as attempt_no,
    score_value as score,
    max_score_value as max_score,
    cast(correct_answers as integer) as correct_count,
    cast(questions as integer) as question_count,
    coalesce(cast(is_passed as boolean), score_value >= pass_score_value) as is_passed,
    cast(sat_on as date) as sat_date
from typed
