"""Judging one border of a small DuckDB file, sound or broken in one place."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.quality.engine import Verdict, open_engine
from pipelines.quality.suites import Suite, load_suites


def check_names(suites: Iterable[Suite]) -> set[str]:
    return {suite.check_name(item) for suite in suites for item in suite.expectations}


def judge(file: Path, border: str, suites: Iterable[Suite]) -> dict[str, Verdict]:
    with open_engine(file, border, threads=1, memory_limit="1GB") as engine:
        return {
            suite.check_name(item): verdict
            for suite in suites
            for item, verdict in zip(suite.expectations, engine.judge(suite), strict=True)
        }


def judge_broken(sound: Path, folder: Path, border: str, name: str, breaking: str) -> Verdict:
    """What check `name` says of a copy of `sound` in which `breaking` was executed."""
    broken = folder / sound.name
    shutil.copyfile(sound, broken)
    with duckdb.connect(str(broken)) as connection:
        connection.execute(breaking)
    (suite,) = (suite for suite in load_suites(border) if name in check_names([suite]))
    return judge(broken, border, [suite])[name]
