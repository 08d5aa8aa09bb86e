{{ kpi_twin(
    'kpi_complaints_daily', 'en',
    kinds={'kind': 'complaint_kind', 'cause': 'complaint_cause'}
) }}
