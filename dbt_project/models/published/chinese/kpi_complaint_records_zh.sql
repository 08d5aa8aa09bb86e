{{ kpi_twin(
    'kpi_complaint_records', 'zh',
    kinds={'kind': 'complaint_kind', 'cause': 'complaint_cause'}
) }}
