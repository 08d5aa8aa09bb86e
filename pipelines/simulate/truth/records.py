"""Facts as records of the truth file: instants as UTC text, durations in seconds by clock."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pipelines.simulate.centre.sla import SlaClock
from pipelines.simulate.truth.facts import Survey, TicketFacts, Turn
from pipelines.simulate.zendesk.records import iso

# What has a shape of its own below, or serves the KPIs only.
SHAPED = frozenset({"durations", "turns", "sla", "survey", "unsolved", "customer_messages"})
PLAIN = tuple(field.name for field in fields(TicketFacts) if field.name not in SHAPED)


def truth_record(facts: TicketFacts) -> dict[str, Any]:
    record = {name: _text(name, getattr(facts, name)) for name in PLAIN}
    for name, duration in facts.durations.items():
        record[f"{name}_calendar_seconds"] = duration.calendar
        record[f"{name}_business_seconds"] = duration.business
        record[f"{name}_business_last_seconds"] = duration.business_last
    record["turns"] = [_turn(turn) for turn in facts.turns]
    record["sla"] = [_sla(clock) for clock in facts.sla]
    record["survey"] = None if facts.survey is None else _survey(facts.survey)
    return record


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "number": turn.number,
        "opened_at": iso(turn.opened_at),
        "answered_at": _stamp(turn.answered_at),
        "business_seconds": turn.business,
    }


def _sla(clock: SlaClock) -> dict[str, Any]:
    return {
        "metric": clock.metric,
        "instance": clock.instance,
        "policy_id": clock.policy.policy_id,
        "started_at": iso(clock.started_at),
        "deadline_at": iso(clock.deadline_at),
        "completed_at": _stamp(clock.completed_at),
        "breached_at": _stamp(clock.breached_at),
        "elapsed_seconds": clock.elapsed,
        "status": clock.status,
    }


def _survey(survey: Survey) -> dict[str, Any]:
    return {
        "invited_at": iso(survey.invited_at),
        "answered_at": _stamp(survey.answered_at),
        "score": survey.score,
    }


def _text(name: str, value: Any) -> Any:
    return _stamp(value) if name.endswith("_at") else value


def _stamp(at: int | None) -> str | None:
    return None if at is None else iso(at)
