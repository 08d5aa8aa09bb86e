{{ kpi_twin('kpi_sla_daily', 'zh', kinds={'metric': 'sla_metric'}) }}
