"""Staffing by the textbook, in plain Python: forecasts, Erlang C and a simulated queue.

What belongs here: arithmetic on counts and loads. What a contact is belongs to the caller.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

WEEKS = 8
LEAST_TREND, GREATEST_TREND = 0.5, 2.0


class Slot(NamedTuple):
    """A half hour of a local day."""

    day: date
    half_hour: int


def waiting_share(load: float, servers: int) -> float:
    """Erlang C: the share of contacts that have to wait, all of them if the load is too great."""
    if servers <= load:
        return 1.0
    term, below = 1.0, 0.0
    for number in range(servers):
        below += term
        term *= load / (number + 1)
    top = term * servers / (servers - load)
    return top / (below + top)


def answered_share(load: float, servers: int, wait: float) -> float:
    """The share answered within `wait` handle times."""
    if servers <= load:
        return 0.0
    return 1 - waiting_share(load, servers) * math.exp(-(servers - load) * wait)


def servers_needed(load: float, wait: float, share: float) -> int:
    """The fewest servers with which the share is answered within `wait` handle times."""
    servers = 1
    while answered_share(load, servers, wait) < share:
        servers += 1
    return servers


def simulated_answered_share(
    load: float, servers: int, wait: float, *, contacts: int, seed: int
) -> float:
    """The same by letting contacts arrive and be served one after another."""
    rng = Random(seed)
    free = [0.0] * servers
    now, in_time = 0.0, 0
    for _ in range(contacts):
        now += rng.expovariate(load)
        begins = max(now, heapq.heappop(free))
        in_time += begins - now <= wait
        heapq.heappush(free, begins + rng.expovariate(1.0))
    return in_time / contacts


def forecast(arrivals: Iterable[Slot], monday: date) -> dict[Slot, float]:
    """What the half hours of a week let expect, from the weeks before it alone."""
    slots: dict[tuple[int, int], int] = defaultdict(int)
    weekly = [0] * WEEKS
    for day, half_hour in arrivals:
        ago = (monday - day).days
        if 0 < ago <= 7 * WEEKS:
            weekly[WEEKS - 1 - (ago - 1) // 7] += 1
            slots[day.weekday(), half_hour] += 1
    total = sum(weekly)
    if not total:
        return {}
    level = total / WEEKS
    middle = (WEEKS - 1) / 2
    slope = sum((week - middle) * count for week, count in enumerate(weekly)) / sum(
        (week - middle) ** 2 for week in range(WEEKS)
    )
    trend = (level + slope * (WEEKS - middle)) / level
    trend = min(max(trend, LEAST_TREND), GREATEST_TREND)
    return {
        Slot(monday + timedelta(days=weekday), half_hour): count / WEEKS * trend
        for (weekday, half_hour), count in slots.items()
    }
