"""Efficiency of agents by the words of the catalogue, in plain Python.

What belongs here: time open and with an agent, touches, overlaps, weighted scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

Row = dict[str, Any]
Span = tuple[datetime, datetime]
TOUCH_GAP = timedelta(minutes=30)
HOUR = timedelta(hours=1)
WEIGHTS = {"exam": 0.4, "knowledge": 0.3, "accuracy": 0.3}


def open_stretches(
    holders: Iterable[Row], states: Iterable[Row], newest: datetime
) -> dict[str, list[Span]]:
    """By holder, when a ticket was open and with them; what still goes on ends at `newest`."""
    found: dict[str, list[Span]] = defaultdict(list)
    spans = [
        (state["started_at"], state["ended_at"] or newest)
        for state in states
        if state["status"] in {"new", "open"}
    ]
    for holder in holders:
        if holder["value"] is None:
            continue
        for begins, ends in spans:
            start = max(begins, holder["started_at"])
            end = min(ends, holder["ended_at"] or newest)
            if start < end:
                found[holder["value"]].append((start, end))
    return found


def touched_seconds(touches: Iterable[datetime]) -> int:
    """Seconds between touches that lie near one another; touches of one instant are one."""
    moments = sorted(set(touches))
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    return sum(int(gap.total_seconds()) for gap in gaps if gap <= TOUCH_GAP)


def session_hours(spans: Iterable[Span]) -> dict[datetime, tuple[int, int]]:
    """By hour, the seconds of all spans added up and those with at least one span."""
    edges: dict[datetime, int] = defaultdict(int)
    for begins, ends in spans:
        edges[begins] += 1
        edges[ends] -= 1
        hour = begins.replace(minute=0, second=0, microsecond=0) + HOUR
        while hour < ends:
            edges[hour] += 0
            hour += HOUR
    found: dict[datetime, tuple[int, int]] = {}
    running = 0
    moments = sorted(edges)
    for moment, after in zip(moments, [*moments[1:], None], strict=True):
        running += edges[moment]
        if after is not None and running:
            hour = moment.replace(minute=0, second=0, microsecond=0)
            seconds = int((after - moment).total_seconds())
            summed, busy = found.get(hour, (0, 0))
            found[hour] = (summed + running * seconds, busy + seconds)
    return found


def proficiency(parts: Mapping[str, float | None]) -> float | None:
    """The weighted mean of the parts that there are; those that are missing weigh nothing."""
    known = {name: score for name, score in parts.items() if score is not None}
    weight = sum(WEIGHTS[name] for name in known)
    return sum(WEIGHTS[name] * score for name, score in known.items()) / weight if known else None
