{{ kpi_twin('kpi_resolution_bins', 'zh', kinds={'bin': 'resolution_bin', 'clock': 'clock'}) }}
