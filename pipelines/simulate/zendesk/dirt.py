"""Known defects that real exports have, and the reason for which a loader must refuse each."""

from __future__ import annotations

from typing import NamedTuple

BAD_AFTER_TICKETS = 20


class Defect(NamedTuple):
    """A line that no loader may accept, the entity it counts under, and why."""

    line: bytes
    entity: str
    reason: str


BAD_TICKETS = (
    Defect(b'{"ticket":{"id":900001,"created_at":"2026-01-\n', "tickets", "not_json"),
    Defect(b"[900002]\n", "tickets", "not_an_object"),
    Defect(
        b'{"tickte":{"id":900003,"created_at":"2026-01-05T08:00:00Z","status":"open"}}\n',
        "tickets",
        "unknown_wrapper",
    ),
    Defect(
        b'{"ticket":{"created_at":"2026-01-05T08:00:00Z","status":"open"}}\n',
        "tickets",
        "missing_required",
    ),
    Defect(
        b'{"ticket":{"id":"1.03E+13","created_at":"2026-01-05T08:00:00Z","status":"open"}}\n',
        "tickets",
        "id_in_scientific_notation",
    ),
    Defect(
        b'{"ticket":{"id":900006,"created_at":"05/01/2026 8:00","status":"open"}}\n',
        "tickets",
        "bad_type",
    ),
)
BAD_AUDITS = (
    Defect(b'{"audit":{"id":900010,"created_at":"2026-01-05T08:0\n', "ticket_audits", "not_json"),
    Defect(
        b'{"audit":{"id":900011,"created_at":"2026-01-05T08:00:00Z","events":[]}}\n',
        "ticket_audits",
        "missing_required",
    ),
)
BAD_USERS = (
    Defect(
        b'{"user":{"id":"1.93600E+13","role":"end-user"}}\n',
        "users",
        "id_in_scientific_notation",
    ),
    Defect(b'{"user":{"name":"nobody","role":"end-user"}}\n', "users", "missing_required"),
)
