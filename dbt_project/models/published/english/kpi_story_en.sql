{{ kpi_spoken('kpi_story', 'en') }}
