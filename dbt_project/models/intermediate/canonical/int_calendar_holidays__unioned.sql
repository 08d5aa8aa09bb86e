{{ config(materialized='view') }}

select distinct
    source_system,
    account_id,
    calendar_id,
    holiday_date
from {{ ref('stg_zendesk__holidays') }}
