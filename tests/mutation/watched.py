"""The tests themselves, kept after one run with what each of them read, to be asked again.

What belongs here: a pytest plugin that hands tests a world it can change beneath them, and keeps
the calls. A test is asked again on a mutant only if it reads something that the mutant changed; one
that opens files or runs commands by itself can't be asked, so it is left out.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from tests.integration import company_world
from tests.integration.company_world import CompanyWorld
from tests.integration.kpi_worlds import KpiWorld
from tests.mutation.builds import Changed, MutableBuild
from tests.mutation.cells import Row
from tests.reference.kpis import Cell

# Who is given these does more than read the world.
OWN_WAYS = {"tmp_path", "tmp_path_factory", "capsys", "monkeypatch", "shared_data"}


@dataclass
class Asked:
    """What a test read: rows by statement, KPIs, and cells that it compared with a reference."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    kpis: set[str] = field(default_factory=set)
    compared: list[tuple[str, dict[Any, float | None], set[str]]] = field(default_factory=list)
    by_fixtures: set[str] = field(default_factory=set)
    reads_files: bool = False


@dataclass
class KeptTest:
    """A test that passed, with the arguments to call it again."""

    name: str
    call: Callable[..., None]
    arguments: dict[str, Any]
    world: str
    asked: Asked


class WatchedBuild:
    """A build as tests see it: as it was made, or as a mutant left it."""

    def __init__(self, settings: Settings) -> None:
        self.build = MutableBuild(settings)
        self.asked = Asked()
        self.changed = Changed()

    def rows(self, sql: str) -> list[Row]:
        """Rows of a statement, those of an unchanged build read once; the caller's to change."""
        known = self.asked.rows.get(sql)
        if known is None or not self._is_touched(sql):
            if known is None:
                known = self.asked.rows[sql] = self.build.rows(sql)
            return [dict(row) for row in known]
        return self.build.rows(sql)

    def reads_changed_rows(self, asked: Asked) -> bool:
        return any(
            self._is_touched(sql) and self.build.rows(sql) != rows
            for sql, rows in asked.rows.items()
        )

    def fixtures_are_stale(self, asked: Asked) -> bool:
        """Whether what the test is given was read from what is changed, so that it can't say."""
        return any(self._is_touched(sql) for sql in asked.by_fixtures)

    def _is_touched(self, sql: str) -> bool:
        return any(name in sql for name in self.changed.relations)


class WatchedSettings:
    """Settings of a world; whoever looks for files in them reads past the mutant."""

    def __init__(self, settings: Settings, watched: WatchedBuild) -> None:
        self._settings, self._watched = settings, watched

    def __getattr__(self, name: str) -> Any:
        if name != "reporting_zone":
            self._watched.asked.reads_files = True
        return getattr(self._settings, name)


class WatchedCompany(CompanyWorld):
    """The company, its tables read from a build that changes."""

    def __init__(self, world: CompanyWorld) -> None:
        watched = WatchedBuild(world.settings)
        settings: Any = WatchedSettings(world.settings, watched)
        super().__init__(settings, world.truth)
        self.__dict__.update(
            watched=watched, kpis=world.kpis, cells=WatchedCells(world.cells, watched)
        )

    watched: WatchedBuild

    def published(self, sql: str) -> list[Row]:
        return self.watched.rows(sql)

    def build(self, sql: str) -> list[Row]:
        return self.watched.rows(sql)


class WatchedCells(dict[str, dict[Any, Row]]):
    """Cells by KPI with those that a mutant changed put in place."""

    def __init__(self, cells: dict[str, dict[Any, Row]], watched: WatchedBuild) -> None:
        super().__init__(cells)
        self._watched = watched

    def __getitem__(self, kpi_id: str) -> dict[Any, Row]:
        self._watched.asked.kpis.add(kpi_id)
        changed = self._watched.changed.cells.get(kpi_id)
        known = self.get(kpi_id, {})
        if changed is None:
            return known
        gone = {cell for cell, row in changed.items() if row is None}
        return {cell: row for cell, row in known.items() if cell not in gone} | {
            cell: row for cell, row in changed.items() if row is not None
        }


class WatchedDesk(KpiWorld):
    """The simulated desk, its tables read from a build that changes."""

    def __init__(self, world: KpiWorld) -> None:
        watched = WatchedBuild(world.settings)
        settings: Any = WatchedSettings(world.settings, watched)
        super().__init__(settings, world.export)
        known = world.values
        self.__dict__.update(
            watched=watched, _known=known, _overlaid=(watched.changed, known), kpis=world.kpis
        )

    watched: WatchedBuild
    _known: dict[Cell, tuple[Any, ...]]
    _overlaid: tuple[Changed, dict[Cell, tuple[Any, ...]]]

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        if parameters:
            return self.watched.build.connection.execute(sql, list(parameters)).fetchall()
        return [tuple(row.values()) for row in self.watched.rows(sql)]

    @property
    def values(self) -> dict[Cell, tuple[Any, ...]]:  # type: ignore[override]
        self.watched.asked.kpis.add("*")
        if self._overlaid[0] is not self.watched.changed:
            self.__dict__["_overlaid"] = (self.watched.changed, self._with_changes())
        return self._overlaid[1]

    def _with_changes(self) -> dict[Cell, tuple[Any, ...]]:
        found = dict(self._known)
        for kpi_id, cells in self.watched.changed.cells.items():
            for cell, row in cells.items():
                if row is None:
                    found.pop(Cell(kpi_id, *cell), None)
                else:
                    names = ("value", "numerator", "denominator", "maturity")
                    found[Cell(kpi_id, *cell)] = tuple(row[name] for name in names)
        return found


class WatchedTables:
    """The published tables of the hand-written desks, as tests query them."""

    def __init__(self, settings: Settings) -> None:
        self.watched = WatchedBuild(settings)
        self.watched.build.connection.execute("use memory.published")

    def execute(self, sql: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        self.watched.asked.rows.setdefault(sql, [])
        return self.watched.build.connection.execute(sql, parameters)


class Keeper:
    """The plugin: tests on watched worlds are kept, with what they and their fixtures read."""

    def __init__(self) -> None:
        self.worlds: dict[str, Any] = {}
        self.kept: list[KeptTest] = []
        self.failed: list[str] = []
        self._read_by_fixtures: dict[str, set[str]] = {}
        self._differences = company_world.differences
        company_world.differences = self._compared

    def close(self) -> None:
        """Tests outside see the plain function again."""
        company_world.differences = self._differences

    def watch(self, name: str, world: Any) -> Any:
        """The world, known by the name of its fixture from now on."""
        self.worlds[name] = world
        return world

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: pytest.FixtureRequest) -> Any:
        before = self._begin()
        outcome = yield
        read = {sql for world in self.worlds.values() for sql in world.watched.asked.rows}
        self._read_by_fixtures[fixturedef.argname] = read
        self._end(before)
        return outcome

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Any:
        before = self._begin()
        outcome = yield
        given = pyfuncitem.funcargs
        names = inspect.signature(pyfuncitem.obj).parameters
        world = next((name for name in self.worlds if name in given), None)
        if world is not None and not OWN_WAYS & names.keys():
            asked = self.worlds[world].watched.asked
            asked.by_fixtures = set().union(
                *(self._read_by_fixtures.get(name, set()) for name in given)
            )
            arguments = {name: given[name] for name in names}
            if not asked.reads_files:
                self.kept.append(
                    KeptTest(pyfuncitem.nodeid, pyfuncitem.obj, arguments, world, asked)
                )
        self._end(before)
        return outcome

    def _begin(self) -> dict[str, Asked]:
        before = {name: world.watched.asked for name, world in self.worlds.items()}
        for world in self.worlds.values():
            world.watched.asked = Asked()
        return before

    def _end(self, before: dict[str, Asked]) -> None:
        for name, asked in before.items():
            self.worlds[name].watched.asked = asked

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def _compared(
        self,
        world: Any,
        kpi_id: str,
        expected: dict[Any, float | None],
        grains: Iterable[str],
        way: str = "records",
    ) -> Any:
        """Cells compared with a reference need not be read again to be compared again."""
        wanted = set(grains)
        asked = world.watched.asked
        before = set(asked.kpis)
        found = self._differences(world, kpi_id, expected, wanted, way)
        asked.kpis = before
        asked.compared.append((kpi_id, expected, wanted))
        return found

    def compare_again(self, test: KeptTest, kpi_ids: Iterable[str]) -> str | None:
        """The first KPI whose cells are no longer those that the test expects."""
        world = self.worlds[test.world]
        for kpi_id, expected, grains in test.asked.compared:
            if kpi_id in kpi_ids and self._differences(world, kpi_id, expected, grains)[1]:
                return kpi_id
        return None
