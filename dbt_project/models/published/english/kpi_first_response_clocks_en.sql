{{ kpi_twin('kpi_first_response_clocks', 'en', kinds={'clock': 'clock'}) }}
