"""Scores and ranks under other weights, beside those in force; nothing is written.

What belongs here: weighing the points of `fct_scorecard_items` anew. What does not: points, targets
and what is ranked, which the build decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings
from pipelines.transform.explain import Period, parse_period
from pipelines.transform.published_file import open_published

GRAINS = ("agent", "team", "shop", "total")
FULL = 100.0
ROUNDING = 1e-6


@dataclass(frozen=True)
class Item:
    """One KPI in the score of one member; `points` is None where the member has no value."""

    unit_value: str
    name: str
    kpi_id: str
    weight: float
    points: float | None
    is_ranked: bool


@dataclass(frozen=True)
class Moved:
    """A member's score and rank before and after; None where nothing is scored or ranked."""

    unit_value: str
    name: str
    score_before: float | None
    score_after: float | None
    rank_before: int | None
    rank_after: int | None
    missing: int


@dataclass(frozen=True)
class Benchmark:
    """A KPI of the whole desk and what the best fifth of a set of `n` members reaches."""

    kpi_id: str
    value: float
    top20_value: float
    gap: float
    set_name: str
    n: int


@dataclass(frozen=True)
class WhatIf:
    """The weights before and after, and every member, best first under the new weights.

    `benchmarks` are the weighted KPIs of the whole desk beside the best fifth of their benchmark
    sets, which is what weights are calibrated against.
    """

    period: Period
    grain: str
    weights_before: dict[str, float]
    weights_after: dict[str, float]
    members: list[Moved]
    benchmarks: list[Benchmark]


def what_if(
    settings: Settings, weights: Sequence[str], *, period: str, by: str = "agent"
) -> WhatIf:
    """The performance score of a published month or quarter under other weights.

    Args:
        settings: Which installation.
        weights: `KPI=NN` each; the KPIs not named share the rest in their present proportion.
        period: 2026-09 or 2026-Q3.
        by: One of `GRAINS`.

    Raises:
        HelpmartError: An unknown KPI, period or grain, or weights that can't add up to 100.
    """
    span = parse_period(period)
    if span.kind not in ("month", "quarter"):
        raise _usage(f"{period} has no scores", "write a month, 2026-09, or a quarter, 2026-Q3")
    if by not in GRAINS:
        raise _usage(f"{by!r} has no scores", f"known are {', '.join(GRAINS)}")
    with open_published(settings) as connection:
        rows = connection.execute(
            "select items.unit_value, coalesce(people.person_name, items.unit_value), items.kpi_id,"
            " items.weight, items.points, coalesce(cards.is_ranked, false)"
            " from published.fct_scorecard_items as items"
            " left join published.dim_people as people on people.person_key = items.unit_value"
            " left join published.fct_scorecards as cards"
            " using (scorecard, period_type, period_start, grain, unit_value)"
            " where items.scorecard = 'performance' and items.period_type = ?"
            " and items.period_start = ? and items.grain = ? order by all",
            [span.kind, span.start, by],
        ).fetchall()
        benchmarks = connection.execute(
            "select kpi_id, value, benchmark_value, top20_gap, benchmark_set, benchmark_n"
            " from published.fct_target_periods where grain = 'total' and period_type = ?"
            " and period_start = ? and benchmark_value is not null order by kpi_id",
            [span.kind, span.start],
        ).fetchall()
    items = [Item(*row) for row in rows]
    if not items:
        raise _usage(f"nobody is scored by {by} in {period}", "ask for a period with data")
    before = {item.kpi_id: item.weight for item in items}
    after = reweighted(before, parse_weights(weights))
    known = [Benchmark(*row) for row in benchmarks if row[0] in before]
    return WhatIf(span, by, before, after, compare(items, after), known)


def parse_weights(texts: Iterable[str]) -> dict[str, float]:
    """Weights by KPI from `KPI=NN`, each once and not negative."""
    found: dict[str, float] = {}
    for text in texts:
        kpi_id, _, number = text.partition("=")
        try:
            weight = float(number)
        except ValueError:
            raise _usage(f"{text!r} is no weight", "write it as csat_score=40") from None
        if kpi_id in found or not 0 <= weight <= FULL:
            raise _usage(f"{text!r} can't be used", "name each KPI once, with 0 to 100")
        found[kpi_id] = weight
    return found


def reweighted(before: Mapping[str, float], wanted: Mapping[str, float]) -> dict[str, float]:
    """The new weights of all KPIs of the scorecard; together they are 100.

    Raises:
        HelpmartError: A KPI that is not of the scorecard, or a sum that can't become 100.
    """
    strangers = sorted(set(wanted) - set(before))
    if strangers:
        raise _usage(
            f"{strangers[0]} has no weight in the scorecard",
            f"it weighs {', '.join(sorted(before))}",
        )
    rest = {kpi_id: weight for kpi_id, weight in before.items() if kpi_id not in wanted}
    left, share = FULL - sum(wanted.values()), sum(rest.values())
    if left < -ROUNDING or (share <= 0 and left > ROUNDING):
        raise _usage(
            f"the weights add up to {sum(wanted.values()):g}",
            "a scorecard's weights are 100 together",
        )
    scale = max(left, 0.0) / share if share > 0 else 0.0
    return {kpi_id: wanted.get(kpi_id, rest.get(kpi_id, 0.0) * scale) for kpi_id in before}


def compare(items: Iterable[Item], after: Mapping[str, float]) -> list[Moved]:
    """Scores and ranks of all before and after; a missing KPI's weight falls to the others."""
    by_member: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_member[item.unit_value].append(item)
    old = {unit: _score(own, {i.kpi_id: i.weight for i in own}) for unit, own in by_member.items()}
    new = {unit: _score(own, after) for unit, own in by_member.items()}
    ranked = {unit for unit, own in by_member.items() if own[0].is_ranked}
    old_ranks, new_ranks = _ranks(old, ranked), _ranks(new, ranked)
    moved = [
        Moved(
            unit,
            own[0].name,
            old[unit],
            new[unit],
            old_ranks.get(unit),
            new_ranks.get(unit),
            sum(item.points is None for item in own),
        )
        for unit, own in by_member.items()
    ]
    return sorted(
        moved, key=lambda m: (m.rank_after or len(moved) + 1, -(m.score_after or 0), m.name)
    )


def _score(items: Sequence[Item], weights: Mapping[str, float]) -> float | None:
    scored = [(weights[i.kpi_id], i.points) for i in items if i.points is not None]
    total = sum(weight for weight, _ in scored)
    return sum(weight * points for weight, points in scored) / total if total > 0 else None


def _ranks(scores: Mapping[str, float | None], ranked: set[str]) -> dict[str, int]:
    known = {unit: score for unit, score in scores.items() if unit in ranked and score is not None}
    return {
        unit: 1 + sum(other > score + ROUNDING for other in known.values())
        for unit, score in known.items()
    }


def _usage(what: str, remedy: str) -> HelpmartError:
    return HelpmartError(what=what, remedy=remedy, exit_code=ExitCode.USAGE)
