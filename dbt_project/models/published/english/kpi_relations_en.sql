{{ kpi_relations_twin('en') }}
