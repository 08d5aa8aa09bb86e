{{ kpi_twin('kpi_repeat_topics', 'zh') }}
