"""One team on one day: first come, first served by whoever has been idle longest."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from pipelines.simulate.company.roster import Shift
from pipelines.simulate.company.staff import Employee


class Place(NamedTuple):
    """One of the contacts that a person can handle at a time; free from `free_at` on."""

    free_at: int
    order: int
    employee: Employee
    windows: tuple[tuple[int, int], ...]


class Seat(NamedTuple):
    """A contact that was taken: by whom and when; give the place back with `Floor.release`."""

    starts_at: int
    employee: Employee
    place: Place


class Floor:
    """Queues contacts that come in the order of time.

    A contact that gives up takes nobody's time, so who comes later is served as if it had never
    been there: exact for first come, first served.
    """

    def __init__(self, shifts: Sequence[Shift], slots: int) -> None:
        self._places = [
            Place(shift.starts_at, number * slots + slot, shift.employee, shift.windows)
            for number, shift in enumerate(shifts)
            for slot in range(slots)
        ]
        heapify(self._places)
        self._opens_at = min((shift.starts_at for shift in shifts), default=0)
        self._closes_at = max((shift.ends_at for shift in shifts), default=0)

    def is_open(self, at: int) -> bool:
        return self._opens_at <= at < self._closes_at

    def take(self, at: int, patience: int, pause: int = 0) -> Seat | None:
        """Somebody's time for a contact of this instant; None if it gives up or nobody comes.

        Args:
            at: when the contact enters the queue, no earlier than the one before.
            patience: seconds after which it gives up.
            pause: seconds that whoever is free needs before turning to it.
        """
        while self._places:
            place = self._places[0]
            starts_at = max(at, place.free_at) + pause
            if starts_at >= place.windows[0][1]:
                heappop(self._places)
                self._move_on(place, starts_at)
                continue
            if starts_at - at > patience:
                return None
            heappop(self._places)
            return Seat(starts_at, place.employee, place)
        return None

    def release(self, seat: Seat, at: int) -> None:
        heappush(self._places, seat.place._replace(free_at=at))

    def _move_on(self, place: Place, at: int) -> None:
        """To the next window of the shift, if there is one."""
        rest = place.windows[1:]
        if rest:
            free_at = max(place.free_at, rest[0][0])
            heappush(self._places, place._replace(free_at=free_at, windows=rest))
