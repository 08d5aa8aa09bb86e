"""Which models could be renewed for some tickets alone, and what that would cost.

A table can, if its statement over inputs that are restricted to some tickets gives just those
tickets' rows of it. Each table that names a ticket is tried on a build that exists (decision 26).
"""

# ruff: noqa: S608  all names are those of dbt's relations

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.console import print_line, print_table
from pipelines.settings import Settings
from pipelines.text.dbt_plugin import register

CHOSEN = "memory.chosen_tickets"
TICKETS = '"warehouse"."intermediate"."int_tickets__unioned"'


@dataclass
class Trial:
    """A finished build, opened to read, and what has been restricted of it so far."""

    connection: duckdb.DuckDBPyConnection
    target: Path
    manifest: dict[str, Any]
    seconds: dict[str, float]
    restricted: dict[str, str]

    def statement(self, node: dict[str, Any]) -> str | None:
        """The SQL that dbt ran; none if it left the model out."""
        file = self.target / "compiled" / "helpmart" / node["original_file_path"]
        return file.read_text(encoding="utf-8") if file.is_file() else None

    def restricted_statement(self, node: dict[str, Any]) -> str | None:
        """The same SQL over inputs that hold the chosen tickets alone."""
        sql = self.statement(node)
        if sql is None:
            return None
        for unique_id in node["depends_on"]["nodes"]:
            relation = self._node(unique_id)["relation_name"]
            if relation:
                sql = sql.replace(relation, self.relation(unique_id))
        return sql

    def relation(self, unique_id: str) -> str:
        """What stands for a relation: itself, where it names no ticket."""
        if unique_id not in self.restricted:
            self.restricted[unique_id] = self._restrict(unique_id)
        return self.restricted[unique_id]

    def columns(self, relation: str) -> list[str]:
        rows = self.connection.execute(f"describe select * from {relation}").fetchall()
        return [row[0] for row in rows]

    def _node(self, unique_id: str) -> dict[str, Any]:
        found = self.manifest["nodes"].get(unique_id) or self.manifest["sources"][unique_id]
        return dict(found)

    def _restrict(self, unique_id: str) -> str:
        node = self._node(unique_id)
        relation = str(node["relation_name"])
        name = f'memory.main."{unique_id}"'
        if node["resource_type"] == "source":
            key = "id" if node["name"] == "tickets" else "ticket_id"
            if node["source_name"] != "zendesk" or key not in self.columns(relation):
                return relation
            return f"(select * from {relation} where {key} in (select ticket_id from {CHOSEN}))"
        if node["config"]["materialized"] == "view":
            sql = self.restricted_statement(node)
            if sql is None:
                return relation
            self.connection.execute(f"create view {name} as {sql}")
            return name
        if "ticket_key" not in self.columns(relation):
            return relation
        self.connection.execute(
            f"create table {name} as from {relation}"
            f" where ticket_key in (select ticket_key from {CHOSEN})"
        )
        return name


def opened(home: Path, share: float) -> Trial:
    """A build, with that share of its tickets chosen."""
    settings = Settings(home=home, quiet_seconds=0)
    target = settings.paths.dbt_target
    results = json.loads((target / "run_results.json").read_bytes())["results"]
    connection = duckdb.connect()
    register(connection)
    connection.execute(
        f"set threads = {settings.threads}; set memory_limit = '{settings.memory_limit}';"
        " set timezone = 'UTC';"
        f" attach '{settings.paths.warehouse_file}' as warehouse (read_only);"
        f" attach '{settings.paths.serving_file}' as helpmart (read_only)"
    )
    connection.execute(
        f"create table {CHOSEN} as select ticket_id, ticket_key from {TICKETS}"
        f" where hash(ticket_key) % 100000 < {int(share * 100_000)}"
    )
    return Trial(
        connection,
        target,
        json.loads((target / "manifest.json").read_bytes()),
        {result["unique_id"]: result["execution_time"] for result in results},
        {},
    )


def tried(trial: Trial, unique_id: str, node: dict[str, Any]) -> dict[str, Any]:
    """How a table takes it: seconds for all tickets and for the chosen, and rows that differ."""
    row = {"model": node["name"], "full": round(trial.seconds[unique_id], 2)}
    columns = [f'"{name}"' for name in trial.columns(node["relation_name"]) if name != "build_id"]
    if '"ticket_key"' not in columns:
        return row | {"kind": "names no ticket"}
    expected, sql = trial.relation(unique_id), trial.restricted_statement(node)
    begun = time.perf_counter()
    trial.connection.execute(f"create or replace temp table found as {sql}")
    taken = time.perf_counter() - begun
    sides = [f"select {', '.join(columns)} from {side}" for side in ("temp.found", expected)]
    differing = trial.connection.execute(
        f"select count(*) from (({sides[0]} except all {sides[1]})"
        f" union all ({sides[1]} except all {sides[0]}))"
    ).fetchall()[0][0]
    kind = "reads other tickets" if differing else "ticket by ticket"
    return row | {"kind": kind, "chosen": round(taken, 2), "differing": differing}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="an installation that has been built")
    parser.add_argument("--share", type=float, default=0.02)
    arguments = parser.parse_args()
    trial = opened(arguments.home, arguments.share)
    rows = [
        tried(trial, unique_id, node)
        for unique_id, node in trial.manifest["nodes"].items()
        if unique_id in trial.seconds and node["config"].get("materialized") == "table"
    ]
    rows.sort(key=lambda row: -row["full"])
    columns = ["model", "kind", "full", "chosen", "differing"]
    print_table([{name: row.get(name, "") for name in columns} for row in rows], columns, empty="")
    for kind in ("ticket by ticket", "reads other tickets", "names no ticket"):
        alike = [row for row in rows if row["kind"] == kind]
        full, chosen = (sum(row.get(name, 0.0) for row in alike) for name in ("full", "chosen"))
        print_line(f"{kind:20} {len(alike):4} tables, full {full:8.1f} s, chosen {chosen:6.1f} s")


if __name__ == "__main__":
    main()
