{{ kpi_twin('kpi_answer_clocks', 'en', kinds={'clock': 'clock'}) }}
