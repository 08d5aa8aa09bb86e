"""Whether anything notices a mutant: a comparison with a reference, a test, a rule on the data.

What belongs here: the order in which checks are asked, quickest first, until one fails.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipelines.transform.dbt_runner import load_manifest
from tests.mutation.builds import Changed, MutableBuild
from tests.mutation.mutants import Mutant, Site, planted
from tests.mutation.unit_cases import cases_of, holds
from tests.mutation.watched import Keeper, KeptTest
from tests.sql_rules import half_scoped_joins

UNCHANGED, SURVIVED, INVALID = "unchanged", "survived", "invalid"


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant; `by` names what noticed it, or says that nothing did.

    An unchanged mutant gives the rows of the model in every world and unit test that there is; an
    invalid one is no SQL, so that nobody could have written it.
    """

    mutant: Mutant
    by: str
    detail: str = ""

    @property
    def killed(self) -> bool:
        return self.by not in {UNCHANGED, SURVIVED, INVALID}


class Court:
    """All checks of all worlds."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._builds: dict[str, MutableBuild] = {
            name: world.watched.build for name, world in keeper.worlds.items()
        }
        manifest = load_manifest(self._builds["company"].settings)
        self._unit_tests = list(manifest["unit_tests"].values())

    @property
    def company(self) -> MutableBuild:
        return self._builds["company"]

    def tried(self, site: Site) -> Verdict:
        """The verdict on the mutant of one site."""
        mutant = planted(site, self.company.models[site.model].sql)
        own = self.company.models[site.model].sql
        if half_scoped_joins(mutant.sql) != half_scoped_joins(own):
            return Verdict(mutant, "join rule")
        verdict, is_other = self._by_unit_tests(mutant)
        if verdict:
            return verdict
        for name, build in self._builds.items():
            if site.model not in build.models:
                continue
            there = planted(site, build.models[site.model].sql)
            try:
                with build.with_statement(site.model, there.sql) as changed:
                    verdict = self._by_world(name, changed, mutant)
            except duckdb.Error as problem:
                return _failed(mutant, problem)
            if verdict:
                return verdict
            is_other = is_other or bool(changed.relations)
        return Verdict(mutant, SURVIVED if is_other else UNCHANGED)

    def _by_unit_tests(self, mutant: Mutant) -> tuple[Verdict | None, bool]:
        differs = False
        model = mutant.site.model
        for test in cases_of(self.company, self._unit_tests, model):
            try:
                held, rows = holds(self.company, test, mutant.sql)
            except duckdb.Error as problem:
                return _failed(mutant, problem), True
            if not held:
                return Verdict(mutant, "unit test", test["name"]), True
            differs = (
                differs or rows != holds(self.company, test, self.company.models[model].sql)[1]
            )
        return None, differs

    def _by_world(self, name: str, changed: Changed, mutant: Mutant) -> Verdict | None:
        if not changed.relations:
            return None
        world = self._keeper.worlds[name].watched
        world.changed = changed
        try:
            tests = [
                test
                for test in self._keeper.kept
                if test.world == name and not world.fixtures_are_stale(test.asked)
            ]
            for test in tests:
                kpi_id = self._keeper.compare_again(test, changed.cells)
                if kpi_id and not world.reads_changed_rows(test.asked):
                    return Verdict(mutant, "reference", f"{test.name}: {kpi_id}")
            found = self._builds[name].failing_test(changed)
            if found:
                return Verdict(mutant, "data test", found)
            for test in tests:
                if self._has_changed_input(test, changed) and not _passes(test, world):
                    return Verdict(mutant, "test", test.name)
        finally:
            world.changed = Changed()
        return None

    def _has_changed_input(self, test: KeptTest, changed: Changed) -> bool:
        world = self._keeper.worlds[test.world].watched
        if test.world == "published":
            return any(name in sql for sql in test.asked.rows for name in changed.relations)
        kpis = test.asked.kpis | {kpi_id for kpi_id, _, _ in test.asked.compared}
        if changed.cells and ("*" in kpis or kpis & changed.cells.keys()):
            return True
        return bool(world.reads_changed_rows(test.asked))


def _failed(mutant: Mutant, problem: duckdb.Error) -> Verdict:
    stillborn = isinstance(problem, duckdb.ParserException | duckdb.BinderException)
    return Verdict(mutant, INVALID if stillborn else "error", str(problem).splitlines()[0])


def _passes(test: KeptTest, world: object) -> bool:
    watched = world
    before = watched.asked  # type: ignore[attr-defined]
    watched.asked = test.asked  # type: ignore[attr-defined]
    try:
        test.call(**test.arguments)
    except Exception:  # noqa: BLE001 -- however a test fails, it has noticed the mutant
        return False
    finally:
        watched.asked = before  # type: ignore[attr-defined]
    return True
