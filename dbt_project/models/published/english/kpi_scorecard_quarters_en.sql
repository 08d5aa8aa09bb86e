{{ kpi_spoken('kpi_scorecard_quarters', 'en') }}
