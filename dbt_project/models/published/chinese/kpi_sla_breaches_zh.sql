{{ kpi_twin(
    'kpi_sla_breaches',
    'zh',
    kinds={
        'metric': 'sla_metric',
        'priority_in_force': 'priority',
        'breach_cause': 'breach_cause',
        'clock': 'clock',
    },
) }}
