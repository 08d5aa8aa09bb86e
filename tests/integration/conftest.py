"""One build for all tests that read published tables of hand-written accounts."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.settings import Settings
from tests.integration.canonical import Canonical, load_vendor_files
from tests.integration.company_world import CompanyWorld, build_company
from tests.integration.desk import load
from tests.integration.landed_files import unpack_landed
from tests.reference.export import read_export
from tests.reference.tickets import Desk


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The published tables of every account that the test modules describe."""
    from tests.integration import (
        test_backlog,
        test_conversations,
        test_service_level_agreement,
        test_service_level_policies,
        test_service_levels,
        test_ticket_facts,
        test_worked_ticket,
    )

    desks = [
        test_backlog.desk(),
        test_conversations.desk(),
        test_service_level_agreement.desk(),
        test_service_level_policies.desk(),
        test_service_levels.desk(),
        test_ticket_facts.desk(),
        test_worked_ticket.desk(),
    ]
    settings = Settings(home=tmp_path_factory.mktemp("desks"), quiet_seconds=0)
    return load(settings, desks)


@pytest.fixture(scope="session")
def canonical(tmp_path_factory: pytest.TempPathFactory) -> Canonical:
    """The canonical layer over all hand-written vendor files."""
    return load_vendor_files(tmp_path_factory.mktemp("vendors"))


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> CompanyWorld:
    """A whole small company; its tests share one worker by their group."""
    return build_company(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="session")
def company_desk(company: CompanyWorld, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The company's Zendesk account as its raw files tell it."""
    folder = unpack_landed(company.settings, "zendesk", tmp_path_factory.mktemp("landed") / "desk")
    return Desk(read_export(folder, "northwind"))
