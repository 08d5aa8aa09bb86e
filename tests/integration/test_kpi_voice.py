"""Surveys, issues and posts of the small company equal the plain reference, cell by cell."""

from __future__ import annotations

from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import pytest

from tests.integration.company_world import CompanyWorld, Row
from tests.integration.kpi_cells import (
    Grains,
    compare,
    percentile,
    persons,
    quotient,
    total,
)
from tests.reference import voice
from tests.reference.commerce import local_day

pytestmark = pytest.mark.xdist_group("company")

NOON = datetime(2026, 3, 2, 4)
UNITS: Grains = {name: itemgetter(name) for name in ("channel", "team", "priority", "shop")}
PERSON: Grains = {"agent": itemgetter("person")}
BY_ANSWER = {
    "csat_score": quotient("good", "rating"),
    "dsat_rate": quotient("bad", "rating"),
    "csat_mean": quotient("grades", "grade"),
    **{f"csat_mean_share_{points}": quotient(f"is_{points}", "grade") for points in range(1, 6)},
    "ces": quotient("efforts", "effort"),
    "nps": lambda rows: _hundredfold(quotient("promoted", "asked")(rows)),
}
BY_INVITATION = {
    "csat_response_rate": quotient("answered", "one"),
    "csat_score_sent": quotient("good", "answered"),
    "csat_bounds_low": quotient("good", "one"),
    "csat_bounds_high": quotient("not_bad", "one"),
}
OF_THE_DESK = {"csat_score", "dsat_rate", "csat_response_rate"}


def _hundredfold(share: float | None) -> float | None:
    return None if share is None else 100 * share


@pytest.fixture(scope="module")
def placed(company: CompanyWorld) -> list[Row]:
    """Every survey of the company with its unit, its rated person and its customer."""
    build = company.build
    accounts = build("select source_system, account_id from intermediate.int_accounts__as_of")
    places = voice.Places(
        build("select * from intermediate.int_tickets__classified"),
        build("select * from intermediate.int_calls__unioned"),
        build("select * from intermediate.int_agents__unioned"),
        build("select * from intermediate.int_agent_logins__unioned"),
        [row["channel"] for row in build("select channel from seeds.channels")],
        [(row["source_system"], row["account_id"]) for row in accounts],
    )
    records = build(
        "select * from intermediate.int_surveys__unioned where kind in ('csat', 'nps', 'ces')"
    )
    people = persons(company)
    found = [places.placed(survey) for survey in voice.surveys(records)]
    return [
        survey | {"person": people.get(survey["agent"], "unknown")}
        for survey in found
        if survey is not None
    ]


def test_every_cell_of_the_surveys_equals_the_reference(
    company: CompanyWorld, placed: list[Row]
) -> None:
    answers = [
        voice.graded(survey) | {"day": local_day(survey["answered_at"])}
        for survey in placed
        if survey["answered_at"] is not None
    ]
    invited = [
        voice.sent(survey) | {"day": local_day(survey["invited_at"])}
        for survey in placed
        if survey["invited_at"] is not None and survey["kind"] == "csat"
    ]
    compared = 0
    for records, kpis in ((answers, BY_ANSWER), (invited, BY_INVITATION)):
        for kpi_id, value in kpis.items():
            source: Grains = {} if kpi_id in OF_THE_DESK else {"source": itemgetter("source")}
            compared += compare(company, records, {kpi_id: value}, UNITS | source | PERSON)
    print(f"{compared} cells of surveys compared")
    assert compared > 20_000
    assert {survey["kind"] for survey in answers} == {"csat", "nps", "ces"}


def test_every_cell_of_the_offers_equals_the_reference(
    company: CompanyWorld, placed: list[Row]
) -> None:
    people = persons(company)
    invited = [s for s in placed if s["kind"] == "csat" and s["invited_at"] is not None]
    offered = {s["ticket_key"] for s in invited} | {s["contact_key"] for s in invited}
    sessions = [
        row | {"key": row["ticket_key"], "team": row["team_name"], "agent_id": row["closer_id"]}
        | {"closed_at": row["last_solved_at"]}
        for row in company.build(
            "select * from intermediate.int_tickets__classified"
            " where in_p5 and not is_bot_only and last_solved_at is not null"
        )
    ]  # fmt: skip
    legs: dict[str, Row] = {}
    for row in company.build(
        "select * from intermediate.int_calls__unioned"
        " where direction = 'inbound' and answered_at is not null order by leg_no, call_key desc"
    ):
        legs[row["contact_key"]] = row
    sessions += [
        row | {"key": key, "team": "unknown", "shop": row["account_id"], "channel": "phone"}
        | {"closed_at": row["ended_at"] or row["answered_at"]}
        for key, row in legs.items()
    ]  # fmt: skip
    records = [
        row
        | {"day": local_day(row["closed_at"]), "source": row["source_system"], "one": 1}
        | {"offered": int(row["key"] in offered)}
        | {
            "person": people.get(
                (row["source_system"], row["account_id"], row["agent_id"] or "unknown"), "unknown"
            )
        }
        for row in sessions
    ]
    grains: Grains = {
        name: itemgetter(name) for name in ("channel", "team", "shop", "source")
    } | PERSON
    kpis = {"survey_offer_rate": quotient("offered", "one")}
    compared = compare(company, records, kpis, grains)
    print(f"{compared} cells of offers compared")
    assert compared > 2_000


def test_customers_who_are_satisfied_equal_the_reference(
    company: CompanyWorld, placed: list[Row]
) -> None:
    keys = {
        (row["source_system"], row["account_id"], row["customer_id"]): row["customer_key"]
        for row in company.build("select * from intermediate.int_customers__unioned")
    }
    rated = voice.last_ratings(placed, keys)
    served = {
        (row["source_system"], row["account_id"], row["shop"], row["customer_key"], month)
        for row in company.build(
            "select * from intermediate.int_customer_contacts where answered_at is not null"
        )
        for month in [local_day(row["contact_at"]).replace(day=1)]
    }
    records = [
        {"source": cell[0], "shop": cell[2], "day": cell[-1], "rated": int(cell in rated)}
        | {"good": int(rated.get(cell, False)), "served": int(cell in served)}
        | {"served_good": int(cell in served and rated.get(cell, False))}
        for cell in rated.keys() | served
    ]
    kpis = {
        "csat_customer_share": quotient("good", "rated"),
        "csat_customer_share_served": quotient("served_good", "served"),
    }
    grains: Grains = {name: itemgetter(name) for name in ("shop", "source")}
    compared = compare(company, records, kpis, grains)
    print(f"{compared} cells of satisfied customers compared")
    assert compared > 100


def test_every_cell_of_the_issues_equals_the_reference(company: CompanyWorld) -> None:
    (gap,) = company.build(
        "select value from seeds.kpi_parameters"
        " where kpi_id = 'ces' and parameter = 'issue_gap_days' and channel = '*'"
    )
    week = timedelta(days=int(gap["value"]))
    now = {
        (row["source_system"], row["account_id"]): row["as_of_at"]
        for row in company.build("select * from intermediate.int_accounts__as_of")
    }
    contacts = company.build("select * from intermediate.int_customer_contacts")
    records = []
    for issue in voice.issues(contacts, week):
        first, last = issue[0], issue[-1]
        is_over = last["contact_at"] + week <= now[first["source_system"], first["account_id"]]
        records.append(
            {"day": local_day(first["contact_at"]), "channel": first["channel"]}
            | {"shop": first["shop"], "source": first["source_system"], "over": int(is_over)}
            | {"contacts": len(issue) if is_over else None}
        )
    kpis = {
        "ces_contacts_per_issue": quotient("contacts", "over"),
        "ces_contacts_per_issue_p90": percentile("contacts", 0.9),
    }
    grains: Grains = {name: itemgetter(name) for name in ("channel", "shop", "source")}
    compared = compare(company, records, kpis, grains)
    print(f"{compared} cells of issues compared")
    assert compared > 1_000
    assert max(row["contacts"] or 0 for row in records) > 2


def test_every_cell_of_the_posts_equals_the_reference(company: CompanyWorld) -> None:
    records = [
        {"day": local_day(row["posted_at"]), "platform": row["platform"] or "unknown", "one": 1}
        | {"shop": row["account_id"], "source": row["source_system"]}
        | {"bad": int(row["sentiment"] == "negative")}
        for row in company.build("select * from intermediate.int_mentions__unioned")
        if row["posted_at"] is not None
    ]
    kpis = {
        "social_negative_mentions": total("bad"),
        "social_negative_mentions_share": quotient("bad", "one"),
    }
    grains: Grains = {name: itemgetter(name) for name in ("platform", "shop", "source")}
    compared = compare(company, records, kpis, grains)
    print(f"{compared} cells of posts compared")
    assert compared > 500


def _record(at: datetime, kind: str = "csat", **other: Any) -> Row:
    return {
        "source_system": "s", "account_id": "a", "survey_key": str(at), "survey_id": "1",
        "ticket_key": "t", "call_key": None, "customer_id": None, "channel": None,
        "agent_id": None, "kind": kind, "is_invitation": False, "is_time_estimated": False,
        "is_graded": True, "score_norm": 0.75, "sentiment": "good", "invited_at": None,
        "created_at": at, "updated_at": at,
    } | other  # fmt: skip


def test_the_last_rating_of_a_survey_wins_whenever_it_came() -> None:
    hours = [NOON + timedelta(hours=hour) for hour in range(4)]
    (survey, again) = voice.surveys(
        [
            _record(hours[2], sentiment="bad", score_norm=0.0),
            _record(hours[0], is_invitation=True, agent_id="anna"),
            _record(hours[1]),
            _record(hours[3], is_invitation=True),
        ]
    )
    assert (survey["invited_at"], survey["answered_at"]) == (hours[0], hours[2])
    assert (survey["sentiment"], survey["score"], survey["agent_id"]) == ("bad", 1.0, "anna")
    assert (again["invited_at"], again["answered_at"]) == (hours[3], None)


def test_a_rating_that_was_changed_began_as_an_invitation() -> None:
    later = NOON + timedelta(hours=5)
    (plain,) = voice.surveys([_record(NOON)])
    (changed,) = voice.surveys([_record(NOON, updated_at=later)])
    assert (plain["invited_at"], plain["answered_at"]) == (None, NOON)
    assert (changed["invited_at"], changed["answered_at"]) == (NOON, later)


def test_scores_are_told_in_the_points_of_their_kind() -> None:
    def grades(kind: str, share: float, **other: Any) -> Row:
        (survey,) = voice.surveys([_record(NOON, kind, score_norm=share, **other)])
        return voice.graded(survey)

    assert grades("csat", 0.75)["is_4"] == 1
    assert grades("csat", 0.625)["is_4"] == 1
    assert grades("csat", 1.0, is_graded=False)["grade"] == 0
    assert [grades("nps", share)["promoted"] for share in (0.9, 0.8, 0.7, 0.6)] == [1, 0, 0, -1]
    assert grades("ces", 0.5)["efforts"] == 4


def test_contacts_a_week_apart_are_one_issue() -> None:
    def contact(day: float, who: str = "anna", **other: Any) -> Row:
        at = NOON + timedelta(days=day)
        return {
            "contact_key": str(day), "buyer_key": None, "customer_key": who, "contact_at": at,
            "is_agent_initiated": False,
        } | other  # fmt: skip

    told = [contact(0), contact(7), contact(14.1), contact(3, "bert"), contact(15)]
    told.append(contact(1, is_agent_initiated=True))
    sizes = sorted(len(issue) for issue in voice.issues(told, timedelta(days=7)))
    assert sizes == [1, 2, 2]
