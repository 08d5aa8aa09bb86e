select
    channel,
    name_en,
    name_zh,
    is_session,
    sort_no
from {{ ref('channels') }}
order by sort_no
