"""The worlds of the tests, built into one folder, so that a next run finds them built."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pipelines.ingest.load import LoadReport
from pipelines.settings import Settings
from tests.integration import company_world, kpi_worlds
from tests.integration.company_world import CompanyWorld
from tests.integration.desk import load
from tests.integration.helpdesks import accounts as accounts_world
from tests.integration.helpdesks.accounts import described_desks
from tests.integration.helpdesks.world import HelpdeskWorld
from tests.integration.kpi_worlds import KpiWorld
from tests.mutation.watched import Keeper, WatchedCompany, WatchedDesk, WatchedTables


@contextmanager
def kept_worlds(folder: Path, keeper: Keeper) -> Iterator[None]:
    """While this holds, the fixtures of tests build their worlds here, or find them; watched."""
    build_company, simulated_world = company_world.build_company, kpi_worlds.simulated_world

    def company(_home: Path) -> WatchedCompany:
        home = folder / "company"
        settings = _built(home / "home")
        world = CompanyWorld(settings, home / "truth") if settings else build_company(home)
        return keeper.watch("company", WatchedCompany(world))

    def desk_world(_home: Path) -> WatchedDesk:
        home = folder / "kpis"
        settings = _built(home / "home")
        world = KpiWorld(settings, home / "export") if settings else simulated_world(home)
        return keeper.watch("world", WatchedDesk(world))

    def accounts(_home: Path) -> HelpdeskWorld:
        """The described desks alone: real exports would take long and be noticed by few tests."""
        settings = Settings(home=folder / "desks", quiet_seconds=0)
        if _built(settings.home) is None:
            load(settings, described_desks()).close()
        connection: Any = keeper.watch("published", WatchedTables(settings))
        return HelpdeskWorld(settings, LoadReport("watched", [], [], [], 0), connection)

    with ExitStack() as patches:
        for module, name, instead in (
            (company_world, "build_company", company),
            (kpi_worlds, "simulated_world", desk_world),
            (accounts_world, "build_accounts", accounts),
        ):
            patches.enter_context(patch.object(module, name, instead))
        yield


def _built(home: Path) -> Settings | None:
    settings = Settings(home=home, quiet_seconds=0)
    return settings if settings.paths.serving_file.is_file() else None
