{{ kpi_spoken('kpi_day_checks', 'zh') }}
