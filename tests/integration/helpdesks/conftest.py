"""One load and one build for all tests of helpdesks other than Zendesk."""

from __future__ import annotations

import pytest

from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.transform.dbt_runner import build
from tests.conftest import SHARED_DATA
from tests.integration.helpdesks import real_exports
from tests.integration.helpdesks.world import HelpdeskWorld

ZONES = {"freshdesk/table": "Asia/Kolkata", "zendesk_csv/acme": "America/Los_Angeles"}


@pytest.fixture(scope="session")
def helpdesks(tmp_path_factory: pytest.TempPathFactory) -> HelpdeskWorld:
    """A small hand-written export of every source, loaded and built as an operator would."""
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

    modules = (
        test_chatwoot,
        test_chinese_sessions,
        test_event_log,
        test_freshdesk,
        test_intercom,
        test_servicenow,
        test_tables,
        test_zammad,
    )

    settings = Settings(
        home=tmp_path_factory.mktemp("helpdesks"),
        quiet_seconds=0,
        account_zones=ZONES,
    )
    for module in modules:
        module.write(settings.paths.inbox)
    real_exports.copy(SHARED_DATA, settings.paths.inbox)
    report = load_inbox(settings, run_id="test")
    export_for_dbt(settings)
    build(settings).raise_on_failure()
    return HelpdeskWorld.open(settings, report)
