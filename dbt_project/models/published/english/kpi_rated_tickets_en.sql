{{ kpi_twin('kpi_rated_tickets', 'en', kinds={'opinion': 'sentiment'}) }}
