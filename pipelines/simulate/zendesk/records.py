"""Zendesk's JSON records of what the world holds. Field names and shapes are the vendor's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from pipelines.simulate.centre.calendars import Schedule
from pipelines.simulate.centre.company import (
    BOT_ID,
    BOT_NAME,
    BRANDS,
    IN_BUSINESS_HOURS,
    ORGANIZATIONS,
    POLICIES,
    PRIORITIES,
    TEAMS,
    TICKET_FORM_ID,
    Agent,
    Policy,
)
from pipelines.simulate.centre.sla import SlaClock
from pipelines.simulate.centre.texts import subject
from pipelines.simulate.centre.tickets import (
    EVENTS_PER_AUDIT,
    Audit,
    Comment,
    Customer,
    Link,
    Ticket,
)
from pipelines.simulate.centre.views import View

FOUNDED_AT = "2019-03-01T00:00:00Z"
ZONES = {
    "shanghai": ("Beijing", "Asia/Shanghai"),
    "london": ("London", "Europe/London"),
}
RELATIONS = {
    "merge_from": ("from", "merge"),
    "merge_into": ("to", "merge"),
    "follow_up": ("from", "follow_up"),
}
Record = dict[str, Any]


@lru_cache(maxsize=4096)
def iso(epoch: int) -> str:
    """An instant as Zendesk writes it. `strftime` would be a tenth of a whole run."""
    day, second = divmod(epoch, 86_400)
    minute, second = divmod(second, 60)
    return f"{_date(day)}T{minute // 60:02}:{minute % 60:02}:{second:02}Z"


@cache
def _date(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()


def via(channel: str, link: Link | None = None) -> Record:
    source: Record = {"from": {}, "to": {}, "rel": None}
    if link is not None:
        end, relation = RELATIONS[link.relation]
        source["rel"] = relation
        source[end] = {"ticket_id": link.ticket_id}
        if link.relation == "merge_from":
            source[end]["ticket_ids"] = [link.ticket_id]
    return {"channel": channel, "source": source}


def ticket_record(view: View, generated_at: int) -> Record:
    """The ticket with its comments; the metric set is added by the caller."""
    ticket, values = view.ticket, view.values
    created_through = ticket.link if ticket.link and ticket.link.relation == "follow_up" else None
    score = view.ratings[-1].score if view.ratings else "unoffered"
    return {
        "id": ticket.ticket_id,
        "external_id": None,
        "via": via(ticket.channel, created_through),
        "created_at": iso(ticket.created_at),
        "updated_at": iso(view.updated_at),
        "generated_timestamp": generated_at,
        "type": "question",
        "subject": subject(ticket.topic, ticket.language),
        "priority": values.get("priority"),
        "status": view.status,
        "requester_id": ticket.customer.user_id,
        "submitter_id": ticket.submitter_id,
        "assignee_id": _number(values.get("assignee_id")),
        "organization_id": ticket.customer.organization_id,
        "group_id": _number(values.get("group_id")),
        "brand_id": ticket.brand.brand_id,
        "ticket_form_id": TICKET_FORM_ID,
        "problem_id": None,
        "tags": view.tags,
        "custom_fields": [{"id": 360_000_300_001, "value": ticket.topic}],
        "satisfaction_rating": {"score": score},
        "followup_ids": [],
        "due_at": None,
        "is_public": True,
        "has_incidents": False,
        "from_messaging_channel": False,
        "comments": [comment_record(comment, ticket.channel) for comment in view.comments],
    }


def comment_record(comment: Comment, channel: str) -> Record:
    return {
        "id": comment.comment_id,
        "type": "Comment",
        "author_id": comment.author.user_id,
        "public": comment.is_public,
        "body": comment.body,
        "plain_body": comment.body,
        "created_at": iso(comment.at),
        "audit_id": comment.audit_id,
        "via": {"channel": channel if comment.author.role == "customer" else "web"},
    }


def audit_record(audit: Audit, ticket: Ticket, schedule_ids: dict[str, int]) -> Record:
    channel = ticket.channel if audit.author.role == "customer" else "web"
    return {
        "id": audit.audit_id,
        "ticket_id": ticket.ticket_id,
        "created_at": iso(audit.at),
        "author_id": audit.author.user_id,
        "via": via("system" if audit.author.role == "system" else channel, audit.link),
        "events": list(_events(audit, audit is ticket.audits[0], schedule_ids)),
    }


def _events(audit: Audit, is_first: bool, schedule_ids: dict[str, int]) -> Iterator[Record]:
    event_id = audit.audit_id * EVENTS_PER_AUDIT
    comment = audit.comment
    if comment is not None:
        yield {
            "id": event_id,
            "type": "Comment",
            "author_id": comment.author.user_id,
            "public": comment.is_public,
            "body": comment.body,
        }
    for change in audit.changes:
        event_id += 1
        if change.name == "schedule":
            yield {
                "id": event_id,
                "type": "ScheduleAssignment",
                "previous_schedule_id": change.before and schedule_ids[change.before],
                "new_schedule_id": schedule_ids[str(change.after)],
            }
        elif is_first:
            yield {
                "id": event_id,
                "type": "Create",
                "field_name": change.name,
                "value": change.after,
            }
        else:
            before: str | list[str] | None = change.before
            after: str | list[str] | None = change.after
            if change.name == "tags":
                before, after = str(before).split(" "), str(after).split(" ")
            yield {
                "id": event_id,
                "type": "Change",
                "field_name": change.name,
                "value": after,
                "previous_value": before,
            }


def rating_records(ticket: Ticket) -> Iterator[Record]:
    for rating in ticket.ratings:
        yield {
            "id": rating.rating_id,
            "ticket_id": ticket.ticket_id,
            "requester_id": ticket.customer.user_id,
            "assignee_id": rating.assignee_id,
            "group_id": rating.group_id,
            "score": rating.score,
            "comment": None,
            "reason": "None",
            "created_at": iso(rating.at),
            "updated_at": iso(rating.at),
        }


def metric_event_records(clock: SlaClock) -> Iterator[Record]:
    """activate, pause, apply_sla, breach and fulfill of one clock, in the order of time."""
    is_reply = clock.metric in {"first_reply_time", "next_reply_time"}
    base = {
        "metric": "reply_time" if is_reply else clock.metric,
        "instance_id": clock.instance,
    }
    stamped: list[tuple[int, int, Record]] = []
    for start, end in clock.spans:
        stamped.append((start, 1, {"type": "activate"}))
        if end != clock.completed_at:
            stamped.append((end, 4, {"type": "pause"}))
    in_force = [entry for entry in clock.targets if entry[0] <= clock.started_at][-1:]
    for since, priority in in_force + [e for e in clock.targets if e[0] > clock.started_at]:
        sla = _target(clock.policy, clock.metric, priority)
        stamped.append((max(since, clock.started_at), 2, {"type": "apply_sla", "sla": sla}))
    if clock.breached_at is not None:
        stamped.append((clock.breached_at, 3, {"type": "breach"}))
    if clock.completed_at is not None:
        stamped.append((clock.completed_at, 5, {"type": "fulfill"}))
    stamped.sort(key=lambda entry: entry[:2])
    for at, _, kind in stamped:
        if kind["type"] != "pause" or at != clock.spans[-1][1] or not clock.is_running:
            yield {**base, **kind, "time": iso(at)}


def _target(policy: Policy, metric: str, priority: str) -> Record:
    seconds = policy.target_seconds(metric, priority)
    return {
        "target": seconds // 60,
        "target_in_seconds": seconds,
        "business_hours": IN_BUSINESS_HOURS[metric],
        "policy": {"id": policy.policy_id, "title": policy.title, "description": None},
    }


def user_records(agents: list[Agent], customers: list[Customer]) -> Iterator[Record]:
    yield _staff(BOT_ID, BOT_NAME, "agent", None, "shanghai")
    for agent in agents:
        role = "admin" if agent is agents[0] else "agent"
        group_id, schedule = agent.team.group_id, agent.team.schedule
        yield _staff(agent.user_id, agent.name, role, group_id, schedule)
    for customer in customers:
        suspended_at = customer.is_suspended_at
        rails_zone, zone = ZONES["shanghai" if customer.language == "zh" else "london"]
        known = customer.identity
        yield {
            "id": customer.user_id,
            "external_id": known.login if known else None,
            "name": customer.name,
            "email": known.email if known else f"user{customer.user_id}@example.com",
            "phone": known.phone if known else None,
            "role": "end-user",
            "active": True,
            "suspended": suspended_at is not None,
            "organization_id": customer.organization_id,
            "default_group_id": None,
            "time_zone": rails_zone,
            "iana_time_zone": zone,
            "created_at": iso(customer.created_at),
            "updated_at": iso(suspended_at or customer.created_at),
        }


def _staff(user_id: int, name: str, role: str, group_id: int | None, schedule: str) -> Record:
    rails_zone, zone = ZONES[schedule]
    return {
        "id": user_id,
        "name": name,
        "email": f"agent{user_id}@northwind.example",
        "role": role,
        "active": True,
        "suspended": False,
        "shared_agent": False,
        "organization_id": None,
        "default_group_id": group_id,
        "time_zone": rails_zone,
        "iana_time_zone": zone,
        "created_at": FOUNDED_AT,
        "updated_at": FOUNDED_AT,
    }


def group_records() -> list[Record]:
    return [
        {"id": team.group_id, "name": team.name, "deleted": False, **_founded()} for team in TEAMS
    ]


def membership_records(agents: list[Agent]) -> list[Record]:
    return [
        {
            "id": 36_040_000_000 + number,
            "user_id": agent.user_id,
            "group_id": agent.team.group_id,
            "default": True,
            **_founded(),
        }
        for number, agent in enumerate(agents)
    ]


def organization_records() -> list[Record]:
    return [
        {"id": organization_id, "name": name, "deleted_at": None, **_founded()}
        for organization_id, name in ORGANIZATIONS.items()
    ]


def brand_records() -> list[Record]:
    return [
        {
            "id": brand.brand_id,
            "name": brand.name,
            "subdomain": brand.subdomain,
            "active": True,
            **_founded(),
        }
        for brand in BRANDS
    ]


def schedule_records(schedules: list[Schedule]) -> list[Record]:
    """Zendesk counts minutes from Sunday 00:00 local."""
    return [
        {
            "id": schedule.schedule_id,
            "name": schedule.name,
            "time_zone": schedule.rails_zone,
            "intervals": [
                {
                    "start_time": (weekday + 1) % 7 * 1440 + start,
                    "end_time": (weekday + 1) % 7 * 1440 + end,
                }
                for weekday, start, end in schedule.hours
            ],
            **_founded(),
        }
        for schedule in schedules
    ]


def holiday_records(schedule: Schedule) -> list[Record]:
    return [
        {
            "id": holiday.holiday_id,
            "name": holiday.name,
            "start_date": holiday.first.isoformat(),
            "end_date": holiday.last.isoformat(),
        }
        for holiday in schedule.holidays
    ]


def policy_records() -> list[Record]:
    return [
        {
            "id": policy.policy_id,
            "title": policy.title,
            "position": position,
            "filter": {"all": _conditions(policy), "any": []},
            "policy_metrics": [
                {
                    "priority": priority,
                    "metric": metric,
                    "target": policy.target_seconds(metric, priority) // 60,
                    "target_in_seconds": policy.target_seconds(metric, priority),
                    "business_hours": IN_BUSINESS_HOURS[metric],
                }
                for metric in IN_BUSINESS_HOURS
                for priority in PRIORITIES
            ],
            **_founded(),
        }
        for position, policy in enumerate(POLICIES, start=1)
    ]


def _conditions(policy: Policy) -> list[Record]:
    wanted = {"brand_id": policy.brand_id, "organization_id": policy.organization_id}
    return [
        {"field": name, "operator": "is", "value": str(value)}
        for name, value in wanted.items()
        if value is not None
    ]


def _founded() -> Record:
    return {"created_at": FOUNDED_AT, "updated_at": FOUNDED_AT}


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
