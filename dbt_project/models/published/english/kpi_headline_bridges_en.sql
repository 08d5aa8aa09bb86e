{{ kpi_spoken('kpi_headline_bridges', 'en') }}
