{{ kpi_twin('kpi_bot_outcomes', 'en', kinds={'outcome': 'bot_outcome'}) }}
