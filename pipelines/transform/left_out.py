"""The views that a build leaves out, because nothing that they read has ever landed.

Thirty sources have staging views and most installations have a few of them, yet dbt takes 60 ms for
a view and nearly as much for a test, whatever it holds. So a view that dbt built while none of the
raw tables behind it had a file, and that held no row, is remembered by its columns. While that
stays so, an empty view of those columns stands in for it, and dbt passes over it and its tests
(decision 17). A view that is not remembered of this version of the project is built.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.settings import Settings
from pipelines.transform.dbt_session import project_version
from pipelines.transform.warehouse import opened_warehouse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Layers that nobody reads from outside; a published view is always built.
LAYERS = frozenset({"staging", "intermediate"})
FILE = "views.json"


@dataclass(frozen=True)
class KnownView:
    """A view that held no row over empty raw tables, which are named `<source>/<entity>`."""

    schema: str
    name: str
    columns: list[tuple[str, str]]
    reads: list[str]

    def stand_in(self) -> str:
        """The statement that makes a view of the same columns without rows."""
        columns = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in self.columns)
        relation = f'"{self.schema}"."{self.name}"'
        return f"create or replace view {relation} as select {columns} where false"


@dataclass(frozen=True)
class Knowledge:
    """Views by dbt's id, and by name of each test that reads such views alone, their ids."""

    version: str
    file: Path
    views: dict[str, KnownView] = field(default_factory=dict)
    tests: dict[str, list[str]] = field(default_factory=dict)


# What one build learnt holds for every other of the same version in this process.
_learnt: dict[str, Knowledge] = {}


def recall(settings: Settings, project: Path) -> Knowledge:
    """What is known of the views of the dbt project in that folder, as its files are now."""
    version, file = project_version(settings, project), settings.paths.dbt_target.parent / FILE
    if version in _learnt:
        return replace(_learnt[version], file=file)
    kept = json.loads(file.read_bytes()) if file.is_file() else {}
    if kept.get("version") != version:
        return Knowledge(version, file)
    views = {unique_id: KnownView(**view) for unique_id, view in kept["views"].items()}
    return Knowledge(version, file, views, kept["tests"])


def leave_out(settings: Settings, known: Knowledge) -> list[str]:
    """Let empty views stand in for the views over nothing; the names of what dbt need not run."""
    views = {
        unique_id: view
        for unique_id, view in known.views.items()
        if not _have_landed(settings, view.reads)
    }
    if views:
        _write_stand_ins(settings.paths.warehouse_file, views.values())
    tests = [name for name, reads in known.tests.items() if views.keys() >= set(reads)]
    return sorted([*(view.name for view in views.values()), *tests])


def remember(
    settings: Settings, known: Knowledge, manifest: Mapping[str, Any], built: Iterable[str]
) -> None:
    """Keep the columns of the views over nothing among what was built, for builds to come.

    Args:
        settings: Where the warehouse lies; nothing may hold it open for writing.
        known: What was recalled before the build.
        manifest: What dbt wrote of the project.
        built: Ids of the nodes that dbt has just built.
    """
    new = _views_over_nothing(settings, manifest, built) - known.views.keys()
    if not new:
        return
    behind = _Behind(manifest)
    views = known.views | {
        unique_id: KnownView(schema, name, columns, sorted(behind.tables(unique_id)))
        for unique_id, (schema, name, columns) in _without_rows(settings, manifest, new).items()
    }
    tests = {
        node["name"]: node["depends_on"]["nodes"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and views.keys() >= set(node["depends_on"]["nodes"])
    }
    _keep(replace(known, views=views, tests=tests))


def _keep(known: Knowledge) -> None:
    _learnt[known.version] = known
    unfinished = known.file.with_suffix(".unfinished")
    kept = {"version": known.version, "views": known.views, "tests": known.tests}
    unfinished.write_text(json.dumps(kept, default=asdict), encoding="utf-8")
    unfinished.replace(known.file)


class _Behind:
    """Which raw tables a model reads, itself or through others."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self._manifest = manifest
        self._known: dict[str, frozenset[str]] = {}

    def tables(self, unique_id: str) -> frozenset[str]:
        source = self._manifest["sources"].get(unique_id)
        if source is not None:
            return frozenset({f"{source['source_name']}/{source['name']}"})
        if unique_id not in self._known:
            depends_on = self._manifest["nodes"][unique_id].get("depends_on", {})
            reads = map(self.tables, depends_on.get("nodes", ()))
            self._known[unique_id] = frozenset().union(*reads)
        return self._known[unique_id]


def _views_over_nothing(
    settings: Settings, manifest: Mapping[str, Any], built: Iterable[str]
) -> set[str]:
    """Inner views that read raw tables, none of which has a file."""
    behind = _Behind(manifest)
    views = set()
    for unique_id in built:
        node = manifest["nodes"].get(unique_id)
        if node is None or node["config"].get("materialized") != "view":
            continue
        reads = behind.tables(unique_id)
        if node["fqn"][1] in LAYERS and reads and not _have_landed(settings, reads):
            views.add(unique_id)
    return views


def _have_landed(settings: Settings, tables: Iterable[str]) -> bool:
    """True if any table has a file of rows; helpmart's own tables always have one."""
    return any(
        not path.name.startswith("_")
        for table in tables
        for path in (
            *settings.paths.raw.glob(f"{table}/*.parquet"),
            *settings.paths.raw.glob(f"{table}.parquet"),
        )
    )


def _write_stand_ins(warehouse: Path, views: Iterable[KnownView]) -> None:
    import duckdb

    views = list(views)
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(warehouse)) as connection:
        for schema in sorted({view.schema for view in views}):
            connection.execute(f'create schema if not exists "{schema}"')
        connection.execute("; ".join(view.stand_in() for view in views))


def _without_rows(
    settings: Settings, manifest: Mapping[str, Any], views: Iterable[str]
) -> dict[str, tuple[str, str, list[tuple[str, str]]]]:
    """Schema, name and columns of the views that hold no row: one may add rows of its own."""
    found = {}
    with opened_warehouse(settings) as connection:
        for unique_id in views:
            schema, name = (manifest["nodes"][unique_id][key] for key in ("schema", "name"))
            columns = _columns_if_empty(connection, f'"{schema}"."{name}"')
            if columns is not None:
                found[unique_id] = (schema, name, columns)
    return found


def _columns_if_empty(
    connection: DuckDBPyConnection, relation: str
) -> list[tuple[str, str]] | None:
    result = connection.execute(f"select * from {relation} limit 1")  # noqa: S608  names of dbt
    if result.fetchall():
        return None
    return [(column[0], str(column[1])) for column in result.description or ()]
