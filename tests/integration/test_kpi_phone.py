"""The telephone's KPIs of a whole small company equal the plain reference, cell by cell."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.company_world import CompanyWorld
from tests.integration.kpi_cells import compare, longest, mean, percentile, persons, quotient, total
from tests.reference.phone import Limits, counted_legs

pytestmark = pytest.mark.xdist_group("company")

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = 7 * 86_400
LIMITS = Limits(
    answer_within=20, short_abandon=5, longest_talk=7_200, clear_before=WEEK, repeat_within=WEEK
)
NOON = datetime(2026, 3, 2, 4)
BY_CALL = {
    "avg_call_duration": mean("talk"),
    "avg_call_duration_outliers": total("outlier"),
    "aht": mean("handle"),
    "first_call_resolution": quotient("resolved", "matured"),
}
BY_QUEUE = {
    "asa": mean("answered_wait"),
    "service_level": quotient("in_time", "service_base"),
    "abandonment_rate": quotient("abandoned", "abandonment_base"),
    "queue_wait": mean("wait"),
    "queue_wait_max": longest("wait"),
    "queue_wait_p90": percentile("wait", 0.9),
    "queue_wait_connected_max": longest("answered_wait"),
    "queue_wait_connected_p90": percentile("answered_wait", 0.9),
    "queue_wait_abandoned": mean("abandoned_wait"),
    "queue_wait_abandoned_max": longest("abandoned_wait"),
    "queue_wait_abandoned_p90": percentile("abandoned_wait", 0.9),
}


def test_every_cell_of_the_telephone_equals_the_reference(company: CompanyWorld) -> None:
    as_of = {
        (row["source_system"], row["account_id"]): row["as_of_at"]
        for row in company.build("select * from intermediate.int_accounts__as_of")
    }
    calls = company.build("select * from intermediate.int_calls__unioned")
    legs = counted_legs(calls, as_of, ZONE, LIMITS)
    people = persons(company)
    for leg in legs:
        waits = (leg["answered_wait"], leg["abandoned_wait"])
        leg["wait"] = next((wait for wait in waits if wait is not None), None)
        leg["person"] = people.get((*leg["source"], leg["agent"]), "unknown")
    grains = {"queue": lambda leg: leg["queue"]}
    compared = compare(company, legs, BY_QUEUE, grains)
    compared += compare(company, legs, BY_CALL, grains | {"agent": lambda leg: leg["person"]})
    print(f"{compared} cells of the telephone compared")
    assert compared > 5_000


def test_half_hours_add_up_to_the_calls(company: CompanyWorld) -> None:
    half_hours = company.published(
        "select sum(offered_count) as offered, sum(answered_count) as answered,"
        " sum(abandoned_count) as abandoned, max(longest_wait_seconds) as longest"
        " from published.fct_queue_half_hours"
    )
    calls = company.published(
        "select count(*) filter (where is_queued) as offered,"
        " count(*) filter (where is_queued and is_handled) as answered,"
        " count(*) filter (where is_abandoned) as abandoned,"
        " max(queue_seconds) filter (where is_queued) as longest from published.fct_calls"
    )
    assert half_hours == calls


def test_each_kind_of_call_counts_as_the_catalogue_says() -> None:
    calls = [
        _call("plain", "anna", 0, queue=20, talk=100, hold=10, after_call=5),
        _call("late", "bert", 0, queue=21, talk=100),
        _call("gave_up", "carl", 0, queue=5, disposition="abandoned_queue"),
        _call("at_once", "dora", 0, queue=4, disposition="abandoned_queue"),
        _call("menu", "emil", 0, disposition="abandoned_menu"),
        _call("out", "fritz", 0, talk=60, direction="outbound"),
        _call("wants_callback", "gerd", 0, queue=40, disposition="abandoned_queue"),
        _call(
            "callback", "gerd", 1, talk=50, direction="outbound", callback=True,
            contact="wants_callback",
        ),
        _call("midnight", "hans", 0, queue=12, talk=30, at=NOON + timedelta(hours=12, seconds=-6)),
    ]  # fmt: skip
    legs = {call["call_key"]: leg for call, leg in zip(calls, _counted(calls), strict=True)}

    assert [legs["plain"][name] for name in ("handle", "in_time", "talk")] == [115, 1, 100]
    assert legs["late"]["in_time"] == 0
    assert [legs["gave_up"][name] for name in ("abandoned", "service_base")] == [1, 1]
    assert [legs["at_once"][name] for name in ("abandoned", "service_base")] == [1, 0]
    assert [legs["menu"][name] for name in ("abandonment_base", "service_base")] == [0, 0]
    assert [legs["out"][name] for name in ("talk", "handle", "abandonment_base")] == [60, None, 0]
    assert [legs["wants_callback"][name] for name in ("abandoned", "service_base")] == [0, 0]
    assert [legs["callback"][name] for name in ("handle", "abandonment_base")] == [50, 1]
    assert (legs["midnight"]["day"].day, legs["midnight"]["half_hour"]) == (2, 47)


def test_a_first_call_is_resolved_if_the_number_stays_quiet() -> None:
    calls = [
        _call("first", "anna", 0, queue=1, talk=10),
        _call("again", "anna", 6, queue=1, talk=10),
        _call("once", "bert", 0, queue=1, talk=10),
        _call("back_later", "bert", 8, queue=1, talk=10),
        _call("never_answered", "carl", 0, queue=9, disposition="abandoned_queue"),
        _call("unknown_number", None, 0, queue=1, talk=10),
        _call("open_window", "dora", 29, queue=1, talk=10),
    ]
    found = {
        call["call_key"]: (leg["first"], leg["matured"], leg["resolved"])
        for call, leg in zip(calls, _counted(calls), strict=True)
    }
    assert found == {
        "first": (1, 1, 0),
        "again": (0, 0, 0),
        "once": (1, 1, 1),
        "back_later": (1, 1, 1),
        "never_answered": (0, 0, 0),
        "unknown_number": (0, 0, 0),
        "open_window": (1, 0, 0),
    }


def _counted(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return counted_legs(calls, {("pbx", "a"): NOON + timedelta(days=30)}, ZONE, LIMITS)


def _call(
    key: str,
    number: str | None,
    day: int,
    *,
    queue: int | None = None,
    talk: int | None = None,
    hold: int | None = None,
    after_call: int | None = None,
    disposition: str = "answered",
    direction: str = "inbound",
    callback: bool = False,
    contact: str | None = None,
    at: datetime | None = None,
) -> dict[str, Any]:
    started = (at or NOON) + timedelta(days=day)
    return {
        "source_system": "pbx",
        "account_id": "a",
        "call_key": key,
        "contact_key": contact or key,
        "leg_no": 1,
        "customer_id": number,
        "queue_id": "q",
        "agent_id": "x" if talk is not None else None,
        "direction": direction,
        "disposition": disposition,
        "is_callback": callback,
        "queue_seconds": queue,
        "talk_seconds": talk,
        "hold_seconds": hold,
        "after_call_seconds": after_call,
        "started_at": started,
        "queued_at": None if queue is None else started,
        "answered_at": None,
        "ended_at": started + timedelta(seconds=(queue or 0) + (talk or 0)),
    }
