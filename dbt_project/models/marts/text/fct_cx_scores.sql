{%- set weighed = ['waiting', 'outcome', 'reopens', 'sentiment', 'repeat'] -%}

with

tickets as (

    select *
    from {{ ref('fct_tickets') }}

),

moods as (

    select ticket_key, sentiment_mean
    from {{ ref('fct_ticket_sentiments') }}

),

limits as (

    select
        cast({{ kpi_parameter('cx_score_proxy', 'bins') }} as bigint) as bins,
        {{ kpi_parameter('cx_score_proxy', 'prior_ratings') }} as prior_ratings,
        {%- for name in weighed %}
        {{ kpi_parameter('cx_score_proxy', 'weight_' ~ name) }} as {{ name }}_weight,
        {%- endfor %}
        cast({{ kpi_parameter('cx_score_proxy', 'repeat_days') }} as bigint) * 86400
            as repeat_seconds

),

earlier as (

    select
        ticket_key,
        lag(created_at) over (partition by customer_key order by created_at, ticket_key)
            as earlier_created_at
    from tickets
    where in_p2 and customer_key is not null

),

-- What went wrong, each from 0 to 1; a mood that nobody can tell lies in the middle. Of a
-- conversation with a human only.
strained as (

    select
        tickets.ticket_key,
        tickets.source_system,
        tickets.account_id,
        case
            when tickets.first_response_calendar_seconds is null then 1.0
            else least(
                tickets.first_response_calendar_seconds
                / cast(tickets.response_target_seconds as double),
                1.0
            )
        end as waiting_strain,
        case when tickets.is_solved then 0.0 else 1.0 end as outcome_strain,
        least(coalesce(tickets.reopen_count, 0), 2) / 2.0 as reopens_strain,
        (1 - coalesce(moods.sentiment_mean, 0)) / 2 as sentiment_strain,
        case
            when
                {{ seconds_between('earlier.earlier_created_at', 'tickets.created_at') }}
                <= limits.repeat_seconds
                then 1.0
            else 0.0
        end as repeat_strain
    from tickets
    cross join limits
    left join moods on moods.ticket_key = tickets.ticket_key
    left join earlier on earlier.ticket_key = tickets.ticket_key
    where tickets.in_p3

),

indexed as (

    select
        strained.ticket_key,
        strained.source_system,
        strained.account_id,
        -- Sums of fractions that are equal must be so to the last digit, since equals share a bin.
        round(
            100 * (
                1 - (
                    {%- for name in weighed %}
                    limits.{{ name }}_weight * strained.{{ name }}_strain{{ " +" if not loop.last }}
                    {%- endfor %}
                ) / (
                    {%- for name in weighed %}
                    limits.{{ name }}_weight{{ " +" if not loop.last }}
                    {%- endfor %}
                )
            ),
            6
        ) as experience_index
    from strained
    cross join limits

),

-- Accounts rate on scales of their own. Half of the conversations are scored by the ratings of the
-- other half, so that the error of the calibration is that of conversations it has not seen.
ranked as (

    select
        *,
        percent_rank() over (
            partition by source_system, account_id order by experience_index
        ) as smaller_share,
        cast(unicode(md5(ticket_key)) % 2 as integer) as half
    from indexed

),

halved as (

    select
        ranked.*,
        cast(least(floor(ranked.smaller_share * limits.bins), limits.bins - 1) as integer) + 1
            as bin
    from ranked
    cross join limits

),

ratings as (

    select
        halved.source_system,
        halved.account_id,
        halved.half,
        halved.bin,
        case when tickets.csat_sentiment = 'good' then 100 else 0 end as rated_score
    from halved
    inner join tickets on tickets.ticket_key = halved.ticket_key
    where tickets.csat_sentiment is not null

),

half_means as (

    select source_system, account_id, half, avg(rated_score) as mean_score
    from ratings
    group by source_system, account_id, half

),

bin_ratings as (

    select
        source_system,
        account_id,
        half,
        bin,
        count(*) as rating_count,
        sum(rated_score) as rated_score
    from ratings
    group by source_system, account_id, half, bin

),

-- One mean an account and half, one row of ratings also by bin.
scored as (

    select
        halved.ticket_key,
        halved.experience_index,
        halved.bin,
        halved.half,
        (coalesce(bin_ratings.rated_score, 0) + limits.prior_ratings * half_means.mean_score)
        / (coalesce(bin_ratings.rating_count, 0) + limits.prior_ratings) as cx_score
    from halved
    cross join limits
    inner join half_means
        on
            half_means.source_system = halved.source_system
            and half_means.account_id = halved.account_id
            and half_means.half = 1 - halved.half
    left join bin_ratings
        on
            bin_ratings.source_system = halved.source_system
            and bin_ratings.account_id = halved.account_id
            and bin_ratings.half = 1 - halved.half
            and bin_ratings.bin = halved.bin

)

-- One score a ticket.
select
    tickets.ticket_key,
    tickets.ticket_id,
    tickets.source_system,
    tickets.account_id,
    tickets.ticket_url,
    tickets.shop,
    tickets.channel,
    tickets.team_name,
    tickets.priority,
    tickets.topic,
    tickets.closer_id,
    tickets.exclusion_reason,
    scored.cx_score,
    scored.experience_index,
    scored.bin as index_bin,
    scored.half as calibration_half,
    cast(
        case
            when tickets.csat_sentiment = 'good' then 100
            when tickets.csat_sentiment is not null then 0
        end as double
    ) as rated_score,
    tickets.in_p2,
    tickets.in_p3,
    scored.ticket_key is not null as is_scored,
    tickets.created_date
from tickets
left join scored on scored.ticket_key = tickets.ticket_key
order by tickets.created_at, tickets.ticket_key
