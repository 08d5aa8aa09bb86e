"""Reads a Zendesk export in plain Python: records that any loader must accept, newest version each.

What belongs here: files, wrappers, versions and stamps. What does not: KPIs, or anything of
`pipelines`; only the seeds, which are an installation's choices, are shared with the warehouse.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.reference.clocks import Calendar, Version

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
Record = dict[str, Any]

# Entity -> (wrapper, collection, fields without which a record is no use).
SHAPES = {
    "tickets": ("ticket", "tickets", ("id", "created_at", "status")),
    "audits": ("audit", "audits", ("id", "ticket_id", "created_at")),
    "users": ("user", "users", ("id",)),
    "groups": ("group", "groups", ("id",)),
    "brands": ("brand", "brands", ("id",)),
    "ratings": ("satisfaction_rating", "satisfaction_ratings", ("id", "ticket_id", "created_at")),
    "metric_events": ("ticket_metric_event", "ticket_metric_events", ("id", "ticket_id", "time")),
    "schedules": ("schedule", "schedules", ("id",)),
    "holidays": ("holiday", "holidays", ("id",)),
}
ZONES = {"Beijing": "Asia/Shanghai", "London": "Europe/London"}
WHOLE_NUMBER = re.compile(r"-?\d+")


@dataclass
class Export:
    """One account's records, by id or by ticket."""

    account: str = "default"
    tickets: dict[str, Record] = field(default_factory=dict)
    comments: dict[str, dict[str, Record]] = field(default_factory=lambda: defaultdict(dict))
    audits: dict[str, dict[str, Record]] = field(default_factory=lambda: defaultdict(dict))
    metric_events: dict[str, dict[str, Record]] = field(default_factory=lambda: defaultdict(dict))
    ratings: dict[str, dict[str, Record]] = field(default_factory=lambda: defaultdict(dict))
    users: dict[str, Record] = field(default_factory=dict)
    groups: dict[str, Record] = field(default_factory=dict)
    brands: dict[str, Record] = field(default_factory=dict)
    schedules: dict[str, Record] = field(default_factory=dict)
    holidays: list[Record] = field(default_factory=list)

    @property
    def as_of(self) -> datetime:
        """The newest stamp: nothing is known beyond it. A breach may lie ahead of it."""
        stamps = [stamp(ticket["created_at"]) for ticket in self.tickets.values()]
        stamps += [version(ticket) for ticket in self.tickets.values()]
        for group in (self.comments, self.audits):
            stamps += [stamp(each["created_at"]) for of in group.values() for each in of.values()]
        for of in self.ratings.values():
            stamps += [stamp(each["updated_at"]) for each in of.values()]
        for of in self.metric_events.values():
            stamps += [stamp(each["time"]) for each in of.values() if each["type"] != "breach"]
        return max(stamps)

    def calendars(self) -> dict[str, Calendar]:
        """The schedules by id, each closed on its own holidays."""
        closed: dict[str, set[date]] = defaultdict(set)
        for holiday in self.holidays:
            first, last = (date.fromisoformat(holiday[key]) for key in ("start_date", "end_date"))
            days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
            closed[str(holiday["schedule_id"])] |= days
        found = {}
        for schedule_id, schedule in self.schedules.items():
            hours = tuple((each["start_time"], each["end_time"]) for each in schedule["intervals"])
            zone = ZONES[schedule["time_zone"]]
            holidays = frozenset(closed[schedule_id])
            found[schedule_id] = Calendar((Version(zone, hours),), holidays)
        return found


def read_export(folder: Path, account: str = "default") -> Export:
    """Everything below `folder`, whatever the files are called."""
    export = Export(account)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for text in _texts(path):
                for entity, record in _records(text):
                    _take(export, entity, record)
    return export


def stamp(text: str) -> datetime:
    """An ISO stamp as an aware instant; anything else is no stamp."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def version(ticket: Record) -> datetime:
    """When the record was last written, by the user's clock or by the system's."""
    generated = ticket.get("generated_timestamp")
    stamps = [stamp(ticket.get("updated_at") or ticket["created_at"])]
    if generated is not None:
        stamps.append(datetime.fromtimestamp(int(generated), UTC))
    return max(stamps)


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed of the dbt project."""
    text = (SEEDS / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def aliases(name: str, meaning: str) -> dict[str, str]:
    """What this helpdesk's raw values mean, by a seed that has rows for every source."""
    return {r["raw_value"]: r[meaning] for r in seed(name) if r["source_system"] == "zendesk"}


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode()
    elif path.suffix == ".gz":
        yield gzip.decompress(path.read_bytes()).decode()
    else:
        yield path.read_text(encoding="utf-8")


def _records(text: str) -> Iterator[tuple[str, Record]]:
    try:
        documents = [json.loads(text)]
    except json.JSONDecodeError:
        documents = list(_lines(text))
    for document in documents:
        if not isinstance(document, dict):
            continue
        for entity, (wrapper, collection, _) in SHAPES.items():
            if wrapper in document:
                yield entity, document[wrapper]
            for record in document.get(collection, ()):
                yield entity, {**_inherited(document), **record}


def _lines(text: str) -> Iterator[Any]:
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            continue


def _inherited(document: Record) -> Record:
    return {key: document[key] for key in ("schedule_id",) if key in document}


def _take(export: Export, entity: str, record: Record) -> None:
    if not _is_usable(record, SHAPES[entity][2]):
        return
    key = str(record["id"])
    if entity == "tickets":
        for comment in record.get("comments", ()):
            if _is_usable(comment, ("id", "created_at")):
                export.comments[key][str(comment["id"])] = comment
        known = export.tickets.get(key)
        if known is None or version(record) > version(known):
            export.tickets[key] = record
    elif entity in {"audits", "metric_events", "ratings"}:
        getattr(export, entity)[str(record["ticket_id"])][key] = record
    elif entity == "holidays":
        export.holidays.append(record)
    else:
        getattr(export, entity)[key] = record


def _is_usable(record: Record, required: tuple[str, ...]) -> bool:
    if any(record.get(name) is None for name in required):
        return False
    try:
        for name in required:
            if name.endswith("_at") or name == "time":
                stamp(record[name])
    except ValueError:
        return False
    return WHOLE_NUMBER.fullmatch(str(record["id"])) is not None
