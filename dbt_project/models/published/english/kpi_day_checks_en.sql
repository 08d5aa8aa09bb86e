{{ kpi_spoken('kpi_day_checks', 'en') }}
