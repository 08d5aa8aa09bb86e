{{ kpi_twin('kpi_first_response_clocks', 'zh', kinds={'clock': 'clock'}) }}
