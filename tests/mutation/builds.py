"""A finished build whose models can be run again with another statement, and then be as before.

What belongs here: running a model and what depends on it, up to the cells of the KPIs, on views
over the files of a build, which stay untouched. Whether a test notices belongs to `trial`.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.settings import Settings
from pipelines.text.dbt_plugin import register
from tests.mutation.cells import CELL_COLUMNS, Cell, CellPieces, Row, differing, differs

CELLS, VALUES = "fct_kpi_cells", "kpi_values"
SECONDS = 60


@dataclass(frozen=True)
class Node:
    """A model or a data test as it was built, its references freed of the database's name."""

    name: str
    schema: str
    kind: str
    sql: str
    parents: frozenset[str]
    is_view: bool = False

    @property
    def relation(self) -> str:
        return f'"{self.schema}"."{self.name}"'


@dataclass
class Changed:
    """What a mutant changed: relations, and by KPI the cells that are other now, or are no more."""

    relations: set[str] = field(default_factory=set)
    cells: dict[str, dict[Cell, Row | None]] = field(default_factory=dict)


class MutableBuild:
    """Views over a build in memory; a model's table takes the place of its view for a while."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        target = settings.paths.dbt_target
        manifest = json.loads((target / "manifest.json").read_text("utf-8"))
        results = json.loads((target / "run_results.json").read_text("utf-8"))["results"]
        ran = {
            row["unique_id"]: row["compiled_code"]
            for row in results
            if row["status"] in {"success", "pass"} and row.get("compiled_code")
        }
        # A kept build may be older than the project: what the project dropped is not asked.
        known = manifest["nodes"]
        nodes = [_node(known[key], sql) for key, sql in ran.items() if key in known]
        self.models = {node.name: node for node in nodes if node.kind == "model"}
        self.tests = [node for node in nodes if node.kind == "test"]
        self.unit_tests = list(manifest["unit_tests"].values())
        self.connection = self._connected()
        self._order = _ordered(self.models)
        self._cells = CellPieces(self.connection, self.models[CELLS].sql)

    def rows(self, sql: str) -> list[Row]:
        """What a statement gives on the build as it is now."""
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def descendants(self, name: str) -> set[str]:
        """Models that read a model, directly or not."""
        found = {name}
        for other in self._order:
            if self.models[other].parents & found:
                found.add(other)
        return found - {name}

    @contextmanager
    def with_statement(self, name: str, sql: str) -> Iterator[Changed]:
        """The build as if a model were made by another statement; afterwards as before.

        Raises:
            duckdb.Error: a statement fails, or takes more than `SECONDS`.
        """
        self.connection.execute("begin")
        try:
            with _interrupting(self.connection):
                changed = self._planted(name, sql)
            yield changed
        finally:
            self.connection.execute("rollback")

    def failing_test(self, changed: Changed) -> str | None:
        """The first data test on changed relations that finds something."""
        for test in self.tests:
            if test.parents & changed.relations and self.connection.execute(test.sql).fetchone():
                return test.name
        return None

    def _planted(self, name: str, sql: str) -> Changed:
        changed = Changed()
        if not self._replaced(self.models[name], sql):
            return changed
        changed.relations.add(name)
        after_cells = self.descendants(CELLS)
        through_cells = name not in after_cells
        for other in self._order:
            node = self.models[other]
            if not node.parents & changed.relations or other == CELLS:
                continue
            if through_cells and other in after_cells:
                continue
            if node.is_view or self._replaced(node, node.sql):
                changed.relations.add(other)
        if through_cells:
            changed.cells = self._cells.changed(changed.relations)
        elif VALUES in changed.relations:
            changed.cells = differing(
                self.connection,
                f"select kpi_id, period_type, period_start, grain, unit_value, {CELL_COLUMNS} from",
                "published.kpi_values",
                "helpmart.published.kpi_values",
            )
        return changed

    def _replaced(self, node: Node, sql: str) -> bool:
        """Make a model's table anew; whether it holds anything else than before."""
        built = f"{_database(node)}.{node.relation}"
        self.connection.execute(f"drop view if exists {node.relation}")
        self.connection.execute(f"create table {node.relation} as {sql}")
        return differs(self.connection, node.relation, built)

    def _connected(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config={"threads": 1})
        register(connection)
        connection.execute("set timezone = 'UTC'")
        paths = self.settings.paths
        connection.execute(f"attach '{paths.warehouse_file}' as warehouse (read_only)")
        connection.execute(f"attach '{paths.serving_file}' as helpmart (read_only)")
        relations = connection.execute(
            "select database_name, schema_name, table_name from duckdb_tables()"
            " where database_name in ('warehouse', 'helpmart')"
            " union all select database_name, schema_name, view_name from duckdb_views()"
            " where database_name in ('warehouse', 'helpmart') and not internal"
        ).fetchall()
        for schema in sorted({schema for _, schema, _ in relations}):
            connection.execute(f'create schema if not exists "{schema}"')
        views = {node.name: node for node in self.models.values() if node.is_view}
        for database, schema, name in relations:
            if name not in views or schema == "staging":
                relation = f'"{schema}"."{name}"'
                connection.execute(f"create view {relation} as from {database}.{relation}")
        for name in _ordered(self.models):
            node = self.models[name]
            if node.is_view and node.schema != "staging":
                connection.execute(f"create view {node.relation} as {node.sql}")
        return connection


def _node(node: dict[str, Any], sql: str) -> Node:
    return Node(
        name=node["alias"] if node["resource_type"] == "model" else node["name"],
        schema=node["schema"],
        kind=node["resource_type"],
        sql=re.sub(r'"(warehouse|helpmart)"\.', "", sql),
        parents=frozenset(key.split(".")[2] for key in node["depends_on"]["nodes"]),
        is_view=node["config"]["materialized"] == "view",
    )


def _database(node: Node) -> str:
    return "helpmart" if node.schema == "published" else "warehouse"


def _ordered(models: dict[str, Node]) -> list[str]:
    """Names with parents before children."""
    order: dict[str, None] = {}

    def add(name: str) -> None:
        if name in models and name not in order:
            for parent in sorted(models[name].parents):
                add(parent)
            order[name] = None

    for name in models:
        add(name)
    return list(order)


@contextmanager
def _interrupting(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    stop: Callable[[], Any] = connection.interrupt
    timer = threading.Timer(SECONDS, stop)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
