{{ kpi_twin('kpi_response_satisfaction', 'en', kinds={'mark': 'line_mark'}) }}
