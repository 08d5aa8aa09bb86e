"""腾讯企点, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import STAMP, RawCase, set_in

RECORDS = {
    "sessions": [{"customer": "c", "started_at": STAMP, "agent_spoke_at": STAMP}],
}

_set = partial(set_in, "qidian")

BREAKS = {
    "qidian__sessions_not_answered_before_started": _set(
        "sessions", "agent_spoke_at = '2026-10-05T07:59:59Z'"
    ),
}

CASE = RawCase("qidian", RECORDS, BREAKS)
