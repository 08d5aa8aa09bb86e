"""What every test may use: the real data beside the project, and an empty installation."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT, Settings

pytest_plugins = ["tests.superset_world", "tests.integration.kpi_proofs"]

# Fixtures that are made once for several modules, and the worker that makes them.
SHARED = {"helpdesks": "helpdesks", "canonical": "vendors"}
# Groups of tests that take minutes, the longest first: begun last, one would keep a worker alone.
LONGEST = (
    "daily_load",
    "superset",
    "helpdesks",
    "kpi_world",
    "company",
    "test_ingest_accounting",
    "test_truth_marts",
)
SHARED_DATA = PROJECT_ROOT.parent / "shared" / "data"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share a costly fixture on one worker, made once; begin with the longest."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            names = getattr(item, "fixturenames", ())
            shared = next((group for name, group in SHARED.items() if name in names), None)
            item.add_marker(pytest.mark.xdist_group(shared or item.path.stem))
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    group = next(item.iter_markers("xdist_group")).args[0]
    return LONGEST.index(group) if group in LONGEST else len(LONGEST)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real exports. Absent: skip on a workstation, fail in CI."""
    if SHARED_DATA.is_dir():
        return SHARED_DATA
    reason = "the real exports (../shared/data) are not beside this clone"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty installation of its own."""
    return Settings(home=tmp_path / "home", quiet_seconds=0)
