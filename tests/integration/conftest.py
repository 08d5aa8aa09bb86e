"""Worlds that several modules of tests share, each built once."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.transform.dbt_runner import build
from tests.conftest import SHARED_DATA
from tests.integration.canonical import Canonical, load_vendor_files
from tests.integration.company_world import CompanyWorld, build_company
from tests.integration.helpdesks import real_exports
from tests.integration.helpdesks.accounts import ZONES, write_accounts
from tests.integration.helpdesks.world import HelpdeskWorld
from tests.integration.landed_files import unpack_landed
from tests.reference.export import read_export
from tests.reference.tickets import Desk


@pytest.fixture(scope="session")
def helpdesks(tmp_path_factory: pytest.TempPathFactory) -> HelpdeskWorld:
    """One load and one build of all accounts of helpdesks: those that test modules describe in the
    formats of every source, and the real exports beside the project."""
    settings = Settings(
        home=tmp_path_factory.mktemp("helpdesks"), quiet_seconds=0, account_zones=ZONES
    )
    write_accounts(settings.paths.inbox)
    real_exports.copy(SHARED_DATA, settings.paths.inbox)
    report = load_inbox(settings, run_id="test")
    export_for_dbt(settings)
    build(settings).raise_on_failure()
    return HelpdeskWorld.open(settings, report)


@pytest.fixture(scope="session")
def published(helpdesks: HelpdeskWorld) -> duckdb.DuckDBPyConnection:
    """The published tables of all these accounts."""
    return helpdesks.connection


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
