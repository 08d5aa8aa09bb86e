{{ kpi_spoken('kpi_headline_bridges', 'zh') }}
