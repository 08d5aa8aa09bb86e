"""A load takes the simulated exports, with exactly the planted rows in quarantine."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from pipelines.ingest.contracts import load_contracts
from pipelines.ingest.ledger import Ledger
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.simulate.company_demo import company_plan, write_company
from pipelines.simulate.drop import SOURCES as DROPPED
from pipelines.simulate.systems import SYSTEMS

UNTIL = date(2026, 10, 31)
SOURCES = ("zendesk", *SYSTEMS)
COUNTS = ("seen", "loaded", "duplicate", "quarantined", "skipped", "reasons")
Key = tuple[str, str, str, str]


def test_every_simulated_system_has_a_contract() -> None:
    assert set(DROPPED) <= set(SOURCES) <= set(load_contracts())


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_every_file_and_entity_is_counted_as_it_was_written(tmp_path: Path, seed: int) -> None:
    settings = Settings(home=tmp_path / "home", quiet_seconds=0)
    truth = tmp_path / "truth"
    plan = company_plan(seed, 400, days=50, until=UNTIL)
    write_company(settings.paths.inbox, truth, plan, SOURCES)
    load_inbox(settings, run_id="company")
    expected: dict[Key, dict[str, Any]] = {
        (row["source"], row["account"], row["file"], row["entity"]): {
            name: row[name] for name in COUNTS
        }
        for row in json.loads((truth / "files.json").read_bytes())
    }
    with Ledger(settings.paths.ledger) as ledger:
        counted: dict[Key, dict[str, Any]] = {
            (row.source, row.account_id, PurePosixPath(row.name).name, row.entity): {
                name: getattr(row, name) for name in COUNTS
            }
            for row in ledger.files()
        }
    assert {key[0] for key in counted} == set(SOURCES)
    assert counted == expected
