{{ kpi_spoken('kpi_headline_trends', 'zh') }}
