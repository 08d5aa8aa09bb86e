"""The kinds of charts: what each may say in YAML and how Superset draws it."""
