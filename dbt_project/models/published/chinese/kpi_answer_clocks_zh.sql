{{ kpi_twin('kpi_answer_clocks', 'zh', kinds={'clock': 'clock'}) }}
