{{ kpi_spoken('kpi_highlights', 'en') }}
