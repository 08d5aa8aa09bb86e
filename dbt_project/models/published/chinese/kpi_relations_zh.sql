{{ kpi_relations_twin('zh') }}
