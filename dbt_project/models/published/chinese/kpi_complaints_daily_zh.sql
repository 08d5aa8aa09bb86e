{{ kpi_twin(
    'kpi_complaints_daily', 'zh',
    kinds={'kind': 'complaint_kind', 'cause': 'complaint_cause'}
) }}
