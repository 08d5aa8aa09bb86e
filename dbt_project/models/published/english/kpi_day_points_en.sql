{{ kpi_twin('kpi_day_points', 'en') }}
