"""Where targets come from: the change history, else SLA events, else the policies' conditions."""

from __future__ import annotations

import duckdb

from tests.integration.desk import AGENT, CUSTOMER, Desk, stamp

ACCOUNT = "policies"


def _policy(
    desk: Desk, position: int, title: str, conditions: dict[str, object], **targets: int
) -> None:
    metrics = [
        {
            "priority": priority,
            "metric": "first_reply_time",
            "target": minutes,
            "business_hours": True,
        }
        for priority, minutes in targets.items()
    ]
    desk.add(
        "sla_policies",
        title=title,
        position=position,
        filter=conditions,
        policy_metrics=metrics,
        created_at="2023-01-01T00:00:00Z",
        updated_at="2023-01-01T00:00:00Z",
    )


def desk() -> Desk:
    """Four policies and a ticket for every way to a target; without schedules."""
    account = Desk(ACCOUNT)
    vip = {"field": "current_tags", "operator": "includes", "value": "vip gold"}
    incident = {"field": "type", "operator": "is", "value": "incident"}
    not_bulk = {"field": "current_tags", "operator": "not_includes", "value": "bulk"}
    unknown = {"field": "custom_fields_99", "operator": "is", "value": "x"}
    _policy(account, 9, "everybody", {"all": [], "any": []}, normal=600, urgent=60)
    _policy(account, 1, "unreadable", {"all": [unknown], "any": []}, normal=1)
    _policy(account, 2, "vip", {"all": [not_bulk], "any": [vip, incident]}, normal=30)
    _policy(account, 3, "vip too late", {"all": [], "any": [vip]}, normal=5)
    asked = "2024-03-04 10:00"
    for number, fields in enumerate(
        (
            {},
            {"tags": ["gold"]},
            {"type": "incident"},
            {"tags": ["vip", "bulk"]},
            {"priority": None},
        ),
        start=1,
    ):
        account.ticket(asked, **{"id": number, **fields}).says(CUSTOMER, asked).says(
            AGENT, "2024-03-04 11:00"
        )
    (
        account.ticket(asked, id=6)
        .says(CUSTOMER, asked)
        .changes("priority", "urgent", "2024-03-04 12:00")
        .says(AGENT, "2024-03-04 13:00")
    )
    account.ticket(asked, id=7).says(CUSTOMER, asked).says(AGENT, "2024-03-04 11:00")
    account.add(
        "ticket_metric_events",
        ticket_id=7,
        instance_id=1,
        metric="reply_time",
        type="apply_sla",
        time="2024-03-04T10:00:00Z",
        sla={
            "target_in_seconds": 1200,
            "business_hours": False,
            "policy": {"id": 77, "title": "told by the helpdesk"},
        },
    )
    (
        account.ticket(asked, id=8, tags=["vip"])
        .says(CUSTOMER, asked)
        .target("first_reply_time", 7200, asked)
        .says(AGENT, "2024-03-04 11:00")
    )
    account.ticket("2024-06-01 00:00", id=9, priority=None)
    return account


def test_targets_come_from_the_first_source_that_knows(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = published.execute(
        "select ticket_id, policy_name, priority_in_force, target_seconds, elapsed_seconds,"
        " sla_status, deadline_at from fct_sla_targets where account_id = $1 order by ticket_id",
        [ACCOUNT],
    ).fetchall()
    found = {
        (int(ticket), policy, priority, target // 60, elapsed // 60, status, stamp(deadline)[11:16])
        for ticket, policy, priority, target, elapsed, status, deadline in rows
    }
    assert found == {
        # No condition, first by position where several match, any and all together.
        (1, "everybody", "normal", 600, 60, "achieved", "20:00"),
        (2, "vip", "normal", 30, 60, "breached", "10:30"),
        (3, "vip", "normal", 30, 60, "breached", "10:30"),
        # all fails for the vip policy, the next one by position asks for less.
        (4, "vip too late", "normal", 5, 60, "breached", "10:05"),
        # Ticket 5 has no priority and thereby no target; the next becomes urgent after two hours,
        # which is more than an urgent ticket may wait.
        (6, "everybody", "urgent", 60, 180, "breached", "12:00"),
        (7, "told by the helpdesk", "normal", 20, 60, "breached", "10:20"),
        (8, "vip", "normal", 120, 60, "achieved", "12:00"),
    }
