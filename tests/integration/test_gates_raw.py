"""The raw border: a sound raw layer passes, and every single rule fires when it is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.quality.engine import Verdict, open_engine
from pipelines.quality.suites import Suite, load_suites
from tests.integration.raw_worlds import BREAKS, write_raw_tables

SUITES = {suite.table: suite for suite in load_suites("raw")}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("raw") / "raw_layer.duckdb"
    write_raw_tables(file)
    return file


def judge(file: Path, *suites: Suite) -> dict[str, Verdict]:
    with open_engine(file, "raw", threads=1, memory_limit="1GB") as engine:
        return {
            suite.check_name(item): verdict
            for suite in suites
            for item, verdict in zip(suite.expectations, engine.judge(suite), strict=True)
        }


def test_a_sound_raw_layer_passes_every_check(sound: Path) -> None:
    verdicts = judge(sound, *SUITES.values())
    assert [name for name, verdict in verdicts.items() if not verdict.success] == []


def test_every_check_of_the_border_has_a_case_in_which_it_fires() -> None:
    names = {suite.check_name(item) for suite in SUITES.values() for item in suite.expectations}
    assert names == set(BREAKS)


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_broken_rule_is_found_by_its_check(name: str, sound: Path, tmp_path: Path) -> None:
    broken = tmp_path / sound.name
    shutil.copyfile(sound, broken)
    with duckdb.connect(str(broken)) as connection:
        connection.execute(BREAKS[name])
    suite = next(
        suite
        for suite in SUITES.values()
        if name in {suite.check_name(item) for item in suite.expectations}
    )
    verdict = judge(broken, suite)[name]
    assert not verdict.success
    assert "canary" not in repr(verdict)
