{{ kpi_twin('kpi_retention_cohorts', 'en', kinds={'contact': 'contact'}) }}
