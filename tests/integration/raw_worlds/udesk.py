"""Udesk, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import STAMP, RawCase, set_in

RECORDS = {
    "sessions": [
        {"session_id": "1", "sub_session_id": "2", "started_at": STAMP, "ended_at": STAMP}
    ],
}

_set = partial(set_in, "udesk")

BREAKS = {
    "udesk__sessions_not_ended_before_started": _set(
        "sessions", "ended_at = '2026-10-05T07:59:59Z'"
    ),
}

CASE = RawCase("udesk", RECORDS, BREAKS)
