"""The clock of the simulation: actions in the order of their instants."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any


class Engine:
    """Runs actions by time; those of one second in the order in which they were asked for."""

    def __init__(self) -> None:
        self._agenda: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._asked = 0

    def at(self, when: int, action: Callable[..., None], *args: Any) -> None:
        """Have `action(when, *args)` happen."""
        heappush(self._agenda, (when, self._asked, action, args))
        self._asked += 1

    def run(self, until: int) -> None:
        """Everything before `until`; what is later stays undone."""
        while self._agenda and self._agenda[0][0] < until:
            when, _, action, args = heappop(self._agenda)
            action(when, *args)
