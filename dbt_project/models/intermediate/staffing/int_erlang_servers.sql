{#- Grain: load, wait and share. The fewest servers with which the share of contacts is answered
    within the wait (as a multiple of the handle time) by Erlang's C formula: Poisson arrivals, exponential
    handle times, nobody gives up. -#}
with recursive

wanted as (

    select distinct load, wait_per_handle, answered_share
    from {{ ref('int_workloads') }}
    where model = 'erlang'

),

-- Erlang B from one server to the next; a server is added until the share is reached.
steps as (

    select
        load,
        wait_per_handle,
        answered_share,
        0 as servers,
        cast(1 as double) as blocked_share,
        cast(0 as double) as reached_share
    from wanted

    union all

    select
        load,
        wait_per_handle,
        answered_share,
        next_servers as servers,
        next_blocked_share as blocked_share,
        case
            when next_servers <= load then 0
            else
                1 - next_servers * next_blocked_share
                / (next_servers - load * (1 - next_blocked_share))
                * exp(-(next_servers - load) * wait_per_handle)
        end as reached_share
    from (
        select
            load,
            wait_per_handle,
            answered_share,
            servers + 1 as next_servers,
            load * blocked_share / (servers + 1 + load * blocked_share) as next_blocked_share
        from steps
        where reached_share < answered_share
    ) as grown

)

select
    load,
    wait_per_handle,
    answered_share,
    max(servers) as servers,
    max_by(reached_share, servers) as reached_share
from steps
group by load, wait_per_handle, answered_share
