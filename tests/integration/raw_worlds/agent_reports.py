"""Reports of agents by day, sound, and one way to break each rule on them."""

from __future__ import annotations

from tests.integration.raw_worlds.case import RawCase, again

CASES = [
    RawCase(
        "chitu",
        {
            "agent_days": [{"agent_nick": "a", "report_date": "2026-10-05"}],
        },
        {
            "chitu__agent_days_one_row_an_agent_and_day": again("chitu", "agent_days"),
        },
    ),
    RawCase(
        "jingmai",
        {
            "agent_days": [{"agent_nick": "a", "report_date": "2026-10-05"}],
        },
        {
            "jingmai__agent_days_one_row_an_agent_and_day": again("jingmai", "agent_days"),
        },
    ),
    RawCase(
        "pinduoduo",
        {
            "agent_days": [{"agent_nick": "a", "report_date": "2026-10-05"}],
        },
        {
            "pinduoduo__agent_days_one_row_an_agent_and_day": again("pinduoduo", "agent_days"),
        },
    ),
    RawCase(
        "feige",
        {
            "agent_days": [{"agent_nick": "a", "report_date": "2026-10-05"}],
        },
        {
            "feige__agent_days_one_row_an_agent_and_day": again("feige", "agent_days"),
        },
    ),
    RawCase(
        "xiaoneng",
        {
            "agent_days": [{"agent_nick": "a", "report_date": "2026-10-05"}],
        },
        {
            "xiaoneng__agent_days_one_row_an_agent_and_day": again("xiaoneng", "agent_days"),
        },
    ),
    RawCase(
        "hotline",
        {
            "inbound_days": [{"agent_name": "a", "report_date": "2026-10-05"}],
            "outbound_days": [{"agent_name": "a", "report_date": "2026-10-05"}],
            "efficiency_days": [{"agent_name": "a", "report_date": "2026-10-05"}],
            "quality_days": [{"agent_name": "a", "report_date": "2026-10-05"}],
            "department_days": [{"department": "a", "report_date": "2026-10-05"}],
        },
        {
            "hotline__inbound_days_one_row_an_agent_and_day": again("hotline", "inbound_days"),
            "hotline__outbound_days_one_row_an_agent_and_day": again("hotline", "outbound_days"),
            "hotline__efficiency_days_one_row_an_agent_and_day": again(
                "hotline", "efficiency_days"
            ),
            "hotline__quality_days_one_row_an_agent_and_day": again("hotline", "quality_days"),
            "hotline__department_days_one_row_an_agent_and_day": again(
                "hotline", "department_days"
            ),
        },
    ),
]
