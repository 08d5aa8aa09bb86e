{{ kpi_twin('kpi_bot_outcomes', 'zh', kinds={'outcome': 'bot_outcome'}) }}
