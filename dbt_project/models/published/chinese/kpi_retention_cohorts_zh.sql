{{ kpi_twin('kpi_retention_cohorts', 'zh', kinds={'contact': 'contact'}) }}
