{{ kpi_twin('kpi_ratings', 'en') }}
