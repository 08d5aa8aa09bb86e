{{ kpi_spoken('kpi_scorecard_items', 'zh') }}
