{{ kpi_twin(
    'kpi_complaint_causes', 'en',
    kinds={'kind': 'complaint_kind', 'cause': 'complaint_cause'}
) }}
