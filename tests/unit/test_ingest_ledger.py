"""The ledger keeps files, records, runs and checks, and refuses accounts that do not add up."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.ledger import FileRow, Ledger
from pipelines.ingest.parsing.rejections import Drift, QuarantinedRecord
from pipelines.ingest.quarantine import dismiss_file, resolve_file_id
from pipelines.settings import Settings

STARTED = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
ROW = FileRow("f1", "zendesk/tickets.json", "zendesk", "default", "tickets", "loaded", 3, 2, 1)
RECORD = QuarantinedRecord(
    "f1", "tickets", 2, "line 2", "bad_type", "created_at", "why", "remedy", "{}"
)


@dataclass(frozen=True)
class Check:
    border: str = "raw"
    table: str = "tickets"
    name: str = "key_unique"
    expectation: str = "expect_column_values_to_be_unique"
    column: str | None = "id"
    severity: str = "critical"
    success: bool = False
    observed: str = "3 repeated"
    unexpected_count: int = 3
    why: str = "a ticket counts once"
    owner: str = "data engineering"
    sample_keys: tuple[str, ...] = ("1", "2")


def ledger_at(folder: Path) -> Ledger:
    return Ledger(folder / "ledger.sqlite")


def test_a_file_and_its_quarantined_records_are_kept_together(tmp_path: Path) -> None:
    row = replace(ROW, reasons={"bad_type": 1}, received_at=STARTED)
    with ledger_at(tmp_path) as ledger:
        ledger.commit_file([row], [RECORD])
    with ledger_at(tmp_path) as ledger:
        assert ledger.files() == [row]
        assert list(ledger.quarantined("f1")) == [RECORD]
        assert list(ledger.quarantined()) == [RECORD]
        assert ledger.known_files() == {"f1"}


def test_counts_that_do_not_add_up_are_refused_with_all_of_their_file(tmp_path: Path) -> None:
    wrong = replace(ROW, entity="comments", seen=4)
    with ledger_at(tmp_path) as ledger:
        with pytest.raises(sqlite3.IntegrityError):
            ledger.commit_file([ROW, wrong], [RECORD])
        assert ledger.files() == []
        assert list(ledger.quarantined()) == []


def test_a_file_committed_again_replaces_its_rows(tmp_path: Path) -> None:
    with ledger_at(tmp_path) as ledger:
        ledger.commit_file([ROW, replace(ROW, entity="comments")], [RECORD])
        ledger.begin_replay("f1")
        assert ledger.unfinished_replays() == ["f1"]
        better = replace(ROW, loaded=3, quarantined=0)
        ledger.commit_file([better], [])
        assert ledger.files() == [better]
        assert list(ledger.quarantined()) == []
        assert ledger.unfinished_replays() == []


def test_runs_come_newest_first_and_are_rewritten_as_they_end(tmp_path: Path) -> None:
    with ledger_at(tmp_path) as ledger:
        ledger.record_run("a", started_at=STARTED)
        ledger.record_run("b", started_at=STARTED.replace(hour=6), state="failed", error="disk")
        ledger.record_run(
            "a", started_at=STARTED, finished_at=STARTED, state="published", build_id="b1"
        )
        assert [run.run_id for run in ledger.runs()] == ["b", "a"]
        assert (ledger.run("a").state, ledger.run("a").build_id) == ("published", "b1")
        assert ledger.run("b").finished_at is None
        with pytest.raises(HelpmartError) as caught:
            ledger.run("c")
    assert caught.value.exit_code == ExitCode.NOT_FOUND


def test_checks_are_kept_by_run_and_a_gate_tried_again_replaces_its_own(tmp_path: Path) -> None:
    with ledger_at(tmp_path) as ledger:
        ledger.record_checks("a", [Check(), Check(border="published", success=True)])
        ledger.record_checks("a", [Check(success=True)])
        ledger.record_checks("b", [Check(severity="warning")])
        of_a, of_b = ledger.checks("a"), ledger.checks("b")
        assert len(ledger.checks()) == 3
    assert [(row.border, row.success) for row in of_a] == [("published", True), ("raw", True)]
    [row] = of_b
    assert (row.title, row.blocks) == ("tickets: key_unique", False)
    assert row.sample_keys == ("1", "2")


def test_a_ledger_of_a_newer_helpmart_is_not_touched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.sqlite") as database:
        database.execute("pragma user_version = 99")

    with pytest.raises(HelpmartError, match="cannot be opened") as caught, ledger_at(tmp_path):
        pytest.fail("it was opened")
    assert "newer helpmart" in caught.value.why


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"no database" * 100)

    with pytest.raises(HelpmartError) as caught, ledger_at(tmp_path):
        pytest.fail("it was opened")
    assert caught.value.exit_code == ExitCode.SETUP_BROKEN


def test_a_file_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    with ledger_at(tmp_path) as ledger:
        ledger.commit_file([ROW, replace(ROW, file_id="f2")], [])
        assert resolve_file_id(ledger, "f1") == "f1"
        for beginning in ("f", "", "x"):
            with pytest.raises(HelpmartError) as caught:
                resolve_file_id(ledger, beginning)
            assert caught.value.exit_code == ExitCode.NOT_FOUND


def test_the_export_for_dbt_is_typed_and_complete_when_all_is_empty(settings: Settings) -> None:
    paths = export_for_dbt(settings)

    names = ["files", "checks", "runs", "statutory_days", "statutory_years", "published_values"]
    assert [path.stem for path in paths] == names
    assert {pq.read_metadata(path).num_rows for path in paths} == {0}


def test_the_export_for_dbt_holds_what_the_ledger_holds(settings: Settings) -> None:
    with Ledger(settings.paths.ledger) as ledger:
        ledger.commit_file([replace(ROW, reasons={"bad_type": 1})], [RECORD])
        ledger.record_run("a", started_at=STARTED)
        ledger.record_checks("a", [Check()])
    tables = {path.stem: pq.read_table(path).to_pylist() for path in export_for_dbt(settings)}
    files, checks, runs = (tables[name] for name in ("files", "checks", "runs"))

    assert (files[0]["seen"], files[0]["reasons"]) == (3, '{"bad_type":1}')
    assert (checks[0]["table"], checks[0]["sample_keys"]) == ("tickets", ["1", "2"])
    assert (runs[0]["started_at"], runs[0]["finished_at"]) == (STARTED, None)


def test_the_export_for_dbt_brings_the_days_of_the_countries_that_calendars_name(
    settings: Settings,
) -> None:
    folder = settings.paths.raw / "calendars" / "calendars"
    folder.mkdir(parents=True)
    columns = {"calendar_id": ["a", "b"], "holiday_country": ["cn", None]}
    empty = pa.array([None, None], pa.string())
    pq.write_table(pa.table({**columns, "holiday_subdivision": empty}), folder / "f.parquet")
    tables = {path.stem: pq.read_table(path).to_pylist() for path in export_for_dbt(settings)}

    assert {row["country"] for row in tables["statutory_days"]} == {"CN"}
    assert 2025 in {row["year"] for row in tables["statutory_years"]}


def test_a_ledger_of_the_version_before_is_brought_up_and_keeps_its_files(tmp_path: Path) -> None:
    with ledger_at(tmp_path) as ledger:
        ledger.commit_file([ROW], [RECORD])
    with sqlite3.connect(tmp_path / "ledger.sqlite") as old:
        old.execute("alter table files drop column encoding")
        old.execute("alter table files drop column drift")
        old.execute("alter table files drop column dismissed")
        old.execute("pragma user_version = 1")
    old.close()
    drifted = replace(
        ROW, file_id="f2", encoding="gb18030", drift=(Drift("a", "added", "kept in _extra"),)
    )

    for _ in range(2):
        with ledger_at(tmp_path) as ledger:
            ledger.commit_file([drifted], [])
            assert ledger.files() == [ROW, drifted]
            assert list(ledger.quarantined("f1")) == [RECORD]


def test_drift_is_exported_as_json(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    drifted = replace(ROW, encoding="utf-8", drift=(Drift("a", "added", "kept in _extra"),))
    with Ledger(settings.paths.ledger) as ledger:
        ledger.commit_file([drifted], [])

    files, *_ = export_for_dbt(settings)

    [row] = pq.read_table(files).to_pylist()
    assert row["encoding"] == "utf-8"
    assert row["drift"] == '[{"column":"a","kind":"added","decision":"kept in _extra"}]'


def test_a_dismissal_lasts_until_the_file_is_read_again(tmp_path: Path) -> None:
    clean = replace(ROW, entity="users", seen=2, quarantined=0)
    with ledger_at(tmp_path) as ledger:
        ledger.commit_file([ROW, clean], [RECORD])
        ledger.dismiss("f1", "test data")
        assert [row.dismissed for row in ledger.files()] == ["test data", ""]
        ledger.dismiss("f1", "")
        assert [row.dismissed for row in ledger.files()] == ["", ""]
        ledger.dismiss("f1", "test data")
        ledger.commit_file([ROW, clean], [RECORD])
        assert [row.dismissed for row in ledger.files()] == ["", ""]


def test_only_a_file_with_records_in_quarantine_can_be_dismissed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with Ledger(settings.paths.ledger) as ledger:
        ledger.commit_file([ROW], [RECORD])
        ledger.commit_file([replace(ROW, file_id="g1", seen=2, quarantined=0)], [])
    assert dismiss_file(settings, "f", "test data") == 1
    with pytest.raises(HelpmartError, match="Nothing of this file") as caught:
        dismiss_file(settings, "g", "test data")
    assert caught.value.exit_code == ExitCode.NOT_FOUND
