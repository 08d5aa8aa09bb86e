{{ kpi_spoken('kpi_wait_bins_daily', 'en') }}
