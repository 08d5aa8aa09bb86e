{{ kpi_twin('kpi_resolution_bins', 'en', kinds={'bin': 'resolution_bin', 'clock': 'clock'}) }}
