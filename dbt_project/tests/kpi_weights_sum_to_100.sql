-- The weights of a scorecard that hold on a day add up to 100, whatever day the set changes.
with

weights as (

    select *
    from {{ ref('kpi_weights') }}

),

days as (

    select scorecard, grain, status, valid_from
    from weights

    union

    -- A weight that ends may leave too little behind.
    select scorecard, grain, status, valid_to as valid_from
    from weights

)

select
    days.scorecard,
    days.grain,
    days.status,
    days.valid_from,
    sum(weights.weight) as weight_sum
from days
inner join weights
    on
        weights.scorecard = days.scorecard
        and weights.grain = days.grain
        and weights.status = days.status
        and weights.valid_from <= days.valid_from
        and days.valid_from < weights.valid_to
group by days.scorecard, days.grain, days.status, days.valid_from
having abs(sum(weights.weight) - 100) > 1e-6
