"""The published border: sound tables pass, and every single rule fires when it is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.quality.suites import load_suites
from tests.integration.gates import check_names, judge, judge_broken
from tests.integration.published_marts import waves
from tests.integration.published_worlds import BREAKS, DERIVED, write_published_tables

SUITES = load_suites("published")
WAVES = waves(DERIVED)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("published") / "helpmart.duckdb"
    write_published_tables(file)
    return file


def test_sound_published_tables_pass_every_check(sound: Path) -> None:
    verdicts = judge(sound, "published", SUITES)
    assert [name for name, verdict in verdicts.items() if not verdict.success] == []


def test_every_check_of_the_border_has_a_case_in_which_it_fires() -> None:
    assert check_names(SUITES) == {*BREAKS, *(name for wave in WAVES for name in wave)}


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_broken_rule_is_found_by_its_check(name: str, sound: Path, tmp_path: Path) -> None:
    assert not judge_broken(sound, tmp_path, "published", name, BREAKS[name]).success


@pytest.mark.parametrize("wave", range(len(WAVES)))
def test_a_broken_rule_of_a_mart_is_found_by_its_check(
    wave: int, sound: Path, tmp_path: Path
) -> None:
    broken = shutil.copyfile(sound, tmp_path / sound.name)
    with duckdb.connect(str(broken)) as connection:
        for statements in WAVES[wave].values():
            connection.execute(statements)
    verdicts = judge(broken, "published", DERIVED)
    assert [name for name in WAVES[wave] if verdicts[name].success] == []
