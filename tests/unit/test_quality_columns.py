"""Suites name tables and columns that the contracts declare, so a renaming is met here first."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml

from pipelines.ingest.contracts import METADATA_COLUMNS, load_contracts
from pipelines.quality.suites import Suite, load_suites
from pipelines.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_project" / "models"
# They stay in the warehouse: kpi_values and fct_training_effects, which have suites, publish what
# is made of them.
UNPUBLISHED = {"fct_kpi_cells", "fct_training_changes"}


@cache
def raw_columns() -> dict[str, set[str]]:
    return {
        f"{source}__{name}": {*entity.columns, *METADATA_COLUMNS}
        for source, contract in load_contracts().items()
        for name, entity in contract.entities.items()
    }


@cache
def published_columns() -> dict[str, set[str]]:
    columns: dict[str, set[str]] = {}
    for file in MODELS.rglob("*.yml"):
        content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        for model in content.get("models", []):
            columns[model["name"]] = {column["name"] for column in model.get("columns", [])}
    return columns


def named_columns(suite: Suite) -> set[str]:
    named = {name for item in suite.expectations for name in (item.column or "").split(", ")}
    return (named | set(suite.keys)) - {""}


@pytest.mark.parametrize("suite", load_suites("published"), ids=lambda suite: suite.table)
def test_a_published_suite_names_declared_columns(suite: Suite) -> None:
    declared = published_columns()
    assert suite.table in declared
    assert named_columns(suite) <= declared[suite.table]


@pytest.mark.parametrize(
    "suite",
    [suite for suite in load_suites("raw") if suite.table != "helpmart__files"],
    ids=lambda suite: suite.table,
)
def test_a_raw_suite_names_columns_of_the_source_contract(suite: Suite) -> None:
    declared = raw_columns()
    assert suite.table in declared
    assert named_columns(suite) <= declared[suite.table]


def test_every_entity_of_every_source_and_every_mart_has_a_suite() -> None:
    assert set(raw_columns()) <= {suite.table for suite in load_suites("raw")}
    marts = {file.stem for file in (MODELS / "marts").rglob("*.sql")}
    assert marts - UNPUBLISHED <= {suite.table for suite in load_suites("published")}
