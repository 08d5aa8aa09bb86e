"""All accounts of helpdesks as one installation: those that test modules describe, and real ones.

Each module describes its own account, since it knows what must come of it. The modules take
fixtures, so that they cannot be imported before these are made.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.transform.dbt_runner import build
from tests.conftest import SHARED_DATA
from tests.integration.desk import Desk
from tests.integration.helpdesks import real_exports
from tests.integration.helpdesks.world import HelpdeskWorld

ZONES = {"freshdesk/table": "Asia/Kolkata", "zendesk_csv/acme": "America/Los_Angeles"}


def build_accounts(home: Path) -> HelpdeskWorld:
    """Written, loaded and built as an operator would, data tests included."""
    settings = Settings(home=home, quiet_seconds=0, account_zones=ZONES)
    for desk in described_desks():
        desk.write(settings.paths.inbox)
    _write_others(settings.paths.inbox)
    real_exports.copy(SHARED_DATA, settings.paths.inbox)
    report = load_inbox(settings, run_id="test")
    export_for_dbt(settings)
    build(settings).raise_on_failure()
    return HelpdeskWorld.open(settings, report)


def described_desks() -> list[Desk]:
    """The accounts of Zendesk that are told ticket by ticket."""
    from tests.integration import (
        test_backlog,
        test_conversations,
        test_service_level_agreement,
        test_service_level_policies,
        test_service_levels,
        test_ticket_facts,
        test_worked_ticket,
    )

    return [
        test_backlog.desk(),
        test_conversations.desk(),
        test_service_level_agreement.desk(),
        test_service_level_policies.desk(),
        test_service_levels.desk(),
        test_ticket_facts.desk(),
        test_worked_ticket.desk(),
    ]


def _write_others(inbox: Path) -> None:
    """A small export in the format of each other source."""
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
