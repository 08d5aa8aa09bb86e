"""A published build to report on, and every figure of a report computed anew from its cells.

What belongs here: the plain recount, which knows ids of figures and rows of published tables and
nothing of how reports are made. What should agree belongs to the tests.
"""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish.stamp import stamp
from pipelines.settings import Settings

BUILD_ID = "20261101T000000Z-0a1b2c"
Row = Mapping[str, Any]
Key = tuple[str, str, date, str, str]
Z = 1.959963984540054
CELL_COLUMNS = (
    "kpi_id, period_type, period_start, grain, unit_value, value, numerator, denominator, n,"
    " value_low, value_high, target_value, benchmark_value, maturity, no_base"
)
LEAST_CASES, LEAST_MATURITY = 30, 0.8


def publish_copy(serving_file: Path, home: Path) -> Settings:
    """An installation that shows a copy of the file as its only build."""
    settings = Settings(home=home)
    folder = settings.paths.builds / BUILD_ID
    folder.mkdir(parents=True)
    copy = folder / "helpmart.duckdb"
    shutil.copyfile(serving_file, copy)
    stamp(copy, BUILD_ID, "run", [], datetime(2026, 11, 1, tzinfo=UTC))
    settings.paths.current_link.symlink_to(folder)
    return settings


@dataclass(frozen=True)
class Recount:
    """The published rows by the ids that figures carry."""

    cells: Mapping[Key, Row]
    weights: Mapping[str, float]
    cards: Mapping[str, Row]
    drivers: Mapping[str, float]
    kpis: Mapping[str, Row]

    def of(self, figure: Any) -> float | None:
        """The figure's value from its own id, by plain arithmetic."""
        aspect, own, other = figure.aspect, figure.cells, figure.against
        if aspect == "count":
            return float(len(own))
        if aspect in {"weight", "score", "rank"}:
            return self._of_row(aspect, own[0])
        if aspect == "contribution":
            return self._contribution(own, other)
        values = self._joined(own)
        if aspect == "change":
            return float(values["value"] - self._joined(other)["value"])
        if aspect == "target_gap":
            return float(values["value"] - values["target_value"])
        names = {"low": "value_low", "high": "value_high", "target": "target_value",
                 "benchmark": "benchmark_value", "gap": "value"}  # fmt: skip
        found = values[names.get(aspect, aspect)]
        return None if found is None else float(found)

    def has(self, cell: Any) -> bool:
        """Whether the cell has a base."""
        key = (cell.kpi_id, cell.part, cell.start, cell.grain, cell.member)
        return key in self.cells and not self.cells[key]["no_base"]

    def status(self, cell: Any) -> str:
        """Against the target, by the rules that docs/reports.md states."""
        row, kpi = self._row(cell), self.kpis[cell.kpi_id]
        value, target = row["value"], row["target_value"]
        few = kpi["unit"] != "count" and kpi["kpi_group"] != "composite" and row["n"] < LEAST_CASES
        young = row["maturity"] is not None and row["maturity"] < LEAST_MATURITY
        if value is None or target is None or few or young or kpi["direction"] == "neutral":
            return "open"
        if value == target or (value > target) == (kpi["direction"] == "up"):
            return "met"
        low, high = row["value_low"], row["value_high"]
        return "open" if low is not None and low <= target <= high else "missed"

    def _of_row(self, aspect: str, row: Any) -> float:
        if aspect == "weight":
            return self.weights[row.key]
        return float(self.cards[row.key]["score" if aspect == "score" else "score_rank"])

    def _contribution(self, own: Any, other: Any) -> float:
        rest = [cell for cell in own if hasattr(cell, "table")]
        parts = sum(self.drivers[row.key] for row in rest)
        named = [[c for c in side if hasattr(c, "grain")] for side in (own, other)]
        wholes = [[c for c in side if c.grain == "total"] for side in named]
        members = [[c for c in side if c.grain != "total"] for side in named]
        if not members[0] and not members[1]:
            return parts
        now, before = (self._joined(tuple(dict.fromkeys(side))) for side in wholes)
        if now["denominator"] is None:
            sums = [sum(self._row(c)["value"] or 0.0 for c in side) for side in members]
            return parts + sums[0] - sums[1]
        middle = (now["value"] + before["value"]) / 2
        pulls = [
            sum(
                (self._row(c)["numerator"] or 0.0) - middle * (self._row(c)["denominator"] or 0.0)
                for c in side
            )
            / whole["denominator"]
            for side, whole in zip(members, (now, before), strict=True)
        ]
        return parts + float(pulls[0] - pulls[1])

    def _joined(self, cells: Any) -> dict[str, Any]:
        """One cell as it is; two quarters of a half-year together."""
        rows = [self._row(cell) for cell in cells]
        last = dict(rows[-1])
        if len(rows) == 1:
            return last
        last["n"] = sum(row["n"] for row in rows)
        ages = [row["maturity"] for row in rows if row["maturity"] is not None]
        last["maturity"] = min(ages, default=None)
        last["value_low"] = last["value_high"] = None
        if last["denominator"] is None:
            last["value"] = sum(row["value"] or 0.0 for row in rows)
            last["target_value"] = last["benchmark_value"] = None
            return last
        hits = sum(row["numerator"] or 0.0 for row in rows)
        base = sum(row["denominator"] or 0.0 for row in rows)
        last["numerator"], last["denominator"] = hits, base
        last["value"] = hits / base if base else None
        if self.kpis[cells[0].kpi_id]["unit"] == "rate" and base:
            last["value_low"], last["value_high"] = wilson(hits, base)
        return last

    def _row(self, cell: Any) -> Row:
        return self.cells[cell.kpi_id, cell.part, cell.start, cell.grain, cell.member]


def wilson(hits: float, cases: float) -> tuple[float, float]:
    share = hits / cases
    middle = (share + Z * Z / (2 * cases)) / (1 + Z * Z / cases)
    spread = Z * math.sqrt(share * (1 - share) / cases + Z * Z / (4 * cases * cases))
    spread /= 1 + Z * Z / cases
    return middle - spread, middle + spread


def recount_of(settings: Settings) -> Recount:
    """Everything that months and quarters may be recounted from."""
    with duckdb.connect(str(settings.paths.published_file.resolve()), read_only=True) as con:

        def rows(sql: str) -> list[dict[str, Any]]:
            found = con.execute(sql)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        cells = rows(
            f"select {CELL_COLUMNS} from published.kpi_values"
            " where period_type in ('month', 'quarter') and grain <> 'agent'"
        )
        drivers = rows(
            "select kpi_id, period_type, period_start, grain, unit_value, total_effect"
            " from published.kpi_change_drivers where comparison = 'previous'"
            " and member_kind <> 'member'"
        )
        names = ("kpi_id", "period_type", "period_start", "grain", "unit_value")
        weights = rows("from published.kpi_weights")
        return Recount(
            cells={tuple(row[name] for name in names): row for row in cells},  # type: ignore[misc]
            weights={row["weight_key"]: row["weight"] for row in weights},
            cards={row["scorecard_key"]: row for row in rows("from published.fct_scorecards")},
            drivers={_driver_key(row): row["total_effect"] for row in drivers},
            kpis={row["kpi_id"]: row for row in rows("from published.kpi_dictionary")},
        )


def _driver_key(row: Row) -> str:
    span = f"{row['kpi_id']}/{row['period_type']}/{row['period_start']}"
    return f"{span}/{row['grain']}={row['unit_value']}"


def has_number(text: str) -> bool:
    """Whether a digit stands in it; wordings spell what is no figure of the data."""
    return re.search(r"\d", text) is not None
