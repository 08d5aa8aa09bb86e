{{ kpi_twin(
    'kpi_complaint_causes', 'zh',
    kinds={'kind': 'complaint_kind', 'cause': 'complaint_cause'}
) }}
