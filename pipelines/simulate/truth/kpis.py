"""The 26 KPIs of the first set over one world, by the catalogue's words, in plain Python.

Every value keeps numerator and denominator. Keys are the local month of the KPI's own anchor, and
`total`. A ratio without denominator has no value. Nothing here reads an exported file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.simulate.truth.facts import EXCLUDING_TAGS, TicketFacts

DAY = 86_400
# Every zone's offset is a multiple of it, so a month begins with one.
QUARTER_HOUR = 900
RESOLUTION_WINDOW = 30 * DAY
REOPEN_WINDOW = 30 * DAY
EPISODE_GAP = DAY
TOTAL = "total"
COUNTS = frozenset({"tickets_created", "contacts_inbound", "sla_breach_count", "net_flow"})
# Every KPI has an entry, even in a world in which nothing of its kind happened.
KPI_IDS = (
    "tickets_created", "contacts_inbound", "unreplied_rate", "first_response_time",
    "avg_response_time", "next_reply_time", "response_in_time_rate", "requester_wait_time",
    "agent_work_time", "agent_wait_time", "on_hold_time", "resolution_rate",
    "first_resolution_time", "full_resolution_time", "one_touch_rate", "reopen_rate",
    "transfer_rate", "handoff_count", "backlog_open", "backlog_age", "net_flow",
    "sla_attainment_rate", "sla_breach_count", "csat_score", "csat_response_rate", "dsat_rate",
)  # fmt: skip
WAITS = {
    "requester_wait_time": "requester_wait",
    "agent_work_time": "agent_work",
    "agent_wait_time": "agent_wait",
    "on_hold_time": "on_hold",
    "full_resolution_time": "full_resolution",
}


@dataclass(frozen=True)
class Definitions:
    """What an installation may choose: the reporting zone and the target of a first response."""

    zone: str = "Asia/Shanghai"
    response_targets: dict[str, int] = field(
        default_factory=lambda: {"chat": 180, "messaging": 3600}
    )
    response_target: int = DAY

    def response_seconds(self, channel: str) -> int:
        return self.response_targets.get(channel, self.response_target)


class KpiTally:
    """Takes the facts of each ticket once; `as_records` says what they add up to."""

    def __init__(self, definitions: Definitions | None = None) -> None:
        self.definitions = definitions or Definitions()
        self._zone = ZoneInfo(self.definitions.zone)
        self._month_of_quarter_hour = cache(self._local_month)
        self._sums: dict[str, dict[str, list[int]]] = {kpi_id: {} for kpi_id in KPI_IDS}
        self._values: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._maturing: list[tuple[str, int, int, bool]] = []
        self._first_solves: dict[int, tuple[int, int | None]] = {}
        self._follow_ups: dict[int, int] = {}
        self._messages: list[tuple[int, str, int, int]] = []
        # Only stretches that a month's end cuts, or that have no end: others are in no snapshot.
        self._backlog: list[tuple[int, int | None, int]] = []

    def add(self, facts: TicketFacts, as_of: int) -> None:
        if facts.in_p1:
            for at in facts.customer_messages:
                key = (facts.customer_id, facts.channel, at, facts.ticket_id)
                self._messages.append(key)
        if facts.follow_up_of is not None:
            known = self._follow_ups.setdefault(facts.follow_up_of, facts.own_created_at)
            self._follow_ups[facts.follow_up_of] = min(known, facts.own_created_at)
        self._add_survey(facts)
        if facts.in_p2:
            self._add_flow(facts)
            self._add_turns(facts)
            self._add_sla(facts, as_of)
        if facts.in_p3:
            self._add_outcome(facts)
        if facts.in_p5:
            self._add_solved(facts)
        if facts.in_p6:
            self._add_response(facts)

    def as_records(self, begins_at: int, as_of: int) -> dict[str, Any]:
        """Values of the whole period and of each month, at `as_of`."""
        self._close_windows(as_of)
        self._count_contacts()
        self._add_up_months()
        self._count_backlog(begins_at, as_of)
        return {
            kpi_id: {
                period: self._record(kpi_id, period, *sums)
                for period, sums in sorted(self._sums[kpi_id].items())
            }
            for kpi_id in KPI_IDS
        }

    def _add_flow(self, facts: TicketFacts) -> None:
        self._count("tickets_created", facts.created_at)
        self._count("net_flow", facts.created_at)
        if facts.in_p5 and facts.last_solved_at is not None:
            self._count("net_flow", facts.last_solved_at, -1)
        if facts.first_solved_at is not None:
            duration = facts.durations["first_resolution"].calendar
            self._measure("first_resolution_time", facts.first_solved_at, duration)
            returned_at = facts.first_customer_reopen_at
            self._first_solves[facts.ticket_id] = (facts.first_solved_at, returned_at)
        self._backlog += [
            (start, end, facts.created_at)
            for start, end in facts.unsolved
            if end is None or self._month(start - 1) != self._month(end - 1)
        ]

    def _add_turns(self, facts: TicketFacts) -> None:
        for turn in facts.turns:
            if turn.answered_at is not None:
                wait = turn.answered_at - turn.opened_at
                self._measure("avg_response_time", turn.answered_at, wait)
                if turn.number > 1:
                    self._measure("next_reply_time", turn.answered_at, wait)

    def _add_sla(self, facts: TicketFacts, as_of: int) -> None:
        for clock in facts.sla:
            if clock.breached_at is not None:
                self._count("sla_breach_count", clock.breached_at)
            deadline_at = clock.deadline_at
            is_decided = clock.status in {"achieved", "breached"}
            if is_decided and deadline_at <= as_of:
                achieved = clock.status == "achieved"
                self._rate("sla_attainment_rate", deadline_at, achieved)

    def _add_outcome(self, facts: TicketFacts) -> None:
        due_at = facts.created_at + RESOLUTION_WINDOW
        is_resolved = (
            facts.is_solved_by_human
            and facts.first_solved_at is not None
            and facts.first_solved_at <= due_at
            and (facts.first_reopened_at is None or facts.first_reopened_at > due_at)
        )
        self._maturing.append(("resolution_rate", facts.created_at, due_at, is_resolved))
        if facts.has_human:
            self._rate("transfer_rate", facts.created_at, facts.is_transferred)

    def _add_solved(self, facts: TicketFacts) -> None:
        assert facts.last_solved_at is not None
        for kpi_id, name in WAITS.items():
            self._measure(kpi_id, facts.last_solved_at, facts.durations[name].calendar)
        self._rate("one_touch_rate", facts.last_solved_at, facts.is_one_touch)
        self._add("handoff_count", facts.last_solved_at, facts.agents_touching_count, 1)

    def _add_response(self, facts: TicketFacts) -> None:
        replied_at = facts.first_response_at
        self._rate("unreplied_rate", facts.created_at, replied_at is None)
        due_at = facts.response_started_at + self.definitions.response_seconds(facts.channel)
        in_time = replied_at is not None and replied_at <= due_at
        self._maturing.append(("response_in_time_rate", facts.created_at, due_at, in_time))
        if replied_at is not None:
            duration = facts.durations["first_response"].calendar
            self._measure("first_response_time", facts.created_at, duration)

    def _add_survey(self, facts: TicketFacts) -> None:
        """Ratings of deleted and merged tickets count; those of spam and tests say nothing."""
        survey = facts.survey
        if survey is None or facts.exclusion in EXCLUDING_TAGS:
            return
        self._rate("csat_response_rate", survey.invited_at, survey.answered_at is not None)
        if survey.answered_at is not None:
            self._rate("csat_score", survey.answered_at, survey.score == "good")
            self._rate("dsat_rate", survey.answered_at, survey.score == "bad")

    def _close_windows(self, as_of: int) -> None:
        for kpi_id, anchor_at, due_at, holds in self._maturing:
            if due_at <= as_of:
                self._rate(kpi_id, anchor_at, holds)
        for ticket_id, (solved_at, reopened_at) in self._first_solves.items():
            due_at = solved_at + REOPEN_WINDOW
            followed_at = self._follow_ups.get(ticket_id)
            returns = [at for at in (reopened_at, followed_at) if at is not None and at > solved_at]
            if due_at <= as_of:
                self._rate("reopen_rate", solved_at, any(at <= due_at for at in returns))

    def _count_contacts(self) -> None:
        """A ticket's first customer message, or one after a day of silence on the channel."""
        seen_tickets: set[int] = set()
        before: tuple[int, str, int, int] | None = None
        for message in sorted(self._messages):
            customer_id, channel, at, ticket_id = message
            is_first = ticket_id not in seen_tickets
            follows = before is not None and before[:2] == (customer_id, channel)
            if is_first or not follows or at - before[2] > EPISODE_GAP:  # type: ignore[index]
                self._count("contacts_inbound", at)
            seen_tickets.add(ticket_id)
            before = message

    def _add_up_months(self) -> None:
        """The whole period of every KPI whose months add up; a backlog's don't."""
        for kpi_id, months in self._sums.items():
            for numerator, denominator in list(months.values()):
                self._add_to(kpi_id, TOTAL, numerator, denominator)
        for (kpi_id, _), values in list(self._values.items()):
            self._values[kpi_id, TOTAL] += values

    def _count_backlog(self, begins_at: int, as_of: int) -> None:
        """Snapshots at the end of each month, and at the end of all."""
        snapshots = sorted({*self._month_ends(begins_at, as_of), as_of})
        for period in [TOTAL, *(self._month(snapshot - 1) for snapshot in snapshots)]:
            self._add_to("backlog_open", period, 0, 0)
            self._add_to("backlog_age", period, 0, 0)
        for start, end, created_at in self._backlog:
            for snapshot in snapshots[bisect_right(snapshots, start - 1) :]:
                if end is not None and end <= snapshot:
                    break
                # The month that a midnight ends is the one of the second before.
                periods = [self._month(snapshot - 1)] + [TOTAL] * (snapshot == as_of)
                for period in periods:
                    self._add_to("backlog_open", period, 1, 1)
                    self._add_to("backlog_age", period, snapshot - created_at, 1)
                    self._values["backlog_age", period].append(snapshot - created_at)

    def _month_ends(self, begins_at: int, as_of: int) -> Iterator[int]:
        begin = datetime.fromtimestamp(begins_at, self._zone)
        month_no = begin.year * 12 + begin.month
        while True:
            year, month = divmod(month_no, 12)
            end = int(datetime(year, month + 1, 1, tzinfo=self._zone).timestamp())
            if end > as_of:
                return
            yield end
            month_no += 1

    def _count(self, kpi_id: str, at: int, count: int = 1) -> None:
        self._add(kpi_id, at, count, 1)

    def _rate(self, kpi_id: str, at: int, holds: bool) -> None:
        self._add(kpi_id, at, int(holds), 1)

    def _measure(self, kpi_id: str, at: int, seconds: int) -> None:
        self._add(kpi_id, at, seconds, 1)
        self._values[kpi_id, self._month(at)].append(seconds)

    def _add(self, kpi_id: str, at: int, numerator: int, denominator: int) -> None:
        self._add_to(kpi_id, self._month(at), numerator, denominator)

    def _add_to(self, kpi_id: str, period: str, numerator: int, denominator: int) -> None:
        sums = self._sums[kpi_id].setdefault(period, [0, 0])
        sums[0] += numerator
        sums[1] += denominator

    def _month(self, at: int) -> str:
        return self._month_of_quarter_hour(at // QUARTER_HOUR)

    def _local_month(self, quarter_hour: int) -> str:
        local = datetime.fromtimestamp(quarter_hour * QUARTER_HOUR, UTC).astimezone(self._zone)
        return local.strftime("%Y-%m")

    def _record(
        self, kpi_id: str, period: str, numerator: int, denominator: int
    ) -> dict[str, float | int | None]:
        if kpi_id in COUNTS or kpi_id == "backlog_open":
            return {"value": numerator, "numerator": numerator, "denominator": None}
        record: dict[str, float | int | None] = {
            "value": numerator / denominator if denominator else None,
            "numerator": numerator,
            "denominator": denominator,
        }
        values = sorted(self._values.get((kpi_id, period), []))
        if values:
            record |= {"p50": quantile(values, 0.5), "p90": quantile(values, 0.9)}
        return record


def quantile(ordered: list[int], share: float) -> float:
    """Linear interpolation between the two neighbours, as most analysts' tools do."""
    position = (len(ordered) - 1) * share
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)
