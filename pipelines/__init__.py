"""helpmart: helpdesk exports go in, audited KPIs and published dashboards come out.

This package orchestrates and moves data. It holds no KPI arithmetic: facts and formulas live once,
in `dbt_project/`. Importing any of its modules opens no file, socket or database.
"""
