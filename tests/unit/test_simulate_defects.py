"""Planted defects: few in every file, each kind somewhere, none in a clean export."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from pipelines.simulate.company_demo import company_plan
from pipelines.simulate.costs.export import CostsExport
from pipelines.simulate.output.exporting import RECORDS_A_DEFECT
from pipelines.simulate.systems import SYSTEMS, write_systems

PLAN = company_plan(7, 1_500)
NO_DEFECTS = {"header", "title_row", "summary_row", "repeated_header"}
KINDS = {
    "qiyu": {"not_json", "missing_required", "id_in_scientific_notation", "bad_type"},
    "amazon_connect": {"not_json", "missing_required", "bad_type"},
    "chitu": {"bad_type"},
    "jingmai": {"bad_type"},
    "pinduoduo": {"bad_type", "missing_required"},
    "taobao": {"id_in_scientific_notation", "missing_required", "bad_type"},
    "order_lines": {"bad_type", "missing_required", "id_in_scientific_notation"},
    "surveys": {"bad_type", "missing_required"},
    "quality": {"bad_type", "missing_required"},
    "mentions": {"bad_type", "missing_required"},
    "costs": {"bad_type"},
    "targets": {"bad_type"},
    "workforce": {"bad_type", "missing_required"},
}
Row = dict[str, Any]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    folder = tmp_path_factory.mktemp("defects")
    write_systems(folder / "inbox", folder / "truth", PLAN, SYSTEMS)
    rows: list[Row] = json.loads((folder / "truth" / "files.json").read_bytes())
    return rows


def test_no_file_has_more_defects_than_one_in_so_many_records(files: list[Row]) -> None:
    assert sum(row["quarantined"] for row in files) > len(KINDS)
    for row in files:
        assert row["quarantined"] * RECORDS_A_DEFECT <= row["loaded"], row


def test_every_kind_of_defect_is_planted_somewhere(files: list[Row]) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for row in files:
        found[row["source"]] |= set(row["reasons"]) - NO_DEFECTS
    assert found == KINDS


@pytest.mark.parametrize(
    ("records", "planted"),
    [
        ((24,), []),
        ((25, 25, 25), ["a", "b", "c"]),
        ((60, 1_000), ["a", "b", "c", "a", "b"]),
    ],
)
def test_defects_take_turns_where_files_are_short(
    tmp_path: Path, records: tuple[int, ...], planted: list[str]
) -> None:
    export, clean = CostsExport(tmp_path, PLAN), CostsExport(tmp_path, PLAN, dirt=False)
    found: Counter[str] = Counter()
    for number, count in enumerate(records):
        for one in (export, clean):
            one.accounting.load(f"{number}.xlsx", "entries", count)
        found.update(export.defects(f"{number}.xlsx", "entries", "abc"))
        assert not list(clean.defects(f"{number}.xlsx", "entries", "abc"))
    assert found == Counter(planted)
