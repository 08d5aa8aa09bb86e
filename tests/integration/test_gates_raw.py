"""The raw border: a sound raw layer passes, and every single rule fires when it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.quality.suites import load_suites
from tests.integration.gates import check_names, judge, judge_broken
from tests.integration.raw_worlds import BREAKS, write_raw_tables

SUITES = load_suites("raw")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("raw") / "raw_layer.duckdb"
    write_raw_tables(file)
    return file


def test_a_sound_raw_layer_passes_every_check(sound: Path) -> None:
    verdicts = judge(sound, "raw", SUITES)
    assert [name for name, verdict in verdicts.items() if not verdict.success] == []


def test_every_check_of_the_border_has_a_case_in_which_it_fires() -> None:
    assert check_names(SUITES) == set(BREAKS)


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_broken_rule_is_found_by_its_check(name: str, sound: Path, tmp_path: Path) -> None:
    verdict = judge_broken(sound, tmp_path, "raw", name, BREAKS[name])
    assert not verdict.success
    assert "canary" not in repr(verdict)


@pytest.mark.parametrize(
    "name",
    [
        "helpmart__files_quarantined_share_below_5_percent",
        "helpmart__files_file_quarantined_share_below_5_percent",
        "helpmart__files_files_readable",
    ],
)
def test_a_dismissed_file_no_longer_holds_up_publishing(
    name: str, sound: Path, tmp_path: Path
) -> None:
    dismissed = f"{BREAKS[name]}; update raw.helpmart__files set is_dismissed = true"
    assert judge_broken(sound, tmp_path, "raw", name, dismissed).success
