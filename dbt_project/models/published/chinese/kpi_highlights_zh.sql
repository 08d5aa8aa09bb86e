{{ kpi_spoken('kpi_highlights', 'zh') }}
