{{ kpi_spoken('kpi_shop_status', 'en') }}
