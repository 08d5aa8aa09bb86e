"""The telephone: a menu, a queue that people leave, an agent, sometimes a second one."""

from __future__ import annotations

import math
from datetime import date
from heapq import heappop, heappush
from random import Random
from uuid import UUID

from pipelines.simulate.centre.habits import around, within
from pipelines.simulate.company import opinions
from pipelines.simulate.company.contacts import Call, Need
from pipelines.simulate.company.floor import Floor, Seat
from pipelines.simulate.company.plan import CompanyPlan
from pipelines.simulate.company.staff import Crew

ENDS_IN_MENU = 0.09
MEDIAN_PATIENCE = 95
MEDIAN_TALK = {"sizing": 150, "stock": 110, "payment": 170, "delivery": 160}
LONGER_TALK = 270
PUT_ON_HOLD = 0.28
TRANSFERRED = 0.05
BUSY_ELSEWHERE = 0.4
OTHER_WORK = 30
CALLER_HANGS_UP = 0.7
OFFERED_SURVEY = 0.6
ANSWERS_SURVEY = 0.12
Entry = tuple[int, int, Need, Call | None]


class Switchboard:
    """One line of the telephone system, one local day at a time."""

    def __init__(self, plan: CompanyPlan, crew: Crew) -> None:
        self._crew = crew
        self._rng = plan.rng(f"calls:{crew.code}")
        self._asked = 0
        self._day = plan.first

    def of_day(self, day: date, arrivals: list[tuple[int, Need]], floor: Floor) -> list[Call]:
        """The legs of a day's calls in the order of their beginning."""
        self._day = day
        legs: list[Call] = []
        entries: list[Entry] = []
        for at, need in arrivals:
            menu = self._rng.randint(6, 35)
            if self._rng.random() < ENDS_IN_MENU or not floor.is_open(at + menu):
                legs.append(self._leg(need, at, None, at + menu))
            else:
                self._push(entries, at + menu, need, None)
                continue
        while entries:
            at, _, need, previous = heappop(entries)
            leg = self._serve(at, need, previous, floor)
            legs.append(leg)
            if leg.ended_by == "transfer":
                self._push(entries, leg.ended_at, need, leg)
        return sorted(legs, key=lambda leg: leg.initiated_at)

    def _push(self, entries: list[Entry], at: int, need: Need, previous: Call | None) -> None:
        self._asked += 1
        heappush(entries, (at, self._asked, need, previous))

    def _leg(self, need: Need, at: int, queued_at: int | None, ended_at: int) -> Call:
        contact_id = str(UUID(int=self._rng.getrandbits(128), version=4))
        return Call(contact_id, need, self._crew, at, queued_at, None, ended_at, None)

    def _serve(self, at: int, need: Need, previous: Call | None, floor: Floor) -> Call:
        rng = self._rng
        patience = 5 + around(MEDIAN_PATIENCE, 0.8, rng)
        begun_at = at if previous else at - rng.randint(6, 35)
        leg = self._leg(need, begun_at, at, at + patience)
        if previous is not None:
            leg.first_leg = previous.first_leg or previous.contact_id
            leg.previous_leg, previous.next_leg = previous.contact_id, leg.contact_id
        pause = within(OTHER_WORK, rng) if rng.random() < BUSY_ELSEWHERE else 0
        seat = floor.take(at, patience, pause)
        if seat is not None:
            self._talk(leg, seat, can_transfer=previous is None)
            floor.release(seat, leg.ended_at + leg.after_work)
        return leg

    def _talk(self, leg: Call, seat: Seat, *, can_transfer: bool) -> None:
        rng, topic = self._rng, leg.need.topic
        ability = seat.employee.ability(self._day)
        pace = math.exp(-0.3 * ability)
        leg.employee = seat.employee
        leg.ring = rng.randint(2, 9)
        leg.answered_at = seat.starts_at + leg.ring
        leg.talk = 20 + around(MEDIAN_TALK.get(topic, LONGER_TALK) * pace, 0.5, rng)
        if rng.random() < PUT_ON_HOLD:
            leg.holds = rng.randint(1, 2)
            leg.hold = 10 + around(40, 0.6, rng)
        leg.after_work = 8 + around(28 * pace, 0.5, rng)
        leg.ended_at = leg.answered_at + leg.talk + leg.hold
        if can_transfer and rng.random() < TRANSFERRED:
            leg.ended_by = "transfer"
            return
        leg.ended_by = "customer" if rng.random() < CALLER_HANGS_UP else "agent"
        leg.is_resolved = opinions.is_resolved(rng, topic, ability)
        if rng.random() < OFFERED_SURVEY:
            self._ask_opinion(leg, ability, rng)

    def _ask_opinion(self, leg: Call, ability: float, rng: Random) -> None:
        leg.grade = opinions.grade(
            rng, leg.ended_at, language=leg.need.person.language, topic=leg.need.topic,
            ability=ability, waited=leg.queue_seconds, resolved=leg.is_resolved,
            attempt=leg.need.attempt, answers=ANSWERS_SURVEY,
        )  # fmt: skip
