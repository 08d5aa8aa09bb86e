{{ kpi_twin('kpi_sla_daily', 'en', kinds={'metric': 'sla_metric'}) }}
