"""A load counts every record of a simulated export as the simulator wrote it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from pipelines.ingest.ledger import Ledger
from tests.integration.truth_worlds import load_worlds

COUNTS = ("seen", "loaded", "duplicate", "quarantined", "reasons")


def test_every_file_and_entity_is_counted_as_it_was_written(tmp_path: Path) -> None:
    settings, truths = load_worlds(tmp_path / "home", seeds=(7, 8))
    expected = {
        (truth.account_id, row["file"], row["entity"]): {name: row[name] for name in COUNTS}
        for truth in truths
        for row in truth.accounting
    }
    with Ledger(settings.paths.ledger) as ledger:
        counted = {
            (row.account_id, PurePosixPath(row.name).name, row.entity): {
                name: getattr(row, name) for name in COUNTS
            }
            for row in ledger.files()
        }
    assert len(expected) > 70
    assert counted == expected
