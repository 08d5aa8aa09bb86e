"""Charts of a report as content: which figures they show. How they are drawn is `render`'s."""

from __future__ import annotations

from itertools import dropwhile

from pipelines.reports.chapters.desk import Desk, Move, kpi_name, say
from pipelines.reports.content import (
    Bar,
    BarChart,
    BridgeChart,
    Name,
    Point,
    Step,
    TrendChart,
    Words,
)
from pipelines.reports.drivers import Drivers
from pipelines.reports.figures import Figure
from pipelines.reports.outline import Bars
from pipelines.reports.periods import Span
from pipelines.reports.store import Reading

LEAST_POINTS = 3
LEAST_BARS = 2
VISIBLE = 0.005  # of the largest step, less than the width of a line


def trend_chart(desk: Desk, kpi_id: str) -> TrendChart | None:
    """A KPI over the last periods; None where there is too little for a line."""
    every = (_point(desk, kpi_id, span) for span in desk.store.period.trend)
    # What lies before the first value is before the data began.
    points = tuple(dropwhile(lambda point: point.value is None, every))
    if sum(point.value is not None for point in points) < LEAST_POINTS:
        return None
    kpi = desk.store.kpis[kpi_id]
    now = desk.store.at(kpi_id, desk.store.period.spans[-1])
    target = now.figure("target") if now and now.values.target is not None else None
    title = say("chart_trend", kpi=Name(kpi.name_en, kpi.name_zh))
    return TrendChart(title, points, target)


def _point(desk: Desk, kpi_id: str, span: Span) -> Point:
    reading = desk.store.at(kpi_id, span)
    if reading is None or reading.value is None:
        return Point(span, None)
    values = reading.values
    bounded = values.low is not None and values.high is not None
    return Point(
        span,
        reading.figure("value"),
        reading.figure("low") if bounded else None,
        reading.figure("high") if bounded else None,
        values.is_partial or not desk.judge.is_firm(reading),
    )


def bar_chart(desk: Desk, bars: Bars) -> BarChart | None:
    """A KPI by the members of a grain; None where fewer than two have a value."""
    found = []
    for member in desk.store.members(bars.kpi, bars.by):
        reading = desk.store.reading(bars.kpi, grain=bars.by, member=member)
        if reading is not None and reading.value is not None and reading.values.n > 0:
            found.append((desk.member(bars.by, member), reading))
    if len(found) < LEAST_BARS:
        return None
    kpi = found[0][1].kpi
    best_first = kpi.direction == "down"
    by_size = sorted(found, key=lambda each: (-each[1].values.n, each[0].en))
    kept = by_size[: desk.outline.rules.most_bars]
    kept.sort(key=lambda each: (each[1].value or 0.0) * (1 if best_first else -1))
    whole = desk.store.reading(bars.kpi)
    target = whole.figure("target") if whole and whole.values.target is not None else None
    return BarChart(
        say("chart_by", kpi=kpi_name(found[0][1]), grain=Words(f"grain_{bars.by}")),
        tuple(_bar(desk, name, reading) for name, reading in kept),
        target,
    )


def _bar(desk: Desk, name: Name, reading: Reading) -> Bar:
    status = desk.judge.status(reading)
    # A count is its own number of cases, and a composite's cases are other KPIs.
    has_cases = reading.kpi.unit != "count" and reading.kpi.group != "composite"
    n = reading.figure("n") if has_cases else None
    return Bar(name, reading.figure("value"), n, status, desk.judge.is_firm(reading))


def bridge_chart(desk: Desk, move: Move, drivers: Drivers) -> BridgeChart:
    """From the value before to the value now by the largest members, the rest as one step."""
    rules = desk.outline.rules
    least = rules.least_driver_share * drivers.largest
    shown = [
        each
        for each in drivers.members[: rules.most_drivers]
        if abs(each.part.value or 0.0) >= least
    ]
    steps = [Step(desk.member(drivers.grain, each.member), each.part) for each in shown]
    rest = [each.part for each in drivers.members[len(shown) :]]
    others = _together(rest, move.now)
    if abs(others.value or 0.0) >= VISIBLE * drivers.largest:
        steps.append(Step(Words("other_members"), others))
    return BridgeChart(
        say("chart_bridge", kpi=kpi_name(move.now), grain=Words(f"grain_{drivers.grain}")),
        move.before.figure("value"),
        tuple(steps),
        move.now.figure("value"),
        move.now.kpi.direction,
    )


def _together(parts: list[Figure], now: Reading) -> Figure:
    """Several contributions as one figure that names all their members' cells."""
    cells = tuple(cell for part in parts for cell in part.cells)
    against = tuple(cell for part in parts for cell in part.against)
    total = sum(part.value or 0.0 for part in parts)
    return Figure("contribution", cells, total, now.kpi.unit, against)
