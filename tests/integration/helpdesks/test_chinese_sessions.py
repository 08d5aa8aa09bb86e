"""网易七鱼 and Udesk: sessions handed over count once, stamps are local or milliseconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.helpdesks.world import HelpdeskWorld, epoch, write_json

pytestmark = pytest.mark.xdist_group("helpdesks")

CHAIN, BOT, LOST = "9001", "9003", "9004"


def _session(number: str, at: str, end: str | None, **changes: Any) -> dict[str, Any]:
    record = {
        "id": int(number),
        "userId": "u1",
        "staffId": 31,
        "staffName": "小王",
        "startTime": epoch(f"2026-03-02 {at}") * 1000,
        "endTime": epoch(f"2026-03-02 {end}") * 1000 if end else -1,
        "staffFirstReplyTime": -1,
        "staffInvitedEvaluateTime": -1,
        "userJoinEvaluateTime": -1,
        "fromType": "wx",
        "fromGroup": 8,
        "interaction": 0,
        "relatedId": -1,
        "relatedType": 0,
        "status": 1,
        "evaluationType": -1,
        "evaluation": -1,
        "staffMessageCount": 2,
        "mobile": "13800000000",
    }
    return record | changes


def write(inbox: Path) -> None:
    """Robot, then two people one after the other; a robot alone; nobody in time; two ratings."""
    rated = epoch("2026-03-02 12:00") * 1000
    sessions = [
        _session(
            CHAIN, "09:00", "09:05", interaction=1, staffId=-1, evaluationType=5, evaluation=1
        ),
        _session(
            "9002",
            "09:05",
            "09:30",
            relatedId=9001,
            relatedType=1,
            status=0,
            staffFirstReplyTime=epoch("2026-03-02 09:06") * 1000 + 250,
        ),
        _session(
            "9005",
            "09:30",
            "10:00",
            relatedId=9002,
            relatedType=4,
            staffId=32,
            evaluationType=3,
            evaluation=50,
            userJoinEvaluateTime=rated,
            staffInvitedEvaluateTime=epoch("2026-03-02 10:00") * 1000,
        ),
        _session(
            BOT,
            "09:00",
            "09:10",
            interaction=1,
            evaluationType=2,
            evaluation=100,
            userJoinEvaluateTime=rated,
        ),
        _session(LOST, "09:00", "09:20", staffId=-1, status=0),
    ]
    write_json(inbox / "qiyu" / "acme", "sessions.json", sessions)
    parts = [
        ("s1", "p1", 41, "2026-03-02 17:00:00", "2026-03-02 17:20:00"),
        ("s1", "p2", 42, "2026-03-02 17:20:00", "2026-03-02 18:00:00"),
        ("s2", "p3", 41, "2026-03-02 17:00:00", None),
    ]
    names = ("session_id", "sub_session_id", "agent_id", "start", "end")
    records = [dict(zip(names, part, strict=True)) | {"customer_id": 5} for part in parts]
    write_json(inbox / "udesk" / "acme", "sessions.json", records)


def test_a_chain_of_sessions_is_one_ticket(helpdesks: HelpdeskWorld) -> None:
    columns = (
        "status",
        "channel",
        "first_response_calendar_seconds",
        "full_resolution_calendar_seconds",
        "assignee_id",
        "human_owner_count",
        "is_transferred",
        "is_bot_only",
        "message_count",
    )
    expected = ("solved", "messaging", 360, 3600, "32", 2, True, False, None)
    assert helpdesks.fact("qiyu", "acme", CHAIN, *columns) == expected
    [(tickets,)] = helpdesks.rows("select count(*) from fct_tickets where source_system = 'qiyu'")
    assert tickets == 3


def test_a_robot_alone_and_nobody_at_all(helpdesks: HelpdeskWorld) -> None:
    flags = ("is_bot_only", "in_p3", "is_unreplied", "assignee_id")
    assert helpdesks.fact("qiyu", "acme", BOT, *flags)[:3] == (True, False, False)
    assert helpdesks.fact("qiyu", "acme", LOST, *flags) == (False, True, True, "unknown")


def test_a_score_means_what_its_scale_says(helpdesks: HelpdeskWorld) -> None:
    rows = helpdesks.rows(
        "select ticket_id, score_raw, score_norm, sentiment, invited_at is not null"
        " from fct_surveys where source_system = 'qiyu' order by ticket_id"
    )
    assert rows == [
        (CHAIN, "3:50", 0.5, "neutral", True),
        (BOT, "2:100", 1.0, "good", False),
    ]


def test_udesk_tells_local_time_and_parts_of_a_session(helpdesks: HelpdeskWorld) -> None:
    columns = ("strftime(created_at, '%H:%M')", "full_resolution_calendar_seconds", "status")
    assert helpdesks.fact("udesk", "acme", "s1", *columns) == ("09:00", 3600, "closed")
    assert helpdesks.fact("udesk", "acme", "s2", *columns) == ("09:00", None, "open")
    owners = ("assignee_id", "human_owner_count", "in_p6")
    assert helpdesks.fact("udesk", "acme", "s1", *owners) == ("42", 2, False)
