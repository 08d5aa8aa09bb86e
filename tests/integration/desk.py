"""A Zendesk account written by hand: only what matters of each ticket, in the export's own format.

What belongs here: making records and loading them. Expected values belong to the tests.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import duckdb

from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.transform.dbt_runner import build

AGENT, COLLEAGUE, CUSTOMER = 11, 12, 21
Record = dict[str, Any]


def at(text: str) -> datetime:
    """An instant from '2024-03-04 09:00' or '2024-03-04 09:00:30', UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Ticket:
    """One ticket and its history, told in time order."""

    desk: Desk
    record: Record
    comments: list[Record] = field(default_factory=list)

    @property
    def created_at(self) -> datetime:
        return datetime.fromisoformat(self.record["created_at"])

    def says(
        self, author: int, when: datetime | str, *, public: bool = True, via: str = "web"
    ) -> Self:
        """A comment."""
        self.comments.append(
            {
                "id": self.desk.next_id(),
                "type": "Comment",
                "author_id": author,
                "public": public,
                "body": "a question?",
                "created_at": stamp(self._touch(when)),
                "via": {"channel": via},
            }
        )
        return self

    def becomes(self, status: str, when: datetime | str, author: int = AGENT) -> Self:
        return self.changes("status", status, when, author)

    def changes(self, name: str, value: Any, when: datetime | str, author: int = AGENT) -> Self:
        """A change of a field, from what the ticket had there before."""
        event = {
            "type": "Change",
            "field_name": name,
            "value": value,
            "previous_value": self.record.get(name),
        }
        self.record[name] = value
        return self._audit(event, when, author)

    def target(
        self, metric: str, seconds: int | None, when: datetime | str, *, business: bool = False
    ) -> Self:
        """An SLA target set, or with None taken away, by the helpdesk."""
        value = seconds and json.dumps({"minutes": seconds / 60, "in_business_hours": business})
        event = {"type": "Change", "field_name": metric, "value": value, "previous_value": None}
        return self._audit(event, when, -1)

    def moves_to_schedule(self, before: int | None, after: int, when: datetime | str) -> Self:
        event = {
            "type": "ScheduleAssignment",
            "previous_schedule_id": before,
            "new_schedule_id": after,
        }
        return self._audit(event, when, -1)

    def _audit(self, event: Record, when: datetime | str, author: int) -> Self:
        self.desk.audits.append(
            {
                "id": self.desk.next_id(),
                "ticket_id": self.record["id"],
                "created_at": stamp(self._touch(when)),
                "author_id": author,
                "via": {"channel": "web"},
                "events": [{"id": self.desk.next_id(), **event}],
            }
        )
        return self

    def _touch(self, when: datetime | str) -> datetime:
        instant = at(when) if isinstance(when, str) else when
        self.record["updated_at"] = max(self.record["updated_at"], stamp(instant))
        return instant


@dataclass
class Desk:
    """One account."""

    account: str
    tickets: list[Ticket] = field(default_factory=list)
    audits: list[Record] = field(default_factory=list)
    others: dict[str, list[Record]] = field(default_factory=dict)
    last_id: int = 1000

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def add(self, entity: str, **record: Any) -> None:
        """A record of another entity, such as `schedules`."""
        self.others.setdefault(entity, []).append({"id": self.next_id(), **record})

    def add_schedule(self, number: int, hours: list[tuple[int, int]], zone: str = "UTC") -> None:
        """Weekly hours in minutes since Sunday; the lowest number is the oldest, the default."""
        self.others.setdefault("schedules", []).append(
            {
                "id": number,
                "name": f"schedule {number}",
                "time_zone": zone,
                "intervals": [{"start_time": start, "end_time": end} for start, end in hours],
                "created_at": f"2019-01-0{number}T00:00:00Z",
                "updated_at": f"2019-01-0{number}T00:00:00Z",
            }
        )

    def ticket(
        self, created_at: datetime | str, *, priority: str = "normal", **fields: Any
    ) -> Ticket:
        """A new ticket without any comment, in state open."""
        instant = at(created_at) if isinstance(created_at, str) else created_at
        record = {
            "id": self.next_id(),
            "created_at": stamp(instant),
            "updated_at": stamp(instant),
            "status": "open",
            "priority": priority,
            "requester_id": CUSTOMER,
            "submitter_id": CUSTOMER,
            "via": {"channel": "web"},
            "tags": [],
        }
        ticket = Ticket(self, record | fields)
        self.tickets.append(ticket)
        return ticket

    def write(self, inbox: Path) -> None:
        """The account's export files, complete and ready to load."""
        folder = inbox / "zendesk" / self.account
        folder.mkdir(parents=True)
        users = [
            {"id": AGENT, "name": "Ada", "role": "agent"},
            {"id": COLLEAGUE, "name": "Bo", "role": "agent"},
            {"id": CUSTOMER, "role": "end-user"},
        ]
        tickets = [ticket.record | {"comments": ticket.comments} for ticket in self.tickets]
        _write_lines(folder / "users.ndjson", [{"user": user} for user in users])
        _write_lines(folder / "tickets.ndjson", [{"ticket": ticket} for ticket in tickets])
        _write_lines(folder / "audits.ndjson", [{"audit": audit} for audit in self.audits])
        for entity, records in self.others.items():
            (folder / f"{entity}.json").write_text(json.dumps({entity: records}), "utf-8")


def load(settings: Settings, desks: list[Desk]) -> duckdb.DuckDBPyConnection:
    """Load and build the accounts as an operator would; the published tables are at hand."""
    for desk in desks:
        desk.write(settings.paths.inbox)
    load_inbox(settings, run_id="test")
    export_for_dbt(settings)
    build(settings).raise_on_failure()
    con = duckdb.connect()
    con.execute(f"attach '{settings.paths.serving_file}' as helpmart (read_only)")
    con.execute("use helpmart.published")
    return con


def _write_lines(path: Path, records: list[Record]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
