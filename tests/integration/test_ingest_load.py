"""From the inbox to the raw layer: what lands, what is set aside, and that nothing is lost."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import os
import random
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from pipelines.errors import HelpmartError
from pipelines.ingest.archive import Archive
from pipelines.ingest.contracts import load_contracts
from pipelines.ingest.inbox import done_marker
from pipelines.ingest.ledger import Ledger
from pipelines.ingest.parsing.streams import Limits
from pipelines.ingest.quarantine import quarantined_records
from pipelines.ingest.schema_files import ensure_schema_files
from pipelines.settings import Settings
from tests.ingest_world import (
    CREATED,
    assert_accounts_hold,
    comment,
    drop,
    file_row,
    files,
    load,
    page,
    raw_content,
    raw_rows,
    ticket,
    wrapped,
)


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_every_entity_has_a_schema_file_that_is_written_once(settings: Settings) -> None:
    entities = [entity for contract in load_contracts().values() for entity in contract.entities]

    assert len(ensure_schema_files(settings)) == len(entities)
    assert ensure_schema_files(settings) == []
    assert raw_rows(settings, "tickets") == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tickets.ndjson", wrapped("ticket", ticket(1), ticket(2))),
        ("tickets.json", wrapped("ticket", ticket(1), ticket(2))),
        ("export.json", wrapped("ticket", ticket(1), ticket(2))),
        ("export.jsonl.gz", wrapped("ticket", ticket(1), ticket(2))),
        ("page.json", page(tickets=[ticket(1), ticket(2)])),
        ("pages.ndjson", page(tickets=[ticket(1)]) + b"\n" + page(tickets=[ticket(2)]) + b"\n"),
        ("page.json.gz", json.dumps({"tickets": [ticket(1), ticket(2)]}, indent=2).encode()),
        ("tickets_1.json", json.dumps([ticket(1), ticket(2)], indent=1).encode()),
        ("tickets_1.ndjson", b"".join(json.dumps(ticket(n)).encode() + b"\n" for n in (1, 2))),
        ("all.zip", zipped(**{"a/page.json": page(tickets=[ticket(1), ticket(2)])})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # a zip's bytes hold the time
)
def test_every_layout_lands_the_same_rows(settings: Settings, name: str, content: bytes) -> None:
    path = drop(settings, name, content)

    load(settings)

    assert sorted(row["id"] for row in raw_rows(settings, "tickets")) == ["1", "2"]
    row = file_row(settings)
    assert (row.status, row.seen, row.loaded) == ("loaded", 2, 2)
    assert not path.exists()
    assert_accounts_hold(settings)


def test_children_land_as_rows_of_their_own_with_their_parents_version(settings: Settings) -> None:
    metrics = {"id": 5, "reply_time_in_minutes": {"calendar": 7, "business": None}}
    record = ticket(1, comments=[comment(10), comment(11)], metric_set=metrics)
    drop(settings, "tickets.ndjson", wrapped("ticket", record))

    load(settings)

    notes = raw_rows(settings, "comments")
    assert [(note["ticket_id"], note["id"], note["_record_no"]) for note in notes] == [
        ("1", "10", 1),
        ("1", "11", 2),
    ]
    assert {note["_version_at"] for note in notes} == {"2026-01-05T08:00:00.000000Z"}
    [metric] = raw_rows(settings, "ticket_metrics")
    assert metric["ticket_id"] == "1"
    assert metric["reply_time_in_minutes"] == '{"calendar":7,"business":null}'
    [row] = raw_rows(settings, "tickets")
    assert row["_extra"] is None


def test_events_of_an_audit_are_numbered_in_its_order(settings: Settings) -> None:
    events = [{"id": 9, "type": "Change", "field_name": "status", "value": "open"}] * 2
    audit = {"id": 3, "ticket_id": 1, "created_at": CREATED, "author_id": 7, "events": events}
    incremental = {
        "id": 4,
        "ticket_id": 1,
        "timestamp": 1767600000,
        "updater_id": 8,
        "child_events": [
            {"id": 10, "event_type": "Change", "status": "solved", "previous_value": "open"}
        ],
    }
    drop(settings, "a.json", page(audits=[audit]))
    drop(settings, "b.json", page(ticket_events=[incremental]))

    load(settings)

    columns = ("audit_id", "event_no", "field_name", "value", "audit_author_id", "audit_created_at")
    assert [tuple(row[name] for name in columns) for row in raw_rows(settings, "audit_events")] in (
        list(order)
        for order in itertools.permutations(
            [
                ("3", "1", "status", "open", "7", CREATED),
                ("3", "2", "status", "open", "7", CREATED),
                ("4", "1", "status", "solved", "8", CREATED),
            ]
        )
    )


def test_holidays_take_their_schedule_from_the_page_even_if_it_comes_last(
    settings: Settings,
) -> None:
    day = {"id": 1, "start_date": "2026-01-01", "end_date": "2026-01-01"}
    drop(settings, "a.json", b'{"holidays":[%s],"schedule_id":36}' % json.dumps(day).encode())
    drop(settings, "b.ndjson", page(holidays=[{**day, "id": 2}], schedule_id=37))

    load(settings)

    found = {row["id"]: row["schedule_id"] for row in raw_rows(settings, "holidays")}
    assert found == {"1": "36", "2": "37"}


def test_lists_beside_each_other_in_a_page_are_all_read_or_counted(settings: Settings) -> None:
    content = page(
        tickets=[ticket(1)],
        users=[{"id": 7, "role": "agent"}],
        ticket_forms=[{"id": 1}, {"id": 2}],
        macros=[{"id": 3}],
    )
    drop(settings, "a.json", content)
    drop(settings, "b.ndjson", content.replace(b'"id": 1,', b'"id": 4,'))

    load(settings)

    assert_accounts_hold(settings)
    for row in (row for row in files(settings) if row.entity == "tickets"):
        assert (row.seen, row.loaded, row.skipped, row.quarantined) == (4, 1, 2, 1)
        assert row.reasons == {"unknown_wrapper": 1, "unneeded_collection": 2}


BAD_LINES = {
    "not_json": b'{"ticket":{"id":900001,"created_at":"2026-01-',
    "not_an_object": b"[900002]",
    "unknown_wrapper": b'{"tickte":{"id":900003}}',
    "missing_required": json.dumps({"ticket": {"created_at": CREATED, "status": "open"}}).encode(),
    "bad_type": json.dumps({"ticket": ticket(5, created_at="yesterday")}).encode(),
    "id_in_scientific_notation": json.dumps({"ticket": ticket("1.03E+13")}).encode(),
    "future_stamp": json.dumps({"ticket": ticket(6, updated_at="2026-03-03T12:00:00Z")}).encode(),
    "record_too_large": json.dumps({"ticket": ticket(7, subject="x" * 5000)}).encode(),
}


@pytest.mark.parametrize("reason", BAD_LINES)
def test_a_bad_record_is_set_aside_alone_with_its_place_and_reason(
    settings: Settings, reason: str
) -> None:
    good = wrapped("ticket", ticket(1)), wrapped("ticket", ticket(2))
    drop(settings, "tickets.ndjson", good[0] + BAD_LINES[reason] + b"\n" + good[1])

    load(settings, limits=Limits(max_record=4000))

    row = file_row(settings)
    assert (row.seen, row.loaded, row.quarantined) == (3, 2, 1)
    assert row.reasons == {reason: 1}
    [record] = quarantined_records(settings, row.file_id)
    assert (record.record_no, record.location, record.reason) == (2, "line 2", reason)
    assert record.remedy
    written = (settings.paths.quarantine / f"{row.file_id}.ndjson").read_text(encoding="utf-8")
    assert json.loads(written)["record_no"] == 2
    assert_accounts_hold(settings)


def test_a_file_that_ends_inside_its_last_record_keeps_the_others(settings: Settings) -> None:
    whole = wrapped("ticket", ticket(1), ticket(2))
    drop(settings, "tickets.ndjson", whole[:-20])

    load(settings)

    row = file_row(settings)
    assert (row.loaded, row.reasons) == (1, {"truncated": 1})


def test_a_bad_child_is_set_aside_and_its_parent_is_loaded(settings: Settings) -> None:
    notes = [comment(10), comment(11, created_at=None), "gone", comment(12)]
    drop(settings, "tickets.ndjson", wrapped("ticket", ticket(1, comments=notes)))

    load(settings)

    assert file_row(settings).loaded == 1
    row = file_row(settings, "comments")
    assert (row.seen, row.loaded, row.quarantined) == (4, 2, 2)
    first, second = quarantined_records(settings, row.file_id)
    assert (first.entity, first.record_no, first.field) == ("comments", 2, "created_at")
    assert first.location == "line 1, comments 2"
    assert second.reason == "not_an_object"


def test_children_of_a_refused_record_are_not_counted(settings: Settings) -> None:
    drop(settings, "t.ndjson", wrapped("ticket", ticket(None, comments=[comment(10)])))

    load(settings)

    assert [row.entity for row in files(settings)] == ["tickets"]


WHOLE_FILES = {
    "unreadable_archive": ("tickets.zip", b"PK\x03\x04 no zip"),
    "undecodable": (
        "tickets.ndjson",
        wrapped("ticket", ticket(1)) + '{"a":"退款"}\n'.encode("gb18030"),
    ),
    "truncated": ("tickets.json", page(tickets=[ticket(1), ticket(2)])[:-30]),
    "not_json": ("tickets.json", b'{"tickets": [], oops: 1}'),
}


@pytest.mark.parametrize("reason", WHOLE_FILES)
def test_a_file_that_cannot_be_read_is_set_aside_as_a_whole(
    settings: Settings, reason: str
) -> None:
    name, content = WHOLE_FILES[reason]
    path = drop(settings, name, content)

    load(settings)

    [row] = files(settings)
    assert (row.status, row.seen, row.loaded, row.quarantined) == ("quarantined", 1, 0, 1)
    assert row.reasons == {reason: 1}
    [record] = quarantined_records(settings, row.file_id)
    assert (record.record_no, record.location) == (0, "the whole file")
    assert raw_rows(settings, "tickets") == []
    assert not path.exists()
    assert Archive(settings).path(row.archive_sha256).read_bytes() == content


def test_a_cut_gzip_loads_nothing_and_the_whole_one_everything(settings: Settings) -> None:
    packed = gzip.compress(wrapped("ticket", *map(ticket, range(1, 200))))
    folder = settings.paths.inbox / "zendesk"
    folder.mkdir(parents=True)
    (folder / "tickets.ndjson.gz").write_bytes(packed[:-20])
    load(settings)
    assert file_row(settings).reasons == {"truncated": 1}
    assert raw_rows(settings, "tickets") == []

    (folder / "tickets.ndjson.gz").write_bytes(packed)
    load(settings)
    assert len(raw_rows(settings, "tickets")) == 199


def test_a_bomb_is_set_aside_and_the_next_file_is_loaded(settings: Settings) -> None:
    drop(settings, "a.ndjson.gz", b" " * 3_000_000)
    drop(settings, "b.zip", zipped(**{"a.json": b" " * 3_000_000}))
    drop(settings, "tickets.ndjson", wrapped("ticket", ticket(1)))

    load(settings, limits=Limits(max_ratio=50, ratio_after=100_000))

    statuses = {row.name: row.status for row in files(settings)}
    assert statuses == {
        "zendesk/a.ndjson.gz": "quarantined",
        "zendesk/b.zip!a.json": "quarantined",
        "zendesk/tickets.ndjson": "loaded",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\n",
        b"  \r\n \n",
        b"[]",
        b'{"tickets":[]}',
        b'{"tickets":null}',
        b" ",
    ],
)
def test_a_file_without_records_is_recorded_and_no_error(
    settings: Settings, content: bytes
) -> None:
    drop(settings, "tickets.json", content)

    load(settings)

    [row] = files(settings)
    assert row.status == "empty"
    assert (row.entity, row.loaded, row.quarantined) == ("tickets", 0, 0)
    assert row.seen == row.skipped


def test_the_same_file_again_changes_nothing(settings: Settings) -> None:
    content = wrapped("ticket", ticket(1), ticket(2))
    drop(settings, "tickets.ndjson", content)
    load(settings)
    before, landed = file_row(settings), raw_rows(settings, "tickets")

    drop(settings, "tickets.ndjson", content)
    copy = drop(settings, "copy.ndjson", content)
    report = load(settings, run_id="again")

    assert [(row.name, row.status) for row in report.files] == [
        ("zendesk/copy.ndjson", "already_loaded"),
        ("zendesk/tickets.ndjson", "already_loaded"),
    ]
    assert not report.changed
    assert file_row(settings) == before
    assert raw_rows(settings, "tickets") == landed
    assert not copy.exists()
    assert_accounts_hold(settings)


def test_the_same_bytes_of_another_account_are_another_file(settings: Settings) -> None:
    content = wrapped("ticket", ticket(1))
    drop(settings, "tickets.ndjson", content, "zendesk/north")
    drop(settings, "tickets.ndjson", content, "zendesk_south")

    load(settings)

    accounts = sorted(row["_account_id"] for row in raw_rows(settings, "tickets"))
    assert accounts == ["north", "south"]


def test_overlapping_exports_count_once_and_newer_versions_land(settings: Settings) -> None:
    newer = ticket(2, updated_at="2026-01-06T08:00:00Z", status="solved")
    drop(settings, "a.ndjson", wrapped("ticket", ticket(1), ticket(2), ticket(1)))
    drop(settings, "b.ndjson", wrapped("ticket", ticket(2), newer, ticket(3)))

    load(settings)

    a, b = files(settings)
    assert (a.seen, a.loaded, a.duplicate) == (3, 2, 1)
    assert (b.seen, b.loaded, b.duplicate) == (3, 2, 1)
    landed = sorted((row["id"], row["status"]) for row in raw_rows(settings, "tickets"))
    assert landed == [("1", "open"), ("2", "open"), ("2", "solved"), ("3", "open")]


def test_the_order_in_which_files_come_does_not_change_what_lands(tmp_path: Path) -> None:
    versions = [
        wrapped("ticket", *(ticket(n, priority=p, comments=[comment(n)]) for n in ids))
        for ids, p in [((1, 2), "low"), ((2, 3), "low"), ((1, 3), "high"), ((1, 2, 3), "low")]
    ]
    contents = set()
    for order in random.Random(5).sample(list(itertools.permutations(range(4))), 6):
        settings = Settings(home=tmp_path / "-".join(map(str, order)), quiet_seconds=0)
        for number in order:
            drop(settings, "t.ndjson", versions[number])
            load(settings)
        assert_accounts_hold(settings)
        contents.add(
            json.dumps([sorted(raw_content(settings, e)) for e in ("tickets", "comments")])
        )
    assert len(contents) == 1


def test_members_of_a_zip_are_files_of_their_own(settings: Settings) -> None:
    content = zipped(
        **{
            "tickets_1.json": wrapped("ticket", ticket(1)),
            "tickets_2.json": wrapped("ticket", ticket(2)) + b"oops\n",
            "readme.txt": b"hello",
            "__MACOSX/._tickets_1.json": b"\0",
        }
    )
    path = drop(settings, "export.zip", content)

    load(settings)

    found = {row.name: (row.status, row.seen, row.quarantined) for row in files(settings)}
    assert found == {
        "zendesk/export.zip!readme.txt": ("unrecognised", 0, 0),
        "zendesk/export.zip!tickets_1.json": ("loaded", 1, 0),
        "zendesk/export.zip!tickets_2.json": ("loaded", 2, 1),
    }
    assert not path.exists()


def test_a_member_with_a_wrong_checksum_is_set_aside_alone(settings: Settings) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("tickets_1.json", wrapped("ticket", ticket(1)))
        archive.writestr("tickets_2.json", wrapped("ticket", ticket(2)))
    drop(settings, "a.zip", packed.getvalue().replace(b'"id": 2', b'"id": 9'))

    load(settings)

    found = {row.name[-14:]: row.status for row in files(settings)}
    assert found == {"tickets_1.json": "loaded", "tickets_2.json": "quarantined"}


def test_an_archive_with_nothing_for_the_source_stays_where_it_is(settings: Settings) -> None:
    path = drop(settings, "photos.zip", zipped(**{"a.jpg": b"\xff\xd8"}))

    for _ in range(2):
        load(settings)

    [row] = files(settings)
    assert (row.name, row.status, row.seen) == ("zendesk/photos.zip", "unrecognised", 0)
    assert path.exists()


def test_an_unrecognised_file_stays_and_is_listed_as_long_as_it_lies_there(
    settings: Settings,
) -> None:
    path = drop(settings, "report.csv", b"a,b\n")

    report = load(settings)

    assert [row.name for row in report.unrecognised] == ["zendesk/report.csv"]
    [row] = files(settings)
    assert (row.status, row.entity, row.seen) == ("unrecognised", "", 0)
    assert path.exists()

    path.unlink()
    load(settings)
    assert files(settings) == []


def test_a_done_marker_leaves_the_inbox_with_its_file(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, quiet_seconds=3600)
    path = drop(settings, "tickets.ndjson", wrapped("ticket", ticket(1)))
    assert load(settings).settling == ["zendesk/tickets.ndjson"]

    done_marker(path).touch()
    assert load(settings).settling == []

    assert not path.exists()
    assert not done_marker(path).exists()


def test_a_file_written_to_while_it_is_copied_waits(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(settings, "tickets.ndjson", wrapped("ticket", ticket(1)))
    fsync = os.fsync

    def grow(descriptor: int) -> None:
        with path.open("ab") as writing:
            writing.write(b"\n")
        fsync(descriptor)

    monkeypatch.setattr("pipelines.ingest.archive.os.fsync", grow)
    report = load(settings)
    monkeypatch.undo()

    assert report.settling == ["zendesk/tickets.ndjson"]
    assert files(settings) == []
    assert not [p for p in settings.paths.archive.rglob("*") if p.is_file()]


def test_a_file_replaced_while_it_is_read_is_not_removed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(settings, "tickets.ndjson", wrapped("ticket", ticket(1)))
    commit = Ledger.commit_file

    def replace_file(ledger: Ledger, *arguments: object) -> None:
        commit(ledger, *arguments)  # type: ignore[arg-type]
        path.unlink()
        path.write_bytes(wrapped("ticket", ticket(2), ticket(3)))

    monkeypatch.setattr(Ledger, "commit_file", replace_file)
    load(settings)
    monkeypatch.undo()
    assert path.exists()

    load(settings)
    assert len(raw_rows(settings, "tickets")) == 3


def test_a_disk_error_is_told_and_the_next_load_completes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(settings, "tickets.ndjson", wrapped("ticket", ticket(1)))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.ingest.raw.sync", full)
    with pytest.raises(HelpmartError, match="could not be loaded") as caught:
        load(settings)
    monkeypatch.undo()
    assert "No space left" in caught.value.why
    assert path.exists()

    load(settings)
    assert file_row(settings).loaded == 1


def test_no_personal_data_of_customers_leaves_the_archive(settings: Settings) -> None:
    canary = "canary.person@example.com"
    sender = {"address": canary, "name": canary}
    record = ticket(1, via={"channel": "email", "source": {"from": sender}}, recipient=canary)
    bad = ticket(2, created_at=canary, subject=canary)
    person = {"id": 7, "role": "end-user", "name": canary, "email": canary, "phone": canary}
    drop(settings, "a.ndjson", wrapped("ticket", record, bad) + f'{{"x": "{canary}'.encode())
    drop(settings, "b.ndjson", wrapped("user", person, {**person, "id": None}))

    load(settings)

    assert canary not in str([raw_rows(settings, e) for e in ("tickets", "users")])
    for path in settings.paths.quarantine.iterdir():
        assert b"canary" not in path.read_bytes()


def test_progress_names_each_file(settings: Settings) -> None:
    drop(settings, "a.ndjson", wrapped("ticket", ticket(1)))
    drop(settings, "b.ndjson", wrapped("ticket", ticket(2)))
    told: list[str] = []

    report = load(settings, progress=told.append)

    assert told == ["zendesk/a.ndjson (1 of 2)", "zendesk/b.ndjson (2 of 2)"]
    assert report.totals_by_entity()["tickets"]["loaded"] == 2


@pytest.mark.shared_data
def test_the_real_export_loads_with_every_record_accounted_for(
    settings: Settings, shared_data: Path
) -> None:
    source = shared_data / "zendesk_bpic2013"
    for path in source.iterdir():
        target = settings.paths.inbox / source.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())

    report = load(settings)

    loaded: Counter[str] = Counter()
    for row in report.files:
        assert (row.quarantined, row.duplicate, row.skipped) == (0, 0, 0), row
        loaded[row.entity] += row.loaded
    assert loaded["tickets"] == 7_554
    assert loaded["ticket_audits"] == 60_819
    assert loaded["users"] == 3_186
    assert loaded["groups"] == 649
    assert [row.name for row in report.unrecognised] == [
        "zendesk_bpic2013/expected_metrics_sample.csv"
    ]
    assert_accounts_hold(settings)
