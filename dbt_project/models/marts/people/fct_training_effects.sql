with

changes as (

    select *
    from {{ ref('fct_training_changes') }}

),

-- Who has no record on one side of the course shows no change.
arms as (

    select
        source_system,
        account_id,
        course_id,
        kpi,
        arm,
        completed_date,
        count(*) filter (where before_count > 0 and after_count > 0) as person_count,
        coalesce(
            {{ exact_sum('before_mean', where='before_count > 0 and after_count > 0') }}, 0
        ) as before_sum,
        coalesce(
            {{ exact_sum('after_mean', where='before_count > 0 and after_count > 0') }}, 0
        ) as after_sum,
        coalesce(
            {{ exact_sum(
                'power(after_mean - before_mean, 2)', where='before_count > 0 and after_count > 0'
            ) }},
            0
        ) as change_square_sum,
        sum(after_count) as after_record_count
    from changes
    group by source_system, account_id, course_id, kpi, arm, completed_date

),

sums as (

    select
        source_system,
        account_id,
        course_id,
        kpi,
        completed_date,
        {%- for arm in ('trained', 'control') %}
        coalesce(max(person_count) filter (where arm = '{{ arm }}'), 0) as {{ arm }}_count,
        coalesce(max(before_sum) filter (where arm = '{{ arm }}'), 0) as {{ arm }}_before_sum,
        coalesce(max(after_sum) filter (where arm = '{{ arm }}'), 0) as {{ arm }}_after_sum,
        coalesce(max(change_square_sum) filter (where arm = '{{ arm }}'), 0)
            as {{ arm }}_change_square_sum,
        {%- endfor %}
        coalesce(max(after_record_count) filter (where arm = 'trained'), 0)
            as trained_after_record_count
    from arms
    group by source_system, account_id, course_id, kpi, completed_date

),

averaged as (

    select
        *,
        (trained_after_sum - trained_before_sum) / nullif(trained_count, 0) as trained_change,
        (control_after_sum - control_before_sum) / nullif(control_count, 0) as control_change
    from sums

),

compared as (

    select
        *,
        trained_change - control_change as effect,
        case
            when trained_count > 1 and control_count > 1
                then
                    sqrt(
                        greatest(
                            trained_change_square_sum - trained_count * power(trained_change, 2), 0
                        ) / (trained_count * (trained_count - 1))
                        + greatest(
                            control_change_square_sum - control_count * power(control_change, 2), 0
                        ) / (control_count * (control_count - 1))
                    )
        end as standard_error
    from averaged

)

select
    {{ hash_key(['source_system', 'account_id', 'course_id', 'kpi']) }} as training_effect_key,
    source_system,
    account_id,
    course_id,
    kpi,
    trained_count,
    trained_before_sum,
    trained_after_sum,
    trained_change_square_sum,
    trained_after_record_count,
    control_count,
    control_before_sum,
    control_after_sum,
    control_change_square_sum,
    effect,
    effect - {{ normal_quantile() }} * standard_error as effect_low,
    effect + {{ normal_quantile() }} * standard_error as effect_high,
    completed_date
from compared
order by completed_date, training_effect_key
