"""One load and one build of all hand-written vendor files, for the tests of the canonical layer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.ledger import Ledger
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.transform.dbt_runner import build
from tests.integration.vendor_files import calls, commerce, people, reports

SELECTED = "+path:models/intermediate/canonical"


@dataclass(frozen=True)
class Canonical:
    """What lies behind the load."""

    settings: Settings
    warehouse: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.warehouse.execute(query).fetchall()

    def files(self, source: str) -> dict[tuple[str, str], dict[str, int]]:
        """Why rows of a source did not land, by file name and entity."""
        with Ledger(self.settings.paths.ledger) as ledger:
            return {
                (Path(row.name).name, row.entity): dict(row.reasons)
                for row in ledger.files()
                if row.source == source
            }


def load_vendor_files(home: Path) -> Canonical:
    """Load the files as an operator would and build the canonical layer."""
    settings = Settings(home=home, quiet_seconds=0)
    for vendor in (calls, reports, commerce, people):
        vendor.write(settings.paths.inbox)
    load_inbox(settings, run_id="test")
    export_for_dbt(settings)
    with pytest.MonkeyPatch.context() as patch:
        # Tests that also need what is not selected cannot run.
        patch.setenv("DBT_INDIRECT_SELECTION", "cautious")
        build(settings, select=SELECTED).raise_on_failure()
    warehouse = duckdb.connect(str(settings.paths.warehouse_file), read_only=True)
    warehouse.execute("use intermediate")
    return Canonical(settings, warehouse)
