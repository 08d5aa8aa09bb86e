{#- Grain: load, wait, impatience, share and highest occupancy. The fewest servers with which the
    share of contacts is answered within the wait and which are not busier than that: Erlang C, or
    Erlang A where contacts give up. -#}
with recursive

wanted as (

    select distinct load, wait_per_handle, impatience, answered_share, highest_occupancy
    from {{ ref('int_workloads') }}
    where model = 'erlang'

),

-- A server is added until both hold; each goes one step from the one before.
steps as (

    select
        *,
        0 as servers,
        cast(1 as double) as blocked_share,
        cast(0 as double) as reached_share
    from wanted

    union all

    select
        load,
        wait_per_handle,
        impatience,
        answered_share,
        highest_occupancy,
        servers,
        blocked_share,
        case
            when load > servers * highest_occupancy then 0
            else {{ queue_answered_share(
                'load', 'servers', 'impatience', 'wait_per_handle',
                queue_full_share('blocked_share', 'tail'), 'tail',
            ) }}
        end as reached_share
    from (
        select *, {{ queue_tail('load', 'servers', 'impatience') }} as tail
        from (
            select
                * replace (
                    servers + 1 as servers,
                    {{ queue_blocked_next('load', '(servers + 1)', 'blocked_share') }}
                        as blocked_share
                )
            from steps
            where reached_share < answered_share
        ) as grown
    ) as tailed

)

select
    load,
    wait_per_handle,
    impatience,
    answered_share,
    highest_occupancy,
    max(servers) as servers,
    max_by(reached_share, servers) as reached_share
from steps
group by load, wait_per_handle, impatience, answered_share, highest_occupancy
