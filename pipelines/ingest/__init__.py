"""Takes files from the inbox into the archive and the raw layer, every record accounted for.

What belongs here: recognising, archiving, parsing and validating exports, the raw Parquet files,
the ledger and the quarantine. What does not: dbt, checks on whole tables, anything about KPIs.
"""
