"""KPIs of words, cell by cell: the warehouse of a whole company against plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.company_world import Cell, CompanyWorld, Row, cells_of, differences
from tests.integration.kpi_proofs import record
from tests.reference import text as reference

pytestmark = [pytest.mark.xdist_group("company"), pytest.mark.timeout(900)]

ZONE = ZoneInfo("Asia/Shanghai")
GRAINS = ("channel", "team", "priority", "shop", "topic", "source")
CX_WEIGHTS = ("waiting", "outcome", "reopens", "sentiment", "repeat")


def local(instant: datetime | None) -> date | None:
    return None if instant is None else instant.replace(tzinfo=UTC).astimezone(ZONE).date()


class Facts:
    """The canonical rows of the company, joined by ticket, and what the reference makes of them."""

    def __init__(self, company: CompanyWorld) -> None:
        self.company = company
        self.tickets = {
            row["ticket_key"]: row
            for row in company.build(
                "select classified.*, topics.topic, topics.parent_topic, limits.seconds as limit"
                " from intermediate.int_tickets__classified as classified"
                " inner join intermediate.int_ticket_topics as topics"
                "     on topics.ticket_key = classified.ticket_key"
                " left join ("
                "     select channels.channel, coalesce("
                "         max(seconds) filter (where thresholds.channel = channels.channel),"
                "         max(seconds) filter (where thresholds.channel = '*')) as seconds"
                "     from seeds.channels as channels"
                "     inner join seeds.kpi_thresholds as thresholds"
                "         on thresholds.channel in (channels.channel, '*')"
                "     where kpi_id = 'response_in_time_rate' group by channels.channel"
                " ) as limits on limits.channel = classified.channel"
            )
        }
        self.read = company.build("select * from intermediate.int_messages__read")
        self.parameters = {
            (row["kpi_id"], row["parameter"]): row["value"]
            for row in company.build("select * from seeds.kpi_parameters where channel = '*'")
        }
        self.rules = company.build("select * from seeds.phrase_rules")
        self.people = {
            (row["source_system"], row["account_id"], row["agent_id"]): row["person_key"]
            for row in company.published("select * from published.dim_agents")
        }

    @cached_property
    def messages_of(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.read, key=lambda row: row["message_no"]):
            found[row["ticket_key"]].append(row)
        return found

    @cached_property
    def scores_of(self) -> dict[str, list[float]]:
        return {
            key: [
                row["sentiment_score"]
                for row in rows
                if row["is_customer_message"] and row["sentiment_score"] is not None
            ]
            for key, rows in self.messages_of.items()
        }

    def unit(self, key: str, day: date | None, agent: str | None = None, **more: Any) -> Row:
        """A record with the members of a ticket."""
        ticket = self.tickets[key]
        person = self.people.get((ticket["source_system"], ticket["account_id"], agent))
        members = {
            "channel": ticket["channel"], "team": ticket["team_name"], "shop": ticket["shop"],
            "priority": ticket["priority"], "topic": ticket["topic"],
            "source": ticket["source_system"], "agent": person,
        }  # fmt: skip
        return {"key": key, "day": day, **members, **more}


@pytest.fixture(scope="module")
def facts(company: CompanyWorld) -> Facts:
    return Facts(company)


def agree(
    facts: Facts, kpi_id: str, rows: list[Row], *, above: str, below: str, by_agent: bool = False
) -> None:
    """Every cell of a KPI is the quotient of the two sums, and there are cells at all."""
    grains = {grain: _reader(grain) for grain in GRAINS}
    grouped = cells_of(rows, lambda row: row["day"], grains)
    if by_agent:
        known = [row for row in rows if row["agent"] is not None]
        only = {"agent": _reader("agent")}
        for cell, own in cells_of(known, lambda row: row["day"], only).items():
            if cell[2] == "agent":
                grouped[cell] = own
    expected: dict[Cell, float | None] = {}
    for cell, own in grouped.items():
        base = sum(row[below] for row in own)
        expected[cell] = sum(row[above] or 0 for row in own) / base if base else None
    compared = (*GRAINS, "agent") if by_agent else GRAINS
    count, differing = differences(facts.company, kpi_id, expected, compared)
    print(f"{kpi_id}: {count} cells compared")
    assert differing == []
    assert count > 300
    assert len({round(value, 6) for value in expected.values() if value is not None}) > 1


def _reader(grain: str) -> Any:
    return lambda row: str(row[grain])


def test_topics_follow_from_the_first_telling_clue(facts: Facts) -> None:
    texts = {
        row["ticket_key"]: row
        for row in facts.company.build("select * from intermediate.int_ticket_texts__unioned")
    }
    tags = {
        row["ticket_key"]: row["tags"]
        for row in facts.company.build(
            "select ticket_key, tags from intermediate.int_tickets__unioned"
        )
    }
    rules = facts.company.build("select * from seeds.topic_rules")
    told = facts.company.build(
        "select ticket_key, topic, topic_source from intermediate.int_ticket_topics"
    )
    for row in told:
        own = texts.get(row["ticket_key"], {})
        clues = [
            ("category", own.get("category")),
            ("tags", " / ".join(tags[row["ticket_key"]])),
            ("subject", own.get("subject")),
        ]
        expected = reference.topic_of(clues, rules)
        assert (row["topic"], row["topic_source"]) == expected
    assert {row["topic_source"] for row in told} == {"category", "tags"}
    assert len({row["topic"] for row in told}) >= 8


def test_moods_of_messages(facts: Facts) -> None:
    attributed = facts.company.build(
        "select ticket_key, message_no, channel, sent_at"
        " from intermediate.int_messages__attributed where is_customer_message"
    )
    scores = {
        (row["ticket_key"], row["message_no"]): row["sentiment_score"]
        for row in facts.read
        if row["is_customer_message"]
    }
    rows = []
    for message in attributed:
        key = message["ticket_key"]
        score = scores.get((key, message["message_no"]))
        if facts.tickets[key]["in_p2"]:
            unit = facts.unit(key, local(message["sent_at"]))
            is_scored = int(score is not None)
            rows.append(
                unit
                | {"channel": message["channel"], "score": score, "scored": is_scored, "one": 1}
            )
    agree(facts, "sentiment_score", rows, above="score", below="scored")
    agree(facts, "sentiment_score_coverage", rows, above="scored", below="one")


def test_moods_of_tickets(facts: Facts) -> None:
    threshold = facts.parameters["negative_emotion_rate", "threshold"]
    smallest = int(facts.parameters["sentiment_shift", "smallest_count"])
    rows = []
    for key, ticket in facts.tickets.items():
        if not ticket["in_p2"]:
            continue
        scores = facts.scores_of.get(key, [])
        shift = reference.shift_of(scores, smallest)
        rows.append(
            facts.unit(
                key,
                local(ticket["created_at"]),
                ticket["closer_id"],
                scored=int(bool(scores)),
                negative=int(any(s < threshold for s in scores)),
                shift=shift,
                shifted=int(shift is not None),
            )
        )
    agree(facts, "negative_emotion_rate", rows, above="negative", below="scored", by_agent=True)
    agree(facts, "sentiment_shift", rows, above="shift", below="shifted", by_agent=True)


def test_verdicts_of_the_machine(facts: Facts) -> None:
    upset_below = facts.parameters["negative_emotion_rate", "threshold"]
    smallest = facts.parameters["auto_qa_score", "smallest_words"]
    rows = []
    for key, ticket in facts.tickets.items():
        closed_at = ticket["last_solved_at"] or ticket["closed_at"]
        if not (ticket["in_p3"] and ticket["in_p5"]) or closed_at is None:
            continue
        messages = facts.messages_of.get(key, [])
        replies = [message for message in messages if message["is_human_reply"]]
        checks = []
        if reference.why_unreviewed(messages, smallest) is None:
            answered, limit = ticket["first_response_at"], timedelta(seconds=ticket["limit"])
            is_late = answered is not None and answered - ticket["response_started_at"] > limit
            checks = reference.checks_of(
                messages, facts.rules, is_late=is_late, upset_below=upset_below
            )
        required = [found for rule, found in checks if rule["kind"] == "required"]
        forbidden = [found for rule, found in checks if rule["kind"] == "forbidden"]
        agent = reference.reviewee_of(replies) if replies else ticket["closer_id"]
        rows.append(
            facts.unit(
                key,
                local(closed_at),
                agent,
                one=1,
                reviewed=int(bool(checks)),
                score=reference.quality_score(checks) if checks else None,
                required=len(required),
                found=sum(required),
                broken=int(any(forbidden)),
            )
        )
    agree(facts, "auto_qa_score", rows, above="score", below="reviewed", by_agent=True)
    agree(facts, "qa_coverage_machine", rows, above="reviewed", below="one", by_agent=True)
    agree(facts, "key_phrase_coverage", rows, above="found", below="required", by_agent=True)
    agree(facts, "forbidden_phrase_rate", rows, above="broken", below="reviewed", by_agent=True)


@pytest.mark.parametrize(
    ("kpi_id", "need"),
    [
        ("demand_mix", "product"),
        ("demand_mix_service", "service"),
        ("demand_mix_price", "price"),
        ("demand_mix_time", "time"),
    ],
)
def test_needs_of_contacts(facts: Facts, kpi_id: str, need: str) -> None:
    rows = []
    for contact in facts.company.build("select * from intermediate.int_contacts"):
        ticket = facts.tickets[contact["ticket_key"]]
        if ticket["in_p2"]:
            unit = facts.unit(contact["ticket_key"], local(contact["started_at"]), one=1)
            is_need = int(ticket["parent_topic"] == need)
            rows.append(unit | {"channel": contact["channel"], "need": is_need})
    agree(facts, kpi_id, rows, above="need", below="one")


def test_experience_scores(facts: Facts) -> None:
    published = {
        row["ticket_key"]: row
        for row in facts.company.published("select * from published.fct_tickets")
    }
    given = {name: facts.parameters["cx_score_proxy", name] for name in ("bins", "prior_ratings")}
    weights = {name: facts.parameters["cx_score_proxy", f"weight_{name}"] for name in CX_WEIGHTS}
    counted = [row for row in published.values() if row["in_p2"]]
    repeated = reference.repeats(counted, facts.parameters["cx_score_proxy", "repeat_days"])
    indexes: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    rated: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for key, row in published.items():
        account = row["source_system"], row["account_id"]
        if row["in_p3"]:
            mood = reference.mean(facts.scores_of.get(key, []))
            ticket = {**row, "is_repeat": key in repeated}
            indexes[account][key] = round(reference.experience_index(ticket, mood, weights), 6)
        if row["csat_sentiment"] is not None:
            rated[account][key] = 100.0 if row["csat_sentiment"] == "good" else 0.0
    scores: dict[str, float] = {}
    for account, own in indexes.items():
        scores |= reference.experience_scores(
            own, rated[account], int(given["bins"]), given["prior_ratings"]
        )
    every_rating = {key: rating for own in rated.values() for key, rating in own.items()}
    said = facts.company.published("select * from published.fct_cx_scores where is_scored")
    assert {row["ticket_key"] for row in said} == scores.keys()
    for row in said:
        index = indexes[row["source_system"], row["account_id"]][row["ticket_key"]]
        assert row["experience_index"] == pytest.approx(index, abs=2e-6), row["ticket_key"]
    rows = []
    for key, row in published.items():
        if not row["in_p2"]:
            continue
        score = scores.get(key)
        is_judged = score is not None and key in every_rating
        rows.append(
            facts.unit(
                key,
                local(row["created_at"]),
                row["closer_id"],
                one=1,
                score=score,
                scored=int(score is not None),
                judged=int(is_judged),
                error=(score or 0) - every_rating[key] if is_judged else 0,
            )
        )
    agree(facts, "cx_score_proxy", rows, above="score", below="scored", by_agent=True)
    agree(facts, "cx_score_coverage", rows, above="scored", below="one", by_agent=True)
    found = facts.company.cells["cx_score_calibration_error"]
    months = cells_of(rows, lambda row: row["day"], {"team": _reader("team")})
    held = [row for row in rows if row["agent"] is not None]
    by_agent = cells_of(held, lambda row: row["day"], {"agent": _reader("agent")})
    months |= {cell: own for cell, own in by_agent.items() if cell[2] == "agent"}
    compared = 0
    for cell, own in months.items():
        judged = sum(row["judged"] for row in own)
        if judged:
            error = abs(sum(row["error"] for row in own)) / judged
            assert found[cell]["value"] == pytest.approx(error, abs=1e-6), cell
            record("records", "cx_score_calibration_error", [cell])
            compared += 1
    assert compared > 50


def test_no_words_are_published(facts: Facts) -> None:
    columns = {
        row["column_name"]
        for row in facts.company.published(
            "select column_name from information_schema.columns where table_schema = 'published'"
        )
    }
    assert columns.isdisjoint({"body", "subject", "clue", "words"})


def test_every_score_names_its_model(facts: Facts) -> None:
    versions = facts.company.published(
        "select model_version, count(*) as messages, count(sentiment_score) as scored"
        " from published.fct_message_sentiments group by model_version"
    )
    named = [row for row in versions if row["model_version"] is not None]
    assert len(named) == 1
    assert named[0]["messages"] == named[0]["scored"] > 500
    assert sum(row["scored"] for row in versions) == named[0]["scored"]
