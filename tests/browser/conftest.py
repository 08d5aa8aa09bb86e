"""A company with every system, served: made for the long tests only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pipelines.publish import new_build_id
from tests.integration.company_world import build_company
from tests.superset_world import SupersetWorld, free_port, serving, show

STATEMENT_SECONDS = 60


@pytest.fixture(scope="session")
def company_site(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[SupersetWorld]:
    """The company of the KPI tests, published and served with the demo's users."""
    started = datetime.now(UTC)
    build_id = new_build_id(started)
    company = build_company(tmp_path_factory.mktemp("site"), build_id)
    settings = company.settings.model_copy(update={"superset_port": free_port()})
    show(settings, build_id, "company", started)
    with serving(settings, pytestconfig, STATEMENT_SECONDS) as world:
        yield world
