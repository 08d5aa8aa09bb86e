{{ kpi_twin('kpi_tree_nodes', 'zh') }}
