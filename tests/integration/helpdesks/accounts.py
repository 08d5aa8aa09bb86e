"""The accounts that test modules describe, each by the module that knows what must come of it."""

from __future__ import annotations

from pathlib import Path

ZONES = {"freshdesk/table": "Asia/Kolkata", "zendesk_csv/acme": "America/Los_Angeles"}


def write_accounts(inbox: Path) -> None:
    """All of them, complete and ready to load."""
    # The modules take fixtures, so that they cannot be imported where these are made.
    from tests.integration import (
        test_backlog,
        test_conversations,
        test_service_level_agreement,
        test_service_level_policies,
        test_service_levels,
        test_ticket_facts,
        test_worked_ticket,
    )
    from tests.integration.helpdesks import (
        test_chatwoot,
        test_chinese_sessions,
        test_event_log,
        test_freshdesk,
        test_intercom,
        test_servicenow,
        test_tables,
        test_zammad,
    )

    for desk in (
        test_backlog,
        test_conversations,
        test_service_level_agreement,
        test_service_level_policies,
        test_service_levels,
        test_ticket_facts,
        test_worked_ticket,
    ):
        desk.desk().write(inbox)
    for module in (
        test_chatwoot,
        test_chinese_sessions,
        test_event_log,
        test_freshdesk,
        test_intercom,
        test_servicenow,
        test_tables,
        test_zammad,
    ):
        module.write(inbox)
