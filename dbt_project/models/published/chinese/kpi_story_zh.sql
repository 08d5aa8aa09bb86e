{{ kpi_spoken('kpi_story', 'zh') }}
