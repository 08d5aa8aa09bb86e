"""What is true of each ticket of an export, folded in plain Python from the catalogue's words.

Populations, first response, resolution, waits, reopens, turns and SLA targets. Written apart from
the warehouse and from the simulator; shares nothing with them but the export and the seeds.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise

from tests.reference.clocks import END, Calendar, business_seconds, reached_at
from tests.reference.export import Export, Record, aliases, seed, stamp

Instant = datetime
Span = tuple[datetime, datetime]
SOLVED = frozenset({"solved", "closed"})
UNSOLVED = frozenset({"new", "open", "pending", "hold", "unknown"})
ONE_RETURN = timedelta(minutes=5)
WAITS = {
    "requester_wait_time": frozenset({"new", "open", "hold"}),
    "agent_work_time": frozenset({"new", "open"}),
    "agent_wait_time": frozenset({"pending"}),
    "on_hold_time": frozenset({"hold"}),
}
PROMISED = ("first_reply_time", "next_reply_time", "requester_wait_time", "agent_work_time")
BOT_NAME = re.compile(
    r"(^|[^a-z])(chat|answer|auto|virtual|ai)?[ _-]?bot([^a-z]|$)|机器人|智能客服"
)


@dataclass(frozen=True)
class Message:
    """A comment, by who wrote it: customer, agent or bot."""

    no: int
    at: Instant
    author: str
    role: str
    is_public: bool
    needs_answer: bool
    channel: str


@dataclass(frozen=True)
class Move:
    """A field's new value; `by` is the role of whoever made the move, `author` who it was."""

    at: Instant
    value: str | None
    by: str
    author: str | None = None


@dataclass(frozen=True)
class Turn:
    opened_at: Instant
    answered_at: Instant | None
    answered_by: str | None = None


@dataclass(frozen=True)
class Survey:
    invited_at: Instant | None
    answered_at: Instant | None
    score: str | None
    agent: str | None = None


@dataclass(frozen=True)
class Target:
    """One SLA target that was decided: kept or broken, and when its time was up."""

    metric: str
    is_broken: bool
    deadline_at: Instant | None


class Desk:
    """An export with what has to be known across tickets."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.as_of = export.as_of
        self.calendars = export.calendars()
        self.channels = aliases("channel_aliases", "channel")
        self.courtesies = {row["phrase"] for row in seed("courtesy_phrases")}
        self.excluded = {row["tag"]: row["reason"] for row in seed("excluded_tags")}
        self.sessions = {r["channel"] for r in seed("channels") if r["is_session"] == "true"}
        self.staff = set(_staff(export))
        self.bots = {"-1"} | {
            user_id
            for user_id in self.staff & export.users.keys()
            if BOT_NAME.search(str(export.users[user_id].get("name") or "").lower())
        }
        self.merged_into = _merges(export)
        self.sources: dict[str, list[str]] = defaultdict(list)
        for source, target in self.merged_into.items():
            if target in export.tickets:
                self.sources[target].append(source)
        self.follow_ups = _follow_ups(export)

    def tickets(self) -> Iterator[Ticket]:
        for ticket_id in self.export.tickets:
            yield Ticket(self, ticket_id)

    def role_of(self, author: str, requester: str) -> str:
        if author in self.bots:
            return "bot"
        if author == requester:
            return "customer"
        return "agent" if author in self.staff else "customer"

    def thresholds(self, kpi: str) -> dict[str, timedelta]:
        rows = [row for row in seed("kpi_thresholds") if row["kpi_id"] == kpi]
        return {row["channel"]: timedelta(seconds=int(row["seconds"])) for row in rows}

    def limit(self, kpi: str, channel: str) -> timedelta:
        limits = self.thresholds(kpi)
        return limits.get(channel, limits["*"])

    @cached_property
    def oldest_calendar(self) -> str | None:
        schedules = sorted(
            self.export.schedules.values(), key=lambda each: (each["created_at"], str(each["id"]))
        )
        return str(schedules[0]["id"]) if schedules else None


class Ticket:
    """One ticket; what it says of itself is worked out when asked for."""

    def __init__(self, desk: Desk, ticket_id: str) -> None:
        self.desk = desk
        self.id = ticket_id
        self.record: Record = desk.export.tickets[ticket_id]
        self.requester = str(self.record.get("requester_id"))
        via = self.record.get("via") or {}
        self.channel = desk.channels.get(str(via.get("channel")).lower(), "unknown")
        self.priority = str(self.record.get("priority") or "none")
        self.team = self.team_name(self.record.get("group_id"))
        brand = desk.export.brands.get(str(self.record.get("brand_id")), {})
        self.shop = str(brand.get("name") or desk.export.account)
        ids = [ticket_id, *desk.sources[ticket_id]]
        known = (desk.export.tickets[each] for each in ids if each in desk.export.tickets)
        self.created_at = min(stamp(each["created_at"]) for each in known)

    def team_name(self, group_id: object) -> str:
        return str(self.desk.export.groups.get(str(group_id), {}).get("name", "unknown"))

    # Populations

    @cached_property
    def exclusion(self) -> str | None:
        if str(self.record["status"]).lower() == "deleted":
            return "deleted"
        reasons = [
            self.desk.excluded[t] for t in self.record.get("tags", ()) if t in self.desk.excluded
        ]
        if reasons:
            return min(reasons)
        is_marked = "closed_by_merge" in self.record.get("tags", ())
        return "merged" if self.id in self.desk.merged_into or is_marked else None

    @property
    def in_p1(self) -> bool:
        return self.exclusion in (None, "merged")

    @property
    def in_p2(self) -> bool:
        return self.exclusion is None

    @property
    def in_p3(self) -> bool:
        return self.in_p2 and not self.is_bot_only

    @property
    def in_p5(self) -> bool:
        return self.in_p2 and self.is_solved

    @property
    def in_p6(self) -> bool:
        return self.in_p3 and not self.is_agent_initiated and self.has_question

    # Conversation

    @cached_property
    def messages(self) -> list[Message]:
        """Those of the tickets merged into this one are its own too; a merged one has none left."""
        if self.id in self.desk.merged_into:
            return []
        ids = [self.id, *self.desk.sources[self.id]]
        return _in_order(m for each in ids for m in self._messages_of(each))

    @cached_property
    def own_messages(self) -> list[Message]:
        return _in_order(self._messages_of(self.id))

    def _messages_of(self, ticket_id: str) -> Iterator[Message]:
        export, desk = self.desk.export, self.desk
        requester = str(export.tickets.get(ticket_id, {}).get("requester_id"))
        for comment in export.comments[ticket_id].values():
            via = comment.get("via") or {}
            is_automatic = via.get("channel") in {"rule", "automation", "system"}
            is_automatic |= (via.get("source") or {}).get("rel") == "merge"
            author = str(comment.get("author_id"))
            body = str(comment.get("plain_body") or comment.get("body") or "")
            words = re.sub(r"[\W_]+", " ", body.lower()).strip()
            yield Message(
                no=int(comment["id"]),
                at=stamp(comment["created_at"]),
                author=author,
                role="bot" if is_automatic else desk.role_of(author, requester),
                is_public=comment.get("public") is not False,
                needs_answer=bool(body.strip()) and words not in desk.courtesies,
                channel=desk.channels.get(str(via.get("channel")).lower(), self.channel),
            )

    @cached_property
    def spoken(self) -> list[Message]:
        return [m for m in self.messages if m.is_public and m.role in {"customer", "agent"}]

    @property
    def questions(self) -> list[Message]:
        return [m for m in self.spoken if m.role == "customer"]

    @property
    def human_messages(self) -> list[Message]:
        return [m for m in self.spoken if m.role == "agent"]

    @property
    def bot_messages(self) -> list[Message]:
        return [m for m in self.messages if m.is_public and m.role == "bot"]

    @property
    def is_agent_initiated(self) -> bool:
        return bool(self.spoken) and self.spoken[0].role == "agent"

    @property
    def replies(self) -> list[Message]:
        """Human public messages, but for the one by which an agent opened the ticket."""
        return self.human_messages[1:] if self.is_agent_initiated else self.human_messages

    @property
    def has_question(self) -> bool:
        return any(m.needs_answer for m in self.questions)

    @property
    def is_bot_only(self) -> bool:
        is_over = self.is_solved or not self.questions
        return bool(self.bot_messages) and not self.human_messages and is_over

    @property
    def first_response_at(self) -> Instant | None:
        return self.replies[0].at if self.replies else None

    @cached_property
    def turns(self) -> list[Turn]:
        found: list[Turn] = []
        opened_at: Instant | None = None
        for message in self.spoken:
            if message.role == "customer":
                opened_at = opened_at or message.at
            elif opened_at is not None:
                found.append(Turn(opened_at, message.at, message.author))
                opened_at = None
        return found if opened_at is None else [*found, Turn(opened_at, None)]

    @property
    def agents_touching(self) -> int:
        return len({m.author for m in self.messages if m.role == "agent"})

    # Life

    def changes(self, name: str) -> list[tuple[Instant, str | None, str | None, str]]:
        """(when, old, new, who) of a field, in the order in which the helpdesk wrote them."""
        found = []
        audits = self.desk.export.audits[self.id].values()
        for audit in sorted(audits, key=lambda each: (stamp(each["created_at"]), int(each["id"]))):
            for event in audit.get("events", ()):
                if event.get("type") in {"Create", "Change"} and event.get("field_name") == name:
                    old, new = event.get("previous_value"), event.get("value")
                    at, author = stamp(audit["created_at"]), str(audit.get("author_id"))
                    found.append((at, _text(old), _text(new), author))
        return found

    @cached_property
    def statuses(self) -> list[Move]:
        """The states it went through, from its creation on."""
        changes = self.changes("status")
        present = _state(str(self.record["status"]))
        first = _state(changes[0][1]) if changes else present
        moves = [Move(self.created_at, first, "unknown")] if first else []
        for at, _, value, author in changes:
            moves.append(Move(at, _state(value), self._actor(author), author))
        updated_at = stamp(self.record["updated_at"])
        if changes and moves[-1].value != present and updated_at > changes[-1][0]:
            moves.append(Move(updated_at, present, "unknown"))
        kept = [b for a, b in pairwise([None, *moves]) if a is None or (b and a.value != b.value)]
        begin = min(kept[0].at, self.created_at)
        return [replace(kept[0], at=begin), *kept[1:]]  # type: ignore[type-var]

    def _actor(self, author: str) -> str:
        return self.desk.role_of(author, self.requester)

    @property
    def status(self) -> str:
        return str(self.statuses[-1].value)

    @property
    def is_solved(self) -> bool:
        return self.status in SOLVED

    @cached_property
    def solves(self) -> list[Move]:
        return [
            b
            for a, b in pairwise([None, *self.statuses])
            if b and b.value in SOLVED and (a is None or a.value not in SOLVED)
        ]

    @cached_property
    def reopens(self) -> list[Move]:
        moves = pairwise(self.statuses)
        return [b for a, b in moves if a.value in SOLVED and b.value in UNSOLVED]

    @property
    def first_solved_at(self) -> Instant | None:
        return self.solves[0].at if self.solves else None

    @property
    def last_solved_at(self) -> Instant | None:
        return self.solves[-1].at if self.solves else None

    @property
    def first_customer_return_at(self) -> Instant | None:
        """The customer's own reopening, or the follow-up to a closed ticket."""
        returns = [move.at for move in self.reopens if move.by == "customer"][:1]
        created = [
            Ticket(self.desk, each).created_at
            for each in self.desk.follow_ups[self.id]
            if each in self.desk.export.tickets
        ]
        solved_at = self.first_solved_at
        if created and solved_at is not None and min(created) > solved_at:
            returns.append(min(created))
        return min(returns) if returns else None

    @property
    def is_solved_by_human(self) -> bool:
        return bool(self.human_messages) or bool(self.solves and self.solves[0].by == "agent")

    @cached_property
    def owners(self) -> list[str]:
        changes = self.changes("assignee_id")
        present = self.record.get("assignee_id")
        first = changes[0][1] if changes else _text(present)
        values = [first, *(new for _, _, new, _ in changes)]
        return [value for value in values if value is not None]

    def owner_at(self, at: Instant) -> str | None:
        """Who held the ticket just after an instant."""
        changes = self.changes("assignee_id")
        if not changes:
            return _text(self.record.get("assignee_id"))
        return ([changes[0][1]] + [new for when, _, new, _ in changes if when <= at])[-1]

    @property
    def assignee(self) -> str | None:
        return _text(self.record.get("assignee_id"))

    @property
    def closer(self) -> str | None:
        """The agent of the last solve; where no agent made it, whoever held the ticket then."""
        if not self.solves:
            return None
        last = self.solves[-1]
        return last.author if last.by == "agent" else self.owner_at(last.at)

    @property
    def human_owners(self) -> set[str]:
        return set(self.owners) - self.desk.bots

    @property
    def has_human(self) -> bool:
        return bool(self.human_messages) or bool(self.human_owners)

    @property
    def group_stations(self) -> int:
        changes = self.changes("group_id")
        first = changes[0][1] if changes else _text(self.record.get("group_id"))
        values = [first, *(new for _, _, new, _ in changes)]
        return sum(b is not None and b != a for a, b in pairwise([None, *values]))

    @property
    def response_started_at(self) -> Instant:
        """Creation; after a bot alone had settled it, the reopening that asks for a person."""
        starts = [
            reopen.at
            for reopen in self.reopens
            if [solve.by for solve in self.solves if solve.at <= reopen.at][-1] == "bot"
            and self.bot_messages
            and self.bot_messages[0].at < reopen.at
            and (self.first_response_at is None or reopen.at <= self.first_response_at)
        ]
        return max(starts, default=self.created_at)

    @property
    def is_one_touch(self) -> bool:
        is_session = self.channel in self.desk.sessions
        one = len(self.replies) == 1 or (is_session and len(self.replies) > 1)
        return self.is_solved and not self.reopens and one

    def spans_in(self, states: Iterable[str]) -> list[Span]:
        wanted = set(states)
        moves = [*self.statuses, Move(self.desk.as_of, None, "")]
        return [(a.at, max(a.at, b.at)) for a, b in pairwise(moves) if a.value in wanted]

    # Surveys

    @cached_property
    def surveys(self) -> list[Survey]:
        """An invitation and the last rating before the next one; a lone rating is a survey too."""
        records = sorted(
            self.desk.export.ratings[self.id].values(),
            key=lambda each: (
                stamp(each["created_at"]),
                each["score"] != "offered",
                int(each["id"]),
            ),
        )
        found: list[Survey] = []
        for rating in records:
            at, agent = stamp(rating["created_at"]), _text(rating.get("assignee_id"))
            if rating["score"] == "offered":
                found.append(Survey(at, None, None, agent))
                continue
            before = found.pop() if found else Survey(None, None, None)
            found.append(Survey(before.invited_at, at, str(rating["score"]), agent or before.agent))
        return found

    # Clocks

    @cached_property
    def calendars(self) -> list[tuple[Instant, Calendar]]:
        """The calendars in force, each from its instant on."""
        assigned = []
        for audit in self.desk.export.audits[self.id].values():
            for event in audit.get("events", ()):
                if event.get("type") == "ScheduleAssignment":
                    at = stamp(audit["created_at"])
                    assigned.append((at, int(audit["id"]), event))
        assigned.sort(key=lambda each: each[:2])
        oldest = self.desk.oldest_calendar
        first = _text(assigned[0][2].get("previous_schedule_id")) if assigned else None
        entries = [(datetime(1, 1, 1, tzinfo=UTC), first or oldest)]
        own_created_at = stamp(self.record["created_at"])
        for at, _, event in assigned:
            since = entries[0][0] if at <= own_created_at else at
            entries.append((since, _text(event.get("new_schedule_id")) or oldest))
        lasting = dict(entries)
        return [(at, self.desk.calendars[key]) for at, key in lasting.items() if key]

    def calendar_at(self, at: Instant) -> tuple[Calendar, Instant]:
        """The calendar in force at an instant, and until when."""
        ends = [since for since, _ in self.calendars[1:]] + [END]
        return next(
            (calendar, until)
            for (_, calendar), until in zip(self.calendars, ends, strict=True)
            if at < until
        )

    def seconds(self, clock: str, spans: Iterable[Span]) -> int:
        return sum(self._seconds(clock, *span) for span in spans)

    def _seconds(self, clock: str, begin: Instant, end: Instant) -> int:
        if clock == "calendar":
            return int((end - begin).total_seconds())
        if clock == "business_last":
            return business_seconds(self.calendars[-1][1], begin, end)
        total = 0
        while begin < end:
            calendar, until = self.calendar_at(begin)
            total += business_seconds(calendar, begin, min(until, end))
            begin = until
        return total

    # Service levels

    @cached_property
    def targets(self) -> list[Target]:
        promises = self._promises()
        found = []
        for metric, spans, is_over in self._instances():
            if metric in promises and spans:
                target = self._judge(metric, spans, is_over, promises[metric])
                if target is not None:
                    found.append(target)
        return found

    def _promises(self) -> dict[str, list[tuple[Instant, int, bool]]]:
        """By metric, the targets from when on: seconds, and whether business hours count."""
        promises: dict[str, dict[Instant, tuple[int, bool]]] = defaultdict(dict)
        for at, metric, promise in self._written() or self._applied():
            promises[metric][at] = promise
        return {m: [(at, *p) for at, p in sorted(of.items())] for m, of in promises.items()}

    def _written(self) -> list[tuple[Instant, str, tuple[int, bool]]]:
        """Targets that stand in the history of changes."""
        return [
            (at, metric, (60 * value["minutes"], value["in_business_hours"]))
            for metric in PROMISED
            for at, _, new, _ in self.changes(metric)
            if (value := json.loads(str(new)))
        ]

    def _applied(self) -> list[tuple[Instant, str, tuple[int, bool]]]:
        """Targets that the helpdesk's own clocks were given."""
        events = self.desk.export.metric_events[self.id].values()
        applied = [e for e in events if e["type"] == "apply_sla" and not e.get("deleted")]
        found = []
        for event in sorted(applied, key=lambda each: (stamp(each["time"]), int(each["id"]))):
            metric = str(event["metric"])
            if metric == "reply_time":
                metric = "first_reply_time" if event["instance_id"] == 1 else "next_reply_time"
            sla = event["sla"]
            promise = (int(sla["target_in_seconds"]), bool(sla["business_hours"]))
            found.append((stamp(event["time"]), metric, promise))
        return found

    def _instances(self) -> Iterator[tuple[str, list[Span], bool]]:
        """(metric, running time, whether it came to its end) for each thing that was owed."""
        for position, turn in enumerate(self.turns):
            begin = turn.opened_at
            if position == 0 and not self.is_agent_initiated:
                begin = self.response_started_at
            metric = "next_reply_time" if position else "first_reply_time"
            yield self._reply(metric, begin, turn.answered_at)
        if not self.turns and not self.is_agent_initiated:
            yield self._reply("first_reply_time", self.response_started_at, self.first_response_at)
        for metric in ("requester_wait_time", "agent_work_time"):
            end = self.last_solved_at if self.is_solved else None
            spans = [
                (begin, min(stop, end) if end else stop)
                for begin, stop in self.spans_in(WAITS[metric])
                if end is None or begin < end
            ]
            yield metric, spans, end is not None

    def _reply(
        self, metric: str, begin: Instant, answered_at: Instant | None
    ) -> tuple[str, list[Span], bool]:
        """A solve settles what is owed as well: nobody waits any longer."""
        ends = [solve.at for solve in self.solves if solve.at >= begin][:1]
        ends += [] if answered_at is None else [max(begin, answered_at)]
        end = min(ends, default=None)
        return metric, [(begin, end or max(begin, self.desk.as_of))], end is not None

    def _judge(
        self,
        metric: str,
        spans: list[Span],
        is_over: bool,
        promises: list[tuple[Instant, int, bool]],
    ) -> Target | None:
        """Broken at the first instant at which the time run exceeds the target in force."""
        elapsed = {"business": 0, "calendar": 0}
        last: tuple[Instant, int, str, Calendar] | None = None
        for begin, end, promise in _cut(spans, promises, [at for at, _ in self.calendars[1:]]):
            calendar, _ = self.calendar_at(begin)
            ran = {clock: self._seconds(clock, begin, end) for clock in elapsed}
            if promise is not None:
                clock = "business" if promise[2] else "calendar"
                left = promise[1] - elapsed[clock]
                last = (begin, max(left, 0), clock, calendar)
                if ran[clock] > left:
                    return Target(metric, True, self._used_up(*last))
            else:
                last = None
            for each, seconds in ran.items():
                elapsed[each] += seconds
        if last is None or not is_over:
            return None
        return Target(metric, False, self._used_up(*last))

    def _used_up(self, begin: Instant, left: int, clock: str, calendar: Calendar) -> Instant | None:
        if clock == "calendar" or left == 0:
            return begin + timedelta(seconds=left)
        return reached_at(calendar, begin, left, self.desk.as_of + timedelta(days=60))


def _cut(
    spans: list[Span], promises: list[tuple[Instant, int, bool]], edges: list[Instant]
) -> Iterator[tuple[Instant, Instant, tuple[Instant, int, bool] | None]]:
    """The spans in pieces within which one promise and one calendar hold."""
    cuts = sorted({at for at, _, _ in promises} | set(edges))
    for begin, end in spans:
        stops = [begin, *(cut for cut in cuts if begin < cut < end), end]
        for low, high in pairwise(stops):
            in_force = [promise for promise in promises if promise[0] <= low]
            yield low, high, in_force[-1] if in_force else None


def _in_order(messages: Iterable[Message]) -> list[Message]:
    return sorted(messages, key=lambda each: (each.at, each.no))


def _text(value: object) -> str | None:
    return None if value in (None, "") else str(value)


def _state(value: str | None) -> str | None:
    return None if value is None else _STATES.get(value.lower(), value)


_STATES = aliases("status_aliases", "status")


def _staff(export: Export) -> Iterator[str]:
    """Agents of the user list, and whoever owned a ticket or wrote a note: staff at the time."""
    for user_id, user in export.users.items():
        if user.get("role") in {"agent", "admin"}:
            yield user_id
    owners = [ticket.get("assignee_id") for ticket in export.tickets.values()]
    owners += [event.get("value") for event in _events(export, "assignee_id")]
    yield from (str(owner) for owner in owners if owner)
    for comments in export.comments.values():
        notes = (each for each in comments.values() if each.get("public") is False)
        yield from (str(note["author_id"]) for note in notes)


def _events(export: Export, name: str) -> Iterator[Record]:
    for audits in export.audits.values():
        for audit in audits.values():
            yield from (e for e in audit.get("events", ()) if e.get("field_name") == name)


def _merges(export: Export) -> dict[str, str]:
    """Each ticket merged away with the one that is left, at the end of any chain."""
    links: list[tuple[Instant, str, str]] = []
    for ticket_id, ticket in export.tickets.items():
        records = [ticket, *export.comments[ticket_id].values()]
        for record in [*records, *export.audits[ticket_id].values()]:
            source = (record.get("via") or {}).get("source") or {}
            if source.get("rel") != "merge":
                continue
            at, origin, target = stamp(record["created_at"]), source["from"], source["to"]
            merged = {str(each) for each in origin.get("ticket_ids", ())}
            if origin.get("ticket_id"):
                merged.add(str(origin["ticket_id"]))
            links += [(at, each, ticket_id) for each in merged]
            if target.get("ticket_id"):
                links.append((at, ticket_id, str(target["ticket_id"])))
    first: dict[str, str] = {}
    for _, source_id, target_id in sorted(links):
        first.setdefault(source_id, target_id)
    return {source_id: _end_of(source_id, first) for source_id in first}


def _end_of(ticket_id: str, links: dict[str, str]) -> str:
    seen = {ticket_id}
    while ticket_id in links and links[ticket_id] not in seen:
        ticket_id = links[ticket_id]
        seen.add(ticket_id)
    return ticket_id


def _follow_ups(export: Export) -> dict[str, list[str]]:
    """By closed ticket, the tickets that go on with it."""
    found: dict[str, list[str]] = defaultdict(list)
    for ticket_id, ticket in export.tickets.items():
        source = (ticket.get("via") or {}).get("source") or {}
        if source.get("rel") == "follow_up" and source["from"].get("ticket_id"):
            found[str(source["from"]["ticket_id"])].append(ticket_id)
        for follow_up in ticket.get("followup_ids", ()):
            found[ticket_id].append(str(follow_up))
    return found
