"""Dagster, and only here: the asset graph, its gates, the daily job, its schedule and sensor."""
