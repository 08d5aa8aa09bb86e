{{ kpi_twin(
    'kpi_complaint_records', 'en',
    kinds={'kind': 'complaint_kind', 'cause': 'complaint_cause'}
) }}
