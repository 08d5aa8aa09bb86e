"""A replay loads what the present contract accepts, and the accounts hold afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import HelpmartError
from pipelines.ingest.contracts import SOURCES_FOLDER, SourceContract, load_contracts
from pipelines.ingest.ledger import Ledger
from pipelines.ingest.parsing.streams import Limits
from pipelines.ingest.quarantine import quarantined_records
from pipelines.ingest.replay import replay
from pipelines.settings import Settings
from tests.ingest_world import (
    assert_accounts_hold,
    comment,
    drop,
    file_row,
    files,
    load,
    raw_rows,
    ticket,
    wrapped,
)

CASES = wrapped("ticket", ticket(1), ticket(2, comments=[comment(20)])) + wrapped(
    "case", ticket(3, comments=[comment(30)])
)


@pytest.fixture
def wider(tmp_path: Path) -> dict[str, SourceContract]:
    """The contract after somebody taught it that a case is a ticket."""
    text = (SOURCES_FOLDER / "zendesk.yml").read_text(encoding="utf-8")
    folder = tmp_path / "sources"
    folder.mkdir()
    wider = text.replace("wrappers: [ticket]", "wrappers: [ticket, case]")
    (folder / "zendesk.yml").write_text(wider, encoding="utf-8")
    return load_contracts(folder)


def ids(settings: Settings, entity: str = "tickets") -> list[str]:
    return sorted(row["id"] for row in raw_rows(settings, entity))


def test_records_that_a_wider_contract_knows_are_loaded(
    settings: Settings, wider: dict[str, SourceContract]
) -> None:
    drop(settings, "tickets.ndjson", CASES)
    load(settings)
    before = file_row(settings)
    assert (before.loaded, before.reasons) == (2, {"unknown_wrapper": 1})

    replay(settings, run_id="replayed", contracts=wider)

    row = file_row(settings)
    assert (row.seen, row.loaded, row.quarantined, row.run_id) == (3, 3, 0, "replayed")
    assert row.received_at == before.received_at
    assert (ids(settings), ids(settings, "comments")) == (["1", "2", "3"], ["20", "30"])
    assert quarantined_records(settings, row.file_id) == []
    assert not list(settings.paths.quarantine.glob("*.ndjson"))
    assert_accounts_hold(settings)


def test_a_replay_under_the_same_contract_changes_no_count(settings: Settings) -> None:
    drop(settings, "a.ndjson", CASES)
    drop(settings, "b.ndjson", CASES + wrapped("ticket", ticket(4), ticket(4)))
    load(settings)
    before = [(r.name, r.entity, r.loaded, r.quarantined, r.duplicate) for r in files(settings)]

    replay(settings, run_id="replayed")

    after = [(r.name, r.entity, r.loaded, r.quarantined, r.duplicate) for r in files(settings)]
    assert after == before
    assert ids(settings) == ["1", "2", "4"]
    assert_accounts_hold(settings)


def test_only_the_file_that_is_named_is_read_again(
    settings: Settings, wider: dict[str, SourceContract]
) -> None:
    drop(settings, "a.ndjson", CASES)
    drop(settings, "b.ndjson", CASES.replace(b'"id": 3,', b'"id": 5,'))
    load(settings)
    chosen = next(row.file_id for row in files(settings) if row.name.endswith("b.ndjson"))

    rows = replay(settings, chosen[:12], run_id="replayed", contracts=wider)

    assert {row.file_id for row in rows} == {chosen}
    assert ids(settings) == ["1", "2", "5"]
    with pytest.raises(HelpmartError, match="No single file"):
        replay(settings, "nothing", run_id="replayed")


def test_a_file_refused_as_a_whole_is_loaded_once_it_is_allowed(settings: Settings) -> None:
    drop(settings, "tickets.ndjson.gz", wrapped("ticket", *[ticket(1)] * 500))
    load(settings, limits=Limits(max_total=1000))
    assert file_row(settings).status == "quarantined"

    replay(settings, run_id="replayed")

    row = file_row(settings)
    assert (row.status, row.seen, row.loaded, row.duplicate) == ("loaded", 500, 1, 499)


def test_a_replay_that_was_cut_off_is_finished_by_the_next_load(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(settings, "tickets.ndjson", CASES)
    load(settings)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Ledger, "commit_file", killed)
    with pytest.raises(KeyboardInterrupt):
        replay(settings, run_id="replayed")
    monkeypatch.undo()
    for path in (settings.paths.raw / "zendesk" / "tickets").glob("[!_]*.parquet"):
        path.unlink()

    load(settings)

    assert ids(settings) == ["1", "2"]
    assert_accounts_hold(settings)
