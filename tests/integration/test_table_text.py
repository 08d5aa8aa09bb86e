"""Text tables from the inbox to raw: every row is loaded, quarantined, a duplicate or skipped."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from pipelines.commands.files import show_files
from pipelines.ingest.ledger import Ledger
from pipelines.ingest.parsing.rejections import Drift, QuarantinedRecord
from pipelines.ingest.quarantine import quarantined_records
from pipelines.ingest.replay import replay
from pipelines.ingest.tables.rows import BATCH_ROWS
from tests.ingest_world import files
from tests.table_world import CONTRACT, Desk, contract_of, desk

HEADER = "Ticket ID,Updated,Agent,Replies\n"
ROW = "1,2026-01-05 16:00:00,李雷,3\n"


@pytest.fixture
def world(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def set_aside(world: Desk) -> list[QuarantinedRecord]:
    [row] = files(world.settings)
    return quarantined_records(world.settings, row.file_id)


def test_rows_land_under_the_names_of_the_contract(world: Desk) -> None:
    row = world.take("tickets.csv", HEADER + ROW + "2,2026-01-05T08:00:00Z,--,\n")

    assert (row.status, row.seen, row.loaded, row.skipped) == ("loaded", 3, 2, 1)
    assert (row.reasons, row.encoding) == ({"header": 1}, "utf-8")
    first, second = world.rows()
    assert (first["ticket_id"], first["agent"], first["replies"]) == ("1", "李雷", "3")
    assert first["updated_at"] == second["updated_at"] == "2026-01-05T08:00:00Z"
    assert first["_version_at"] == "2026-01-05T08:00:00.000000Z"
    assert second["agent"] is second["replies"] is second["waited"] is None
    assert [r["_record_no"] for r in (first, second)] == [2, 3]


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        ("客服报表 2026-01\n\n" + HEADER + ROW, {"title_row": 1, "blank_line": 1, "header": 1}),
        (HEADER + ROW + HEADER + ROW.replace("1", "2", 1), {"header": 1, "repeated_header": 1}),
        (HEADER + ROW + "2026-01-01 to 2026-01-31\n", {"header": 1, "period_line": 1}),
        (HEADER + ROW + ",,汇总,3\n合计,,Total,3\n", {"header": 1, "summary_row": 2}),
        (HEADER + ROW + "\n,,,\n  \n", {"header": 1, "blank_line": 3}),
        (HEADER.replace("\n", ",\n") + ROW.replace("\n", ",\n"), {"header": 1}),
        (HEADER + ROW.replace("\n", ",,\n"), {"header": 1}),
        ("\ufeff" + HEADER + ROW, {"header": 1}),
        ((HEADER + ROW).replace("\n", "\r"), {"header": 1}),
        ((HEADER + ROW).replace("\n", "\r\n", 1), {"header": 1}),
        (" ticket  id ,UPDATED,'Agent,\tReplies\n" + ROW, {"header": 1}),
        ("工单号,Updated,客服,等待时长 （秒）\n" + ROW, {"header": 1}),
        (HEADER + ROW.rstrip("\n"), {"header": 1}),
        (HEADER + '="1","=""2026-01-05 16:00:00""",李雷,3\n', {"header": 1}),
    ],
)
def test_what_stands_around_the_records_is_skipped(
    world: Desk, content: str, reasons: dict[str, int]
) -> None:
    row = world.take("tickets.csv", content)

    assert row.quarantined == 0
    assert row.reasons == reasons
    assert row.loaded == row.seen - sum(reasons.values()) >= 1
    assert world.rows()[0]["agent"] == "李雷"
    assert world.rows()[0]["_extra"] is None


@pytest.mark.parametrize(
    ("line", "reason", "field"),
    [
        ("1,2026-01-05 16:00:00", "ragged_row", ""),
        ("1,2026-01-05 16:00:00,a,3,more", "ragged_row", ""),
        ('1,2026-01-05 16:00:00,"a"b,3', "bad_quoting", ""),
        ('1,2026-01-05 16:00:00,"a,3', "bad_quoting", ""),
        ("1,2026-01-05 16:00:00,a\0b,3", "nul_character", ""),
        (",2026-01-05 16:00:00,a,3", "missing_required", "ticket_id"),
        ("1.03006E+13,2026-01-05 16:00:00,a,3", "id_in_scientific_notation", "ticket_id"),
        ("1,05/01/2026,a,3", "bad_type", "updated_at"),
        ("1,2026-01-05 16:00:00,a,many", "bad_type", "replies"),
        ("1,2030-01-05 16:00:00,a,3", "future_stamp", "updated_at"),
        ("1,2026-01-05 16:00:00," + "x" * (5 << 20) + ",3", "record_too_large", ""),
        ("x" * (20 << 20), "record_too_large", ""),
    ],
)
def test_a_bad_row_is_set_aside_alone_with_its_line(
    world: Desk, line: str, reason: str, field: str
) -> None:
    multi_line = '5,2026-01-05 16:00:00,"two\nlines",1\n'
    row = world.take("tickets.csv", HEADER + multi_line + line + "\n" + ROW.replace("1", "9", 1))

    assert (row.loaded, row.quarantined, row.skipped) == (2, 1, 1)
    assert world.column("ticket_id") == ["5", "9"]
    assert world.column("agent")[0] == "two\nlines"
    [record] = set_aside(world)
    assert (record.reason, record.field, record.location) == (reason, field, "line 4")
    assert record.record_no == 3
    assert record.remedy
    assert "2026" not in record.sample


def test_an_unclosed_quote_does_not_swallow_the_rows_behind_it(world: Desk) -> None:
    rows = "".join(f"{n},2026-01-05 16:00:00,a,3\n" for n in range(2, 50))
    row = world.take("tickets.csv", HEADER + '1,2026-01-05 16:00:00,"open,3\n' + rows)

    assert (row.loaded, row.quarantined) == (48, 1)
    assert [record.location for record in set_aside(world)] == ["line 2"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (HEADER.encode(), "empty"),
        (b"\n\n \n", "empty"),
    ],
)
def test_a_table_without_records_is_an_event(world: Desk, content: bytes, status: str) -> None:
    row = world.take("tickets.csv", content)

    assert (row.status, row.loaded, row.quarantined) == (status, 0, 0)
    assert row.seen == row.skipped


@pytest.mark.parametrize(
    ("content", "reason", "why"),
    [
        (
            b"Updated,Agent,Replies\n1,2,3\n",
            "missing_column",
            "ticket_id ('Ticket ID' or '工单号')",
        ),
        (b"name,phone\nBob,13800138000\n", "header_not_found", "the columns of tickets"),
        (
            HEADER.encode() + b"1,,\xff\xff,3\n",
            "undecodable",
            "byte 35 (counted from 0) is not utf-8",
        ),
        (b"\xff\xfe1,\xd8", "undecodable", "is not utf-16"),
        (b"a," * 20_000 + b"\n", "too_many_columns", "16384"),
    ],
)
def test_a_table_that_cannot_be_used_is_set_aside_as_a_whole(
    world: Desk, content: bytes, reason: str, why: str
) -> None:
    row = world.take("tickets.csv", content)

    assert (row.status, row.seen, row.quarantined) == ("quarantined", 1, 1)
    assert row.reasons == {reason: 1}
    assert why in row.detail
    assert "Bob" not in row.detail
    assert world.rows() == []


def test_a_missing_column_is_drift_and_a_replay_under_its_new_name_loads_the_file(
    world: Desk,
) -> None:
    row = world.take("tickets.csv", HEADER.replace("Ticket ID", "Case No") + ROW)
    assert row.drift == (Drift("ticket_id", "missing", "file quarantined"),)
    assert (row.entity, row.reasons) == ("tickets", {"missing_column": 1})

    better = contract_of(CONTRACT.replace("Ticket ID,", "Ticket ID, Case No,"))
    [after] = replay(world.settings, row.file_id, run_id="again", contracts={"desk": better})

    assert (after.status, after.loaded, after.quarantined) == ("loaded", 1, 0)
    assert Drift("ticket_id", "renamed", "read by its alias 'Case No'") in after.drift
    with Ledger(world.settings.paths.ledger) as ledger:
        assert ledger.file(row.file_id) == [after]
        assert list(ledger.quarantined()) == []
    assert world.column("ticket_id") == ["1"]


def test_undeclared_columns_are_kept_and_unnamed_empty_ones_dropped(world: Desk) -> None:
    content = "Ticket ID,Mood,,Mood,\n1,happy,,calm,\n2,-,x,,\n"
    row = world.take("tickets.csv", content)

    assert world.column("_extra") == ['{"Mood":"happy","Mood (2)":"calm"}', '{"column 3":"x"}']
    added = [found.column for found in row.drift if found.kind == "added"]
    assert added == ["Mood", "Mood (2)", "column 3", "column 5"]


MIXED = """
source: desk
title: {en: Desk, zh: 客服台}
time_zone: UTC
extensions: [.csv, .txt, .json]
entities:
  tickets:
    title: Tickets
    files: ["tickets*.json"]
    wrappers: [ticket]
    key: [id]
    columns: {id: id}
  calls:
    title: Calls
    table: {header: none, delimiter: ";", quote: ""}
    files: ["master*"]
    key: [uid]
    columns: {src: text, seconds: {type: duration, unit: s}, uid: id, note: text}
  agents:
    title: Agents of a day
    table: {delimiter: "\t"}
    key: [agent, day]
    columns:
      agent: text
      day: {type: date, from_name: '(?P<value>\\d{4}-\\d{2}-\\d{2})至'}
      shop: {type: text, from_title: '店铺：(?P<value>\\S+)'}
      chats: {type: int, aliases: [聊天人数, {name: 咨询人数, until: 2026-02-01}]}
      asked: {type: int, aliases: [{name: 咨询人数, from: 2026-02-01}]}
      first: {type: text, aliases: [Status]}
      second: {type: text, aliases: [{name: Status, occurrence: 2}]}
      at: {type: timestamp, parts: [Date, Time], formats: ["%d/%m/%Y %H:%M"]}
  orders:
    title: Orders
    table: {delimiter: "\t"}
    key: [order_id]
    columns:
      order_id: {type: id, aliases: [订单编号]}
      buyer: {type: text, pseudonym: customer, aliases: [买家会员名, 会员]}
    never_land: [收货地址]
"""


@pytest.fixture
def mixed(tmp_path: Path) -> Desk:
    return desk(tmp_path, MIXED)


TWO_DIALECTS = """
source: desk
title: {en: Desk, zh: 客服台}
time_zone: UTC
extensions: [.csv]
entities:
  calls:
    title: Calls
    table: {delimiter: ";"}
    key: [uid]
    columns: {uid: id, seconds: int}
  notes:
    title: Notes
    table: {}
    key: [note_id]
    columns: {note_id: id, body: text}
"""


def test_a_dialect_that_did_not_fit_leaves_no_trace(tmp_path: Path) -> None:
    world = desk(tmp_path, TWO_DIALECTS)
    rows = "".join(f"{number},short\n" for number in range(BATCH_ROWS))

    row = world.take("any.csv", "note_id,body\n" + rows + "long," + "x" * 300_000 + "\n")

    assert (row.entity, row.loaded, row.quarantined) == ("notes", BATCH_ROWS + 1, 0)
    assert world.take("calls.csv", "uid;seconds\n1;2\n").entity == "calls"


def test_a_table_without_a_header_has_its_columns_in_order(mixed: Desk) -> None:
    row = mixed.take("Master.csv", '12;1:05;a1;"x"\n13;7;a2\n14;7\n15;1;a3;n;o\n')

    assert (row.entity, row.seen, row.loaded, row.reasons) == ("calls", 4, 2, {"ragged_row": 2})
    assert mixed.column("uid", "calls") == ["a1", "a2"]
    assert mixed.column("seconds", "calls") == ["65", "7"]
    assert mixed.column("note", "calls") == ['"x"', None]


def test_a_source_mixes_json_and_tables(mixed: Desk) -> None:
    assert mixed.take("tickets.json", b'{"ticket":{"id":1}}').entity == "tickets"
    assert mixed.column("id") == ["1"]


@pytest.mark.parametrize(("day", "column"), [("2026-01-31", "chats"), ("2026-02-01", "asked")])
def test_a_header_means_another_column_from_a_day_on(mixed: Desk, day: str, column: str) -> None:
    row = mixed.take(f"报表_{day}至{day}.txt", "店铺：旗舰店 x\nagent\t咨询人数\n李雷\t98\n")

    [landed] = mixed.rows("agents")
    assert (landed["day"], landed["shop"], landed[column]) == (day, "旗舰店", "98")
    assert {landed["chats"], landed["asked"]} == {"98", None}
    assert row.skipped == 2


def test_the_nth_column_of_a_name_and_the_parts_of_a_moment(mixed: Desk) -> None:
    content = "agent\tday\tStatus\tDate\tTime\tStatus\n李雷\t2026-01-05\ta\t5/1/2026\t8:30\tb\n"
    row = mixed.take("any.txt", content)

    [landed] = mixed.rows("agents")
    assert (landed["first"], landed["second"]) == ("a", "b")
    assert landed["at"] == "2026-01-05T08:30:00Z"
    assert landed["_extra"] is None
    assert "at" not in {found.column for found in row.drift}


def test_who_bought_reaches_nothing_but_a_pseudonym(mixed: Desk) -> None:
    content = (
        "订单编号\t买家会员名\t会员\t收货地址\n"
        "1\tBob@x.com\tAlice\tMain Street 1\n"
        "\tBob@x.com\tAlice\tMain Street 1\n"
        "2\tbob@x.com\t\t\n"
    )
    row = mixed.take("orders.txt", content)

    first, second = mixed.rows("orders")
    assert first["buyer"] == second["buyer"] != "bob@x.com"
    assert (first["_extra"], row.quarantined) == (None, 1)
    home = mixed.settings.home
    kept = {
        path.relative_to(home).parts[0]
        for path in home.rglob("*")
        if path.is_file() and any(w in path.read_bytes() for w in (b"Bob", b"Alice", b"Street"))
    }
    assert kept == {"archive"}


def test_a_table_comes_packed_and_many_in_one_archive(world: Desk) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(1, 4):
            archive.writestr(f"a/tickets_{number}.csv", HEADER + ROW.replace("1", str(number), 1))
        archive.writestr("a/notes.pdf", "x")
    packed = gzip.decompress(gzip.compress((HEADER + ROW.replace("1", "7", 1)).encode("gb18030")))

    assert world.take("more.csv.gz", packed).encoding == "gb18030"
    (world.settings.paths.inbox / "desk" / "all.zip").write_bytes(target.getvalue())
    rows = world.load()

    assert sorted(world.column("ticket_id")) == ["1", "2", "3", "7"]
    assert set(world.column("agent")) == {"李雷"}
    assert [row.status for row in rows].count("loaded") == 4
    assert [row.name for row in rows if row.status == "unrecognised"] == [
        "desk/all.zip!a/notes.pdf"
    ]


def test_an_account_may_have_its_own_zone(world: Desk) -> None:
    world.settings.account_zones = {"desk/acme": "Europe/London"}
    (world.settings.paths.inbox / "desk" / "acme").mkdir(parents=True)

    world.take("acme/tickets.csv", HEADER + ROW)

    assert world.column("updated_at") == ["2026-01-05T16:00:00Z"]


def test_the_same_rows_in_another_order_of_columns_are_duplicates(world: Desk) -> None:
    world.take("tickets.csv", HEADER + ROW)
    row = world.take(
        "again.csv", "Replies,Agent,Ticket ID,Updated\n3,李雷,1,2026-01-05T08:00:00Z\n"
    )

    assert (row.loaded, row.duplicate) == (0, 1)
    assert Drift("*", "reordered", "accepted") in row.drift


def test_the_list_of_files_shows_in_which_columns_a_table_differs(
    world: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    world.take("tickets.csv", HEADER.replace("Agent", "Mood") + ROW)

    show_files(world.settings, run_id=None, as_json=False)
    show_files(world.settings, run_id=None, as_json=True)

    table, document = capsys.readouterr().out.split("[\n", maxsplit=1)
    assert "missing: agent, waited; added: Mood" in table
    [row] = json.loads("[" + document)
    assert {"column": "Mood", "kind": "added", "decision": "kept in _extra"} in row["drift"]
    assert row["encoding"] == "utf-8"
