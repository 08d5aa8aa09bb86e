{{ kpi_spoken('kpi_headlines', 'en') }}
