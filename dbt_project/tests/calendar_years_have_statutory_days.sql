-- A year whose statutory days nobody has announced would be clocked as if it had none. Only time
-- that has passed counts; deadlines ahead are placed by what is known.
select
    dates.source_system,
    dates.account_id,
    calendars.calendar_id,
    calendars.holiday_country,
    years.year
from {{ ref('int_calendars__dates') }} as dates
inner join {{ ref('stg_calendars__calendars') }} as calendars
    on calendars.calendar_id = dates.calendar_id
inner join {{ ref('int_accounts__as_of') }} as accounts
    on
        accounts.source_system = dates.source_system
        and accounts.account_id = dates.account_id
cross join
    unnest(
        range(extract(year from dates.first_date), extract(year from accounts.as_of_date) + 1)
    ) as years (year)
left join {{ source('helpmart', 'statutory_years') }} as known
    on
        known.country = calendars.holiday_country
        and known.subdivision = calendars.holiday_subdivision
        and known.year = years.year
where calendars.holiday_country is not null and known.year is null
