"""Worlds that several modules of tests share, each built once."""

from __future__ import annotations

import duckdb
import pytest

from tests.integration.canonical import Canonical, load_vendor_files
from tests.integration.company_world import CompanyWorld, build_company
from tests.integration.helpdesks.accounts import build_accounts
from tests.integration.helpdesks.world import HelpdeskWorld
from tests.integration.landed_files import unpack_landed
from tests.reference.export import read_export
from tests.reference.tickets import Desk


@pytest.fixture(scope="session")
def helpdesks(tmp_path_factory: pytest.TempPathFactory) -> HelpdeskWorld:
    """One load and one build of all accounts of helpdesks."""
    return build_accounts(tmp_path_factory.mktemp("helpdesks"))


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
