"""Runs dbt in process and reads what dbt leaves behind: run results and the semantic manifest."""
