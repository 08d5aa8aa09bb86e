{{ kpi_twin('kpi_rated_tickets', 'zh', kinds={'opinion': 'sentiment'}) }}
