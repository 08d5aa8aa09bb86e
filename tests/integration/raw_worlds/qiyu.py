"""网易七鱼, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import STAMP, RawCase, set_in

RECORDS = {
    "sessions": [
        {
            "id": "1",
            "evaluation": "100",
            "evaluation_type": "5",
            "started_at": STAMP,
            "ended_at": STAMP,
        }
    ],
}

_set = partial(set_in, "qiyu")

BREAKS = {
    "qiyu__sessions_scales_known": _set("sessions", "evaluation_type = '4'"),
    "qiyu__sessions_not_ended_before_started": _set(
        "sessions", "ended_at = '2026-10-05T07:59:59Z'"
    ),
}

CASE = RawCase("qiyu", RECORDS, BREAKS)
