"""Dashboards as code: the bundle, its checks, importing it into Superset, and serving it."""
