"""Exports as tables: Freshdesk's tickets, Chatwoot's survey answers, sessions of 腾讯企点."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tests.integration.helpdesks.world import HelpdeskWorld

pytestmark = pytest.mark.xdist_group("helpdesks")

HOUR = 3600
# Source comes twice, the time to resolution exceeds a day, and stamps are naive, in Kolkata.
FRESHDESK = """\
Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Resolved time,Closed time,\
Last update time,Initial response time,First response time (in hrs),Resolution time (in hrs),\
Agent interactions,Resolution status,First response status,Tags,Contact ID,Email,Source
11,canary,Resolved,Urgent,Portal,Question,Ada,Day,2026-03-02 09:00:00,2026-03-03 13:00:00,,\
2026-03-03 13:00:00,2026-03-02 09:30:00,00:30:00,28:00:00,2,SLA Violated,Within SLA,"vip, late",51,\
canary@customer.invalid,app
12,canary,Open,Low,Phone,,No Agent,No Group,2026-03-02 09:00:00,,,2026-03-02 09:00:00,,,,0,,,,51,,
"""
# Account time; a custom field is called Status as well.
ZENDESK = """\
Summation column,Id,Requester,Requester id,Requester email,Assignee,Group,Subject,Tags,Status,\
Priority,Via,Ticket type,Created at,Updated at,Solved at,Group stations,Assignee stations,\
Reopens,Replies,First reply time in minutes,First reply time in minutes within business hours,\
Full resolution time in minutes,Status [list]
1,31,canary,51,canary@customer.invalid,Ada,Day,canary,vip late,Solved,High,Mail,Incident,\
2026-03-02 09:00:00,2026-03-03 13:00:00,2026-03-03 13:00:00,2,3,0,2,30,25,1680,done
1,32,canary,51,canary@customer.invalid,Ada,Day,canary,,On-hold,-,Web form,,2026-03-02 09:00:00,\
2026-03-03 13:00:00,2026-03-02 10:00:00,1,1,1,0,,,,
"""
CHATWOOT = """\
Agent name,Rating,Feedback,Contact name,Contact email,Contact phone,Link to conversation,Recorded at
Ada (canary@desk.invalid),2,slow,canary,canary,,https://desk.invalid/app/accounts/1/conversations/12,\
2026-03-02 16:00:00 UTC
Reporting period 2026-03-01 to 2026-03-31
"""
HEADERS = (
    "客服", "客户", "会话开始时间", "会话通路", "排队时长(秒)", "首次响应时长(秒)",
    "会话时长(秒)", "满意度评分", "是否已解决", "会话发起方",
    "客户首次发送消息时间", "客服首次发送消息时间", "会话记录",
    "客户线索", "客户地区", "搜索引擎关键字", "访问来源", "着陆页", "咨询页",
    "会话关键词", "搜索引擎",
)  # fmt: skip
SESSIONS = (
    ("小李", "canary-甲", "2026-03-02 17:00:00", "微信公众号", 5, 40, 600, 5, "是", "客户",
     "2026-03-02 17:00:00", "2026-03-02 17:00:45", *["canary"] * 9),
    ("小李", "canary-乙", "2026-03-02 18:00:00", "网页", "--", "--", 60, "", "否", "客户",
     "2026-03-02 18:00:00", "", *["canary"] * 9),
    ("汇总", "", "", "", "", "", 660),
)  # fmt: skip


def write(inbox: Path) -> None:
    """One table a source; the conversation of the survey's answer is Chatwoot's number 12."""
    freshdesk = inbox / "freshdesk" / "table"
    freshdesk.mkdir(parents=True)
    (freshdesk / "export.csv").write_text(FRESHDESK, encoding="utf-8-sig")
    chatwoot = inbox / "chatwoot" / "acme"
    chatwoot.mkdir(parents=True, exist_ok=True)
    (chatwoot / "csat_report.csv").write_text(CHATWOOT, encoding="utf-8")
    zendesk = inbox / "zendesk_csv" / "acme"
    zendesk.mkdir(parents=True)
    (zendesk / "export-2026-03-04.csv").write_text(ZENDESK, encoding="utf-8")
    qidian = inbox / "qidian" / "acme"
    qidian.mkdir(parents=True)
    workbook = xlsxwriter.Workbook(str(qidian / "会话列表.xlsx"))
    sheet = workbook.add_worksheet("会话")
    for number, cells in enumerate((HEADERS, *SESSIONS)):
        sheet.write_row(number, 0, cells)
    workbook.close()


def test_a_table_of_tickets_tells_what_its_stamps_tell(helpdesks: HelpdeskWorld) -> None:
    columns = (
        "status",
        "priority",
        "channel",
        "assignee_id",
        "team_id",
        "first_response_calendar_seconds",
        "first_resolution_calendar_seconds",
        "full_resolution_calendar_seconds",
        "vendor_full_resolution_business_seconds",
        "reopen_count",
    )
    expected = ("solved", "urgent", "web", "Ada", "Day", 1800, None, 28 * HOUR, 28 * HOUR, None)
    assert helpdesks.fact("freshdesk", "table", "11", *columns) == expected
    nobody = ("assignee_id", "status", "is_unreplied", "priority", "channel")
    expected = ("unknown", "open", True, "low", "phone")
    assert helpdesks.fact("freshdesk", "table", "12", *nobody) == expected


def test_zendesks_table_tells_its_own_counts_and_minutes(helpdesks: HelpdeskWorld) -> None:
    columns = (
        "status",
        "priority",
        "channel",
        "strftime(created_at, '%H:%M')",
        "first_response_calendar_seconds",
        "first_resolution_calendar_seconds",
        "vendor_first_reply_business_seconds",
        "vendor_full_resolution_calendar_seconds",
        "reopen_count",
        "vendor_assignee_station_count",
        "assignee_station_count",
    )
    solved = ("solved", "high", "email", "17:00", 1800, 28 * HOUR, 1500, 28 * HOUR, 0, 3, None)
    assert helpdesks.fact("zendesk", "acme", "31", *columns) == solved
    reopened = ("status", "priority", "first_resolution_calendar_seconds", "reopen_count")
    assert helpdesks.fact("zendesk", "acme", "32", *reopened) == ("hold", "none", None, 1)


def test_naive_stamps_are_read_in_the_zone_of_the_account(helpdesks: HelpdeskWorld) -> None:
    created = "strftime(created_at, '%H:%M')"
    assert helpdesks.fact("freshdesk", "table", "11", created) == ("03:30",)


def test_an_answer_finds_its_conversation_by_the_link(helpdesks: HelpdeskWorld) -> None:
    rows = helpdesks.rows(
        "select ticket_id, agent_id, score_raw, sentiment from fct_surveys"
        " where source_system = 'chatwoot'"
    )
    assert rows == [("12", "3", "2", "bad")]
    counts = helpdesks.counts("chatwoot", "chatwoot/acme")["survey_answers"]
    assert (counts["loaded"], counts["quarantined"]) == (1, 0)


def test_sessions_without_an_id_are_told_apart(helpdesks: HelpdeskWorld) -> None:
    rows = helpdesks.rows(
        "select channel, status, first_response_calendar_seconds,"
        " full_resolution_calendar_seconds, vendor_first_reply_calendar_seconds, is_unreplied"
        " from fct_tickets where source_system = 'qidian' order by created_at"
    )
    assert rows == [
        ("messaging", "solved", 45, 600, 40, False),
        ("chat", "closed", None, 60, None, True),
    ]
    scores = helpdesks.rows("select score_raw from fct_surveys where source_system = 'qidian'")
    assert scores == [("5",)]


def test_nothing_personal_lands(helpdesks: HelpdeskWorld) -> None:
    for entity in (
        "zendesk_csv/tickets",
        "freshdesk/ticket_export",
        "chatwoot/survey_answers",
        "qidian/sessions",
    ):
        raw = helpdesks.settings.paths.raw / entity / "*.parquet"
        [(landed,)] = helpdesks.rows(
            f"select string_agg(r::text, '') from read_parquet('{raw}') as r"
        )
        assert landed
        assert "canary" not in landed, entity
