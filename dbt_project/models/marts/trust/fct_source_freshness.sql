-- Of each account, when it was last loaded and the newest thing that was known then. Without a file
-- of dated records there is nothing to be late with.
with

loads as (

    select source_system, account_id, max(received_at) as loaded_at
    from {{ ref('int_files__dated') }}
    where loaded > 0
    group by source_system, account_id

),

accounts as (

    select source_system, account_id, newest_at
    from {{ ref('int_accounts__as_of') }}

)

select
    loads.source_system,
    loads.account_id,
    greatest({{ seconds_between('accounts.newest_at', 'loads.loaded_at') }}, 0) as lag_seconds,
    {{ local_date('loads.loaded_at') }} as loaded_date,
    accounts.newest_at,
    loads.loaded_at
from loads
inner join accounts
    on
        accounts.source_system = loads.source_system
        and accounts.account_id = loads.account_id
where accounts.newest_at is not null
