"""Queues by the textbook and by simulation, in plain Python: Erlang C, Erlang A and a day of calls.

What belongs here: one queue with first come, first served. Times are in any one unit.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

STEPS = 200


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


@cache
def answered_share(load: float, servers: int, wait: float, impatience: float = 0) -> float:
    """The share answered within `wait` handle times: Erlang C, or Erlang A where people give up.

    `impatience` is the mean handle time over the mean patience. With it: the chances of all numbers
    of contacts one after another, and for each line in front the density of its last step forward.
    """
    if not impatience:
        if servers <= load:
            return 0.0
        return 1 - waiting_share(load, servers) * math.exp(-(servers - load) * wait)
    at_once, chance = 0.0, 1.0
    for number in range(servers):
        at_once += chance
        chance *= load / (number + 1)
    full, total, line = chance, at_once, 0
    while chance > 1e-14 * total or line < load:
        total += chance
        line += 1
        chance *= load / (servers + line * impatience)
    later = _integral(
        lambda time: math.exp(
            load * (1 - math.exp(-impatience * time)) / impatience - (servers + impatience) * time
        ),
        wait,
    )
    return (at_once + full * servers * later) / total


def servers_needed(
    load: float, wait: float, share: float, impatience: float = 0, occupancy: float = 1
) -> int:
    """The fewest servers that answer the share in time and are not busier than the occupancy."""
    servers = 1
    while load > servers * occupancy or answered_share(load, servers, wait, impatience) < share:
        servers += 1
    return servers


@dataclass
class Outcome:
    """What became of the contacts of a simulation."""

    contacts: int = 0
    in_time: int = 0
    abandoned: int = 0
    busy: float = 0.0

    @property
    def answered_share(self) -> float:
        return self.in_time / self.contacts

    @property
    def abandoned_share(self) -> float:
        return self.abandoned / self.contacts


@dataclass(frozen=True)
class Shift:
    """A stretch of a day with one rate of arrivals and one number of servers."""

    length: float
    rate: float
    servers: int


def simulate(
    day: Sequence[Shift],
    *,
    handle: float,
    patience: float | None,
    wait: float,
    days: int,
    seed: int,
) -> Outcome:
    """Days one after another: who comes is served in turn, or goes when patience ends.

    Who leaves the shift finishes the contact at hand, as people do.
    """
    rng = Random(seed)
    found = Outcome()
    for _ in range(days):
        _Line(rng, handle, patience, wait, found).live_through(day)
    return found


class _Line:
    def __init__(
        self, rng: Random, handle: float, patience: float | None, wait: float, found: Outcome
    ) -> None:
        self.rng, self.handle, self.patience = rng, handle, patience
        self.limit, self.found = wait, found
        self.servers = 0
        self.leaving: list[float] = []
        self.waiting: deque[tuple[float, float]] = deque()

    def live_through(self, day: Sequence[Shift]) -> None:
        now = 0.0
        for shift in day:
            end = now + shift.length
            self.servers = shift.servers
            self._serve(now)
            while True:
                now += self.rng.expovariate(shift.rate) if shift.rate else math.inf
                self._run_to(min(now, end))
                if now >= end:
                    break
                self.found.contacts += 1
                stays = self.rng.expovariate(1 / self.patience) if self.patience else math.inf
                self.waiting.append((now, now + stays))
                self._serve(now)
            now = end
        self._run_to(math.inf)
        self.found.abandoned += len(self.waiting)

    def _run_to(self, until: float) -> None:
        while self.leaving and self.leaving[0] <= until:
            self._serve(heapq.heappop(self.leaving))

    def _serve(self, now: float) -> None:
        while self.waiting and len(self.leaving) < self.servers:
            came, gives_up = self.waiting.popleft()
            if gives_up <= now:
                self.found.abandoned += 1
                continue
            lasts = self.rng.expovariate(1 / self.handle)
            self.found.in_time += now - came <= self.limit
            self.found.busy += lasts
            heapq.heappush(self.leaving, now + lasts)


def _integral(of: Callable[[float], float], until: float) -> float:
    """By the trapezoidal rule, once more with half the steps to take its error out."""
    fine, coarse = (_trapezoid(of, until, steps) for steps in (2 * STEPS, STEPS))
    return fine + (fine - coarse) / 3


def _trapezoid(of: Callable[[float], float], until: float, steps: int) -> float:
    width = until / steps
    inner = sum(of(width * step) for step in range(1, steps))
    return width * (inner + (of(0.0) + of(until)) / 2)
