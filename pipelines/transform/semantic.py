"""The KPIs as dbt's semantic YAML defines them, for everything outside dbt that needs a definition.

What belongs here: reading definitions, from dbt's manifest or from the dictionary of a published
file. What does not: any formula of a KPI, which stands in `dbt_project/models/metrics` and nowhere
else, and what a published table can answer of it (`dataset_metrics`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.transform.formulas import (
    Formula,
    Measure,
    broken,
    dictionary_formula,
    manifest_formula,
    manifest_measures,
    measures_of,
)

Language = Literal["en", "zh"]
REQUIRED_META = (
    "catalogue",
    "group",
    "name_zh",
    "formula",
    "unit",
    "direction",
    "anchor",
    "clock",
    "population",
    "attribution",
    "null_rule",
    "owner",
)
FORMATS = {
    "count": ",d",
    "rate": ".1%",
    "share": ".1%",
    "ratio": ",.2f",
    "seconds": ",d",
    "days": ",.1f",
    "hours": ",.1f",
    "currency": ",.2f",
    "currency_per_hour": ",.2f",
    "per_hour": ",.2f",
    "score": ",.1f",
    "points": "+,.1f",
    "percent_points": "+,.1f",
}
UNITS = frozenset(FORMATS)
DIRECTIONS = frozenset({"up", "down", "neutral"})


@dataclass(frozen=True)
class Kpi:
    """One entry of the KPI dictionary; `catalogue` is the id that variants share."""

    id: str
    name_en: str
    name_zh: str
    description: str
    formula_en: str
    formula_zh: str
    group: str
    unit: str
    direction: str
    anchor: str
    clock: str
    population: str
    attribution: str
    null_rule: str
    owner: str
    catalogue: str
    formula: Formula

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure once, in the order of the formula."""
        return tuple(dict.fromkeys(measures_of(self.formula)))


def kpis_from_manifest(manifest: Mapping[str, Any]) -> list[Kpi]:
    """The KPIs of a parsed dbt project, by id; one that lacks a part of its definition is refused.

    Args:
        manifest: dbt's `manifest.json`.
    """
    measures = {measure.name: measure for measure in manifest_measures(manifest)}
    metrics = {metric["name"]: metric for metric in manifest["metrics"].values()}
    kpis = [
        _kpi(metric, manifest_formula(metric, metrics, measures))
        for metric in metrics.values()
        if not _is_component(metric, measures)
    ]
    return sorted(kpis, key=lambda kpi: kpi.id)


def kpi_from_dictionary(row: Mapping[str, Any]) -> Kpi:
    """One row of the published `kpi_dictionary`."""
    texts = {name: str(row[name]) for name in _DICTIONARY_COLUMNS}
    return Kpi(
        id=str(row["kpi_id"]),
        group=str(row["kpi_group"]),
        formula=dictionary_formula(json.loads(row["definition"])),
        **texts,
    )


_DICTIONARY_COLUMNS = (
    "name_en",
    "name_zh",
    "description",
    "formula_en",
    "formula_zh",
    "unit",
    "direction",
    "anchor",
    "clock",
    "population",
    "attribution",
    "null_rule",
    "owner",
    "catalogue",
)


def _kpi(metric: Mapping[str, Any], formula: Formula) -> Kpi:
    meta = metric["config"]["meta"]
    _require_complete(metric)
    return Kpi(
        id=metric["name"],
        name_en=metric["label"],
        name_zh=meta["name_zh"],
        description=metric["description"],
        formula_en=meta["formula"]["en"],
        formula_zh=meta["formula"]["zh"],
        group=meta["group"],
        unit=meta["unit"],
        direction=meta["direction"],
        anchor=meta["anchor"],
        clock=meta["clock"],
        population=meta["population"],
        attribution=meta["attribution"],
        null_rule=meta["null_rule"],
        owner=meta["owner"],
        catalogue=meta["catalogue"],
        formula=formula,
    )


def _is_component(metric: Mapping[str, Any], measures: Mapping[str, Measure]) -> bool:
    """True for a part of other metrics; dbt does not hand a measure's mark to its metric."""
    measure = measures.get(metric["name"])
    return bool(metric["config"]["meta"].get("component") or (measure and measure.is_component))


def _require_complete(metric: Mapping[str, Any]) -> None:
    meta = metric["config"]["meta"]
    missing = [key for key in REQUIRED_META if not meta.get(key)]
    missing += [f"formula.{each}" for each in ("en", "zh") if not _formula_text(meta, each)]
    if missing:
        raise broken(metric["name"], f"its meta lacks {', '.join(missing)}")
    if meta["unit"] not in UNITS:
        raise broken(metric["name"], f"unit {meta['unit']!r} is none of {sorted(UNITS)}")
    if meta["direction"] not in DIRECTIONS:
        raise broken(metric["name"], f"direction is none of {sorted(DIRECTIONS)}")


def _formula_text(meta: Mapping[str, Any], language: str) -> Any:
    formula = meta.get("formula")
    return formula.get(language) if isinstance(formula, Mapping) else None
