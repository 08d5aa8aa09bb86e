"""The page of the catalogue accounts for each id once and tells what lies behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import HelpmartError
from pipelines.settings import PROJECT_ROOT
from pipelines.transform.catalogue import (
    GROUPS,
    Entry,
    Lineage,
    check_entries,
    naming_modules,
    read_catalogue,
)

METRICS = PROJECT_ROOT / "dbt_project" / "models" / "metrics"


def carried() -> Iterator[str]:
    """The catalogue ids in the semantic layer's own files."""
    for path in METRICS.rglob("*.yml"):
        for metric in yaml.safe_load(path.read_text(encoding="utf-8")).get("metrics", []):
            meta = metric.get("config", {}).get("meta", {})
            if "catalogue" in meta:
                yield meta["catalogue"]


def test_the_catalogue_has_162_ids_and_own_ones_in_17_groups_and_both_languages() -> None:
    entries = read_catalogue()
    assert len(entries) >= 162
    assert {entry.group for entry in entries} == set(GROUPS)
    assert all(entry.name_en and entry.name_zh for entry in entries)


def test_every_id_has_a_metric_or_a_reason_and_every_metric_an_id() -> None:
    found = set(carried())
    assert len(found) > 100
    check_entries(read_catalogue(), found)


@pytest.mark.parametrize(
    ("entries", "hint"),
    [
        ([("here", ""), ("here", "")], "here: in the catalogue twice"),
        ([], "here: not in the catalogue"),
        ([("here", ""), ("other", "")], "other: no metric and no reason"),
        ([("here", "later")], "here: a metric, and a reason for none"),
    ],
)
def test_a_catalogue_that_does_not_account_for_each_id_once_is_refused(
    entries: list[tuple[str, str]], hint: str
) -> None:
    made = [Entry(kpi_id, "A", "Name", "名称", reason) for kpi_id, reason in entries]
    with pytest.raises(HelpmartError, match=hint):
        check_entries(made, ["here"])


def node(kind: str, name: str, reads: list[str], folder: str = "calls") -> dict[str, Any]:
    return {
        "resource_type": kind,
        "name": name,
        "fqn": ["helpmart", "marts", folder, name],
        "depends_on": {"nodes": reads},
    }


@pytest.fixture
def lineage() -> Lineage:
    nodes = {
        "m.stg": node("model", "stg_desk__calls", ["s.desk"]),
        "m.other": node("model", "int_agents__unioned", ["s.roster"]),
        "m.days": node("model", "int_days", ["s.calendar"], folder="clock"),
        "m.fact": node("model", "fct_calls", ["m.stg", "m.other", "m.days"]),
        "t.hold": node("test", "fct_calls_columns_hold", ["m.fact"]),
        "t.other": node("test", "stg_desk__calls_columns_hold", ["m.stg"]),
    }
    units = {name: {"depends_on": {"nodes": [f"m.{name}"]}} for name in ("fact", "stg", "other")}
    sources = {f"s.{name}": {"source_name": name} for name in ("desk", "roster", "calendar")}
    return Lineage({"nodes": nodes, "sources": sources, "unit_tests": units})


def test_sources_are_those_whose_records_reach_a_fact_and_not_its_context(
    lineage: Lineage,
) -> None:
    assert lineage.sources(["fct_calls"]) == ["desk"]
    assert lineage.all_sources() == ["calendar", "desk", "roster"]


def test_data_tests_are_the_facts_own_and_unit_tests_also_those_behind_it(
    lineage: Lineage,
) -> None:
    assert lineage.data_tests(["fct_calls"]) == 1
    assert lineage.unit_tests(["fct_calls"]) == 2


def test_modules_are_found_by_whole_words(tmp_path: Path) -> None:
    for name, text in {
        "reference/phone.py": "asa = 1",
        "integration/test_kpi_phone.py": "fct_calls, asap",
        "integration/test_other.py": "asa",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = naming_modules(tmp_path)
    assert found["asa"] == {"reference/phone"}
    assert found["fct_calls"] == {"integration/test_kpi_phone"}
