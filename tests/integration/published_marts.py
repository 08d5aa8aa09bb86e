"""A sound row of every mart, derived from its declared columns and its suite, and its breaks.

Rules about one column say themselves what would break them; rules over whole rows have a change in
`published_mart_breaks`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

import yaml

from pipelines.quality.suites import ROWS as ROWS_RULE
from pipelines.quality.suites import Expectation, Suite
from pipelines.settings import PROJECT_ROOT
from tests.integration.published_mart_breaks import CHANGES, ROWS, STATEMENTS

MODELS = PROJECT_ROOT / "dbt_project" / "models"
FOLDERS = (
    MODELS / "marts",
    MODELS / "published" / "bots",
    MODELS / "published" / "catalogue",
    MODELS / "published" / "changes",
    MODELS / "published" / "executive",
    MODELS / "published" / "operations",
    MODELS / "published" / "people",
    MODELS / "published" / "service",
)
BY_TYPE = {
    "varchar": "'x'",
    "boolean": "false",
    "date": "date '2026-10-01'",
    "timestamp": "timestamp '2026-10-01 08:00'",
}


def declared_types() -> dict[str, dict[str, str]]:
    """The columns of every mart, and of tables made of KPIs, with their types."""
    return {
        model["name"]: {column["name"]: column["data_type"] for column in model["columns"]}
        for folder in FOLDERS
        for file in sorted(folder.rglob("*.yml"))
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", [])
    }


def sound_table(suite: Suite, types: dict[str, str]) -> str:
    """A query of sound rows: by type, within the sets and ranges of the suite, or as stated."""
    values = {name: BY_TYPE.get(kind, f"1::{kind}") for name, kind in types.items()}
    for item in suite.expectations:
        members = item.kwargs.get("value_set")
        if item.column in values and members:
            values[item.column] = f"'{members[0]}'"
    values |= ROWS.get(suite.table, {})
    return "select " + ", ".join(
        f"{value}::{types[name]} as {name}" for name, value in values.items()
    )


def breaking(table: str, item: Expectation) -> str:
    """The statements after which `item` must fail.

    Raises:
        KeyError: a rule over whole rows has no change that breaks it.
    """
    if item.expectation == ROWS_RULE:
        statements = STATEMENTS.get(table, {})
        if item.rule in statements:
            return statements[item.rule]
        return f"update published.{table} set {CHANGES[table][item.rule]}"
    if item.expectation.endswith("be_unique"):
        return f"insert into published.{table} from published.{table} limit 1"
    return f"update published.{table} set {item.column} = {_outside(item.kwargs)}"


def _outside(rule: dict[str, Any]) -> str:
    if "value_set" in rule:
        return "'no member'"
    if "max_value" in rule:
        return str(rule["max_value"] + 1)
    return str(rule["min_value"] - 1) if "min_value" in rule else "null"


def waves(suites: Iterable[Suite]) -> list[dict[str, str]]:
    """Breaks by check, one of every table at a time, so that few files judge all of them."""
    by_table = [
        [(suite.check_name(item), breaking(suite.table, item)) for item in suite.expectations]
        for suite in suites
    ]
    return [dict(entry for entry in wave if entry is not None) for wave in zip_longest(*by_table)]
