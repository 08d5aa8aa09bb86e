"""A copy of an installation whose published tables are as large as those of many more tickets."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import duckdb

from pipelines.console import print_table
from pipelines.settings import Settings

# Rows a period, unit or half hour: more tickets fill the same rows with larger numbers.
BOUNDED = ("kpi_values", "kpi_change", "kpi_anomal", "kpi_relation", "kpi_forecast", "kpi_staffing")
MOST_ROWS = 50_000_000


def grow(settings: Settings, tickets: int, days: int) -> list[dict[str, object]]:
    """Repeat rows in the published file, in place; gives the tables that grew.

    Args:
        settings: the copy.
        tickets: how many times as many rows the tables get that have one for a ticket or record.
        days: the same of tables by day and dimensions, whose combinations are limited.
    """
    grown = []
    with duckdb.connect(str(settings.paths.published_file)) as published:
        found = published.execute(
            "select table_name, estimated_size, list(column_name) from duckdb_tables() as tables"
            " inner join duckdb_columns() as columns using (schema_name, table_name)"
            " where schema_name = 'published' and table_name like 'kpi\\_%' escape '\\'"
            " group by all order by table_name"
        ).fetchall()
        for table, rows, columns in found:
            each_ticket = not {"ticket_id", "ticket_key"}.isdisjoint(columns)
            dated = each_ticket or not {"local_date", "created_date"}.isdisjoint(columns)
            if table.startswith(BOUNDED) or not dated:
                continue
            times = min(tickets if each_ticket else days, MOST_ROWS // max(rows, 1))
            published.execute(
                f"insert into published.{table} select grown.*"  # noqa: S608
                f" from range({times - 1}), published.{table} as grown"
            )
            grown.append({"table": table, "rows before": rows, "rows": rows * times})
    return grown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="an installation with a published build")
    parser.add_argument("target", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--tickets", type=int, default=500)
    parser.add_argument("--days", type=int, default=50)
    arguments = parser.parse_args()
    shutil.copytree(arguments.source, arguments.target, symlinks=True)
    grown = grow(Settings(home=arguments.target), arguments.tickets, arguments.days)
    print_table(grown, list(grown[0]), empty="", title="Grown")


if __name__ == "__main__":
    main()
