"""Targets and scorecards, from the catalogue's words, in plain Python over published rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
CAP = 1.5


def attainment(value: float | None, target: float | None, direction: str) -> float | None:
    """Actual by target, or target by actual where less is better; 0 to 150 %."""
    if value is None or target is None or direction == "neutral":
        return None
    if direction == "down":
        return CAP if value <= 0 else min(max(target / value, 0.0), CAP)
    return min(max(value / target, 0.0), CAP) if target > 0 else None


def points(reached: float, ladder: Sequence[tuple[float, float]]) -> float:
    """Points of the highest step that is reached; steps are attainment and points."""
    return max((step for step in ladder if step[0] <= reached), key=lambda step: step[0])[1]


def weighted(
    reached: Mapping[str, float | None],
    weights: Mapping[str, float],
    ladder: Sequence[tuple[float, float]],
) -> float | None:
    """The score; what is missing leaves its weight to the others."""
    scored = {k: v for k in weights if (v := reached.get(k)) is not None}
    base = sum(weights[k] for k in scored)
    if not base:
        return None
    return sum(weights[k] * points(v, ladder) for k, v in scored.items()) / base


def in_force(rows: Iterable[Row], day: Any, **members: str) -> Row | None:
    """The row whose span holds the day, of the given KPI and member."""
    for row in rows:
        if row["valid_from"] <= day < row["valid_to"] and all(
            row[name] == member for name, member in members.items()
        ):
            return row
    return None
