"""Telephone KPIs by the words of the catalogue, from the legs of calls, in plain Python.

What belongs here: which leg counts for what. Limits are arguments; adding up belongs to the test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
HALF_HOUR = 1800


@dataclass(frozen=True)
class Limits:
    """Seconds that the catalogue leaves to judgement."""

    answer_within: int
    short_abandon: int
    longest_talk: int
    clear_before: int
    repeat_within: int


@dataclass(frozen=True)
class FirstCall:
    """A contact before which its number had not called; whether it called again."""

    started_at: datetime
    is_repeated: bool


def counted_legs(
    calls: Iterable[Row], as_of: dict[tuple[str, str], datetime], zone: ZoneInfo, limits: Limits
) -> list[Row]:
    """Each leg with the day it counts on and what it adds to which KPI; None adds nothing.

    Args:
        calls: Legs of calls as the canonical layer has them, instants in UTC without a zone.
        as_of: Newest instant by source system and account.
        zone: Reporting zone.
        limits: What is short, late, long and a repeat.
    """
    legs = list(calls)
    called_back = {leg["contact_key"] for leg in legs if leg["is_callback"]}
    firsts = _first_calls(legs, limits)
    return [_counted(leg, called_back, firsts, as_of, zone, limits) for leg in legs]


def _counted(
    leg: Row,
    called_back: set[str],
    firsts: dict[str, FirstCall],
    as_of: dict[tuple[str, str], datetime],
    zone: ZoneInfo,
    limits: Limits,
) -> Row:
    arrived = _local(leg["queued_at"] or leg["started_at"], zone)
    came_in = leg["direction"] != "outbound" or leg["is_callback"]
    answered = leg["disposition"] == "answered"
    handled = answered and came_in
    gave_up = (
        leg["disposition"] == "abandoned_queue"
        and came_in
        and leg["contact_key"] not in called_back
    )
    waited = leg["queue_seconds"]
    from_queue = handled and not leg["is_callback"] and waited is not None
    talk = leg["talk_seconds"] if answered else None
    is_short = gave_up and waited is not None and waited < limits.short_abandon
    first = firsts.get(leg["call_key"])
    window = timedelta(seconds=limits.repeat_within)
    newest = as_of[leg["source_system"], leg["account_id"]]
    matured = first is not None and first.started_at + window <= newest
    return {
        "source": (leg["source_system"], leg["account_id"]),
        "day": arrived.date(),
        "half_hour": _second_of_day(arrived) // HALF_HOUR,
        "queue": leg["queue_id"] or "none",
        "agent": leg["agent_id"] or "unknown",
        "talk": talk,
        "outlier": int(talk is not None and talk > limits.longest_talk),
        "handle": _sum(talk, leg["hold_seconds"], leg["after_call_seconds"]) if handled else None,
        "answered_wait": waited if from_queue else None,
        "abandoned_wait": waited if gave_up and not leg["is_callback"] else None,
        "in_time": int(from_queue and waited <= limits.answer_within),
        "service_base": int(from_queue or (gave_up and not is_short)),
        "abandoned": int(gave_up),
        "abandonment_base": int(from_queue or (handled and leg["is_callback"]) or gave_up),
        "first": int(first is not None),
        "matured": int(matured),
        "resolved": int(first is not None and matured and not first.is_repeated),
    }


def _first_calls(legs: list[Row], limits: Limits) -> dict[str, FirstCall]:
    """By the key of the last answered leg: whether the number called again, and when it began."""
    contacts: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for leg in legs:
        if leg["direction"] != "outbound":
            contacts[leg["source_system"], leg["account_id"], leg["contact_key"]].append(leg)
    by_number: dict[tuple[str, str, str], list[list[Row]]] = defaultdict(list)
    for (system, account, _), own in contacts.items():
        numbers = sorted(leg["customer_id"] for leg in own if leg["customer_id"] is not None)
        if numbers:
            by_number[system, account, numbers[0]].append(own)
    found: dict[str, FirstCall] = {}
    for series in by_number.values():
        series.sort(key=lambda own: (_begun(own), own[0]["contact_key"]))
        for place, own in enumerate(series):
            answered = [leg for leg in own if leg["disposition"] == "answered"]
            before = _begun(own) - _begun(series[place - 1]) if place else None
            if not answered or (
                before is not None and before <= timedelta(seconds=limits.clear_before)
            ):
                continue
            later = [_begun(other) - _begun(own) for other in series[place + 1 : place + 2]]
            last = max(answered, key=lambda leg: leg["leg_no"])
            found[last["call_key"]] = FirstCall(
                started_at=_begun(own),
                is_repeated=any(gap <= timedelta(seconds=limits.repeat_within) for gap in later),
            )
    return found


def _begun(legs: list[Row]) -> datetime:
    started: datetime = min(leg["started_at"] for leg in legs)
    return started


def _sum(talk: int | None, *others: int | None) -> int | None:
    return None if talk is None else talk + sum(other or 0 for other in others)


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.replace(tzinfo=UTC).astimezone(zone)


def _second_of_day(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The business date of a UTC instant without a zone."""
    return _local(instant, zone).date()
