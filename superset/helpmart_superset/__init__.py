"""What helpmart adds to Superset, all of it hooked in by `superset_config.py`.

What belongs here: code that runs inside Superset's process. What does not: anything about building
or importing dashboards, which is `pipelines.dashboards`.
"""
