"""Declared calendars, sound, and one way to break each rule on them."""

from __future__ import annotations

from functools import partial

from tests.integration.raw_worlds.case import RawCase, set_in

RECORDS = {
    "calendars": [{"calendar_id": "cn", "time_zone": "Asia/Shanghai", "holiday_country": "CN"}],
    "working_hours": [
        {
            "calendar_id": "cn",
            "valid_from": "2020-01-01",
            "weekday": weekday,
            "opens": "09:00:00",
            "closes": "18:00:00",
        }
        for weekday in ("1", "Tue", "wednesday", "周四", "星期天")
    ],
    "special_days": [
        {"calendar_id": "cn", "date": "2026-10-02", "kind": "closed"},
        {
            "calendar_id": "cn",
            "date": "2026-10-03",
            "kind": "hours",
            "opens": "09:00:00",
            "closes": "12:00:00",
        },
    ],
    "team_calendars": [
        {
            "source_system": "zendesk",
            "account_id": "default",
            "team_id": "*",
            "valid_from": "2020-01-01",
            "calendar_id": "cn",
        }
    ],
}

_set = partial(set_in, "calendars")
NOBODYS = "calendar_id = 'nobodys'"

BREAKS = {
    "calendars__calendars_zones_known": _set("calendars", "time_zone = 'Asia/Hangzhou'"),
    "calendars__working_hours_weekdays_known": _set(
        "working_hours", "weekday = 'funday'", "weekday = '1'"
    ),
    "calendars__working_hours_calendars_declared": _set("working_hours", NOBODYS),
    "calendars__special_days_kinds_known": _set("special_days", "kind = 'hours'"),
    "calendars__special_days_calendars_declared": _set("special_days", NOBODYS),
    "calendars__team_calendars_calendars_declared": _set("team_calendars", NOBODYS),
}

CASE = RawCase("calendars", RECORDS, BREAKS)
