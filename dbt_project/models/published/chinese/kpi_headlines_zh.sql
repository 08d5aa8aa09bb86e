{{ kpi_spoken('kpi_headlines', 'zh') }}
