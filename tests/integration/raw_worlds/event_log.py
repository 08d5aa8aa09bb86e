"""An event log, sound, and one way to break each rule on it."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import STAMP, RawCase, set_in

RECORDS = {
    "events": [{"case_id": "1", "activity": "Wait", "event_at": STAMP}],
}

_set = partial(set_in, "event_log")

BREAKS = {
    "event_log__events_some_states_known": _set("events", "activity = 'Dream'"),
}

CASE = RawCase("event_log", RECORDS, BREAKS)
