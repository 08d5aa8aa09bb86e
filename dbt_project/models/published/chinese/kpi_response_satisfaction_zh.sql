{{ kpi_twin('kpi_response_satisfaction', 'zh', kinds={'mark': 'line_mark'}) }}
