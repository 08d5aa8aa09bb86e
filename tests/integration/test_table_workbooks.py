"""Workbooks and Parquet files, read in a child process; whatever they hold, this one lives on."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from pipelines.ingest.parsing.rejections import Drift
from pipelines.ingest.parsing.streams import MEBIBYTE, Limits
from pipelines.ingest.quarantine import quarantined_records
from tests.table_world import Desk, desk, old_workbook, workbook

HEADER = ["Ticket ID", "Updated", "Agent", "Replies", "等待时长(秒)"]
MOMENT = (datetime(2026, 1, 5, 16), "yyyy-mm-dd hh:mm:ss")


@pytest.fixture
def world(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def package(**parts: bytes) -> bytes:
    """A workbook made by hand, for what no library writes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def book_of(sheet: bytes) -> bytes:
    """A workbook with one sheet of the given XML."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    return package(
        **{
            "[Content_Types].xml": f'<Types xmlns="{kinds}"></Types>'.encode(),
            "_rels/.rels": (
                f'<Relationships xmlns="{links}"><Relationship Id="r1" Target="xl/workbook.xml" '
                f'Type="{relations}/officeDocument"/></Relationships>'
            ).encode(),
            "xl/workbook.xml": (
                f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
                '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{links}"><Relationship Id="r1" '
                f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
            ).encode(),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">'.encode()
            + sheet
            + b"</worksheet>",
        }
    )


def test_typed_cells_land_in_the_form_of_text(world: Desk) -> None:
    rows = [
        ["客服报表", None],
        [None],
        HEADER,
        [1, MOMENT, "李雷", 3, 27.77],
        ["00012", "2026-01-05T08:00:00Z", "--", "1,200", (0.00165509, "hh:mm:ss")],
        [3.0, (date(2026, 1, 5), "yyyy-mm-dd"), True, None, (4.5, "[h]:mm:ss")],
        [None, None, "合计", 1203],
    ]
    row = world.take("book.xlsx", workbook(Tickets=rows))

    assert (row.seen, row.loaded, row.skipped, row.quarantined) == (6, 3, 3, 0)
    assert row.reasons == {"title_row": 1, "header": 1, "summary_row": 1}
    assert world.column("ticket_id") == ["1", "00012", "3"]
    assert world.column("updated_at") == [
        "2026-01-05T08:00:00Z",
        "2026-01-05T08:00:00Z",
        "2026-01-04T16:00:00Z",
    ]
    assert world.column("agent") == ["李雷", None, "true"]
    assert world.column("replies") == ["3", "1200", None]
    assert world.column("waited") == ["28", "143", "388800"]


def test_a_workbook_that_counts_days_from_1904_means_the_same_day(world: Desk) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1, 0, 1)
        sheet.write_datetime(1, 1, MOMENT[0], book.add_format({"num_format": MOMENT[1]}))

    world.take("book.xlsx", target.getvalue())

    assert world.column("updated_at") == ["2026-01-05T08:00:00Z"]


def test_a_workbook_of_the_format_before_lands_as_well(world: Desk) -> None:
    rows = [["客服报表"], HEADER, [17, "2026-01-05 16:00:00", "李雷", 3, 27.77]]

    row = world.take("book.xls", old_workbook(rows))

    assert (row.loaded, row.reasons) == (1, {"title_row": 1, "header": 1})
    [landed] = world.rows()
    assert (landed["ticket_id"], landed["agent"], landed["waited"]) == ("17", "李雷", "28")
    assert landed["updated_at"] == "2026-01-05T08:00:00Z"


def test_a_bad_row_is_told_with_its_sheet_and_row(world: Desk) -> None:
    rows = [[None], [None, *HEADER], [None, 1.03e16, MOMENT], [None, 2, 17], [None, 3, "x" * 9]]
    row = world.take("book.xlsx", workbook(**{"一 月": rows}))

    found = quarantined_records(world.settings, row.file_id)
    assert [(record.location, record.reason) for record in found] == [
        ("sheet 一 月, row 3", "id_in_scientific_notation"),
        ("sheet 一 月, row 4", "bad_type"),
        ("sheet 一 月, row 5", "bad_type"),
    ]
    assert (row.loaded, row.drift[-1]) == (
        0,
        Drift("updated_at", "retyped", "records quarantined as bad_type"),
    )


SHEETS = """
source: desk
title: {en: Desk, zh: 客服台}
time_zone: Asia/Shanghai
extensions: [.xlsx, .parquet]
entities:
  calls_in:
    title: Calls in
    table: {sheets: [呼入*]}
    key: [name, day]
    columns:
      name: {type: text, aliases: [姓名]}
      day: {type: date, aliases: [开始时间]}
      count: {type: int, aliases: [呼入量]}
      share: {type: rate, scale: fraction, aliases: [满意度]}
  calls_out:
    title: Calls out
    table: {sheets: [呼出*]}
    key: [name, day]
    columns:
      name: {type: text, aliases: [姓名]}
      day: {type: date, aliases: [开始时间]}
      count: {type: int, aliases: [呼出量]}
  shops:
    title: Anything else
    table: {}
    key: [shop, month]
    columns:
      shop: {type: text, required: true}
      month: {type: text, from_sheet: true}
      amount: {type: decimal}
      day: {type: date}
      at: timestamp
      note: text
"""


def test_each_sheet_belongs_to_its_own_entity(tmp_path: Path) -> None:
    world = desk(tmp_path, SHEETS)
    day = (datetime(2026, 1, 5), "yyyy-mm-dd")
    (world.settings.paths.inbox / "desk").mkdir(parents=True)
    (world.settings.paths.inbox / "desk" / "book.xlsx").write_bytes(
        workbook(
            呼入工作量=[
                ["姓名", "开始时间", "呼入量", "满意度"],
                ["李雷", day, 5, (0.985, "0.0%")],
            ],
            呼出工作量=[
                ["姓名", "开始时间", "呼出量"],
                ["李雷", day, 7],
                ["韩梅", "2026-01-06", 8],
            ],
            一月=[["shop", "amount"], ["north", 1.5], ["north", "1,000.50"]],
            说明=[["how to read this"], ["ask us"]],
            Sheet5=[],
        )
    )

    rows = {row.entity: row for row in world.load()}

    assert {name: row.loaded for name, row in rows.items()} == {
        "calls_in": 1,
        "calls_out": 2,
        "shops": 2,
    }
    assert rows["calls_in"].reasons == {"header": 1, "unneeded_sheet": 2}
    assert (world.column("count", "calls_in"), world.column("count", "calls_out")) == (
        ["5"],
        ["7", "8"],
    )
    assert world.column("share", "calls_in") == ["0.985"]
    assert world.column("day", "calls_out") == ["2026-01-05", "2026-01-06"]
    assert world.column("month", "shops") == ["一月", "一月"]
    assert world.column("amount", "shops") == ["1.5", "1000.5"]


def test_a_sheet_of_ours_that_lacks_a_column_sets_the_workbook_aside(tmp_path: Path) -> None:
    world = desk(tmp_path, SHEETS)
    row = world.take(
        "book.xlsx",
        workbook(呼入=[["开始时间", "呼入量"], ["2026-01-05", 5]], 一月=[["shop"], ["north"]]),
    )

    assert (row.status, row.entity, row.reasons) == (
        "quarantined",
        "calls_in",
        {"missing_column": 1},
    )
    assert world.rows("shops") == []


def test_a_sparse_sheet_costs_what_it_holds(world: Desk) -> None:
    rows: list[list[Any]] = [HEADER, *([number, MOMENT] for number in range(1, 4))]
    sparse = workbook(Tickets=rows + [[]] * 200_000 + [[4, MOMENT]])

    row = world.take("book.xlsx", sparse)

    assert (row.seen, row.loaded, row.skipped) == (5, 4, 1)


def test_parquet_lands_as_text_does(tmp_path: Path) -> None:
    world = desk(tmp_path, SHEETS)
    moment = datetime(2026, 1, 5, 8, tzinfo=UTC)
    table = pa.table(
        {
            "shop": ["north", "south", None],
            "month": ["1", "1", "1"],
            "amount": pa.array([Decimal("1.50"), None, None], pa.decimal128(9, 2)),
            "day": [date(2026, 1, 5), None, None],
            "at": pa.array([moment, None, None], pa.timestamp("ns", "UTC")),
            "note": ["a", "", "b"],
            "tags": [["vip"], [], None],
            "raw": [b"\xff", None, None],
        }
    )
    target = io.BytesIO()
    pq.write_table(table, target)

    row = world.take("shops.parquet", target.getvalue())

    assert (row.seen, row.loaded, row.quarantined, row.skipped) == (4, 2, 1, 1)
    first, second = world.rows("shops")
    assert (first["amount"], first["day"], first["at"]) == (
        "1.5",
        "2026-01-05",
        "2026-01-05T08:00:00Z",
    )
    assert first["_extra"] == '{"raw":"\\\\xff","tags":"[\\"vip\\"]"}'
    assert (second["amount"], second["note"]) == (None, None)


def test_workbooks_come_packed_and_inside_archives(world: Desk) -> None:
    book = workbook(Tickets=[HEADER, [1, MOMENT]])
    other = workbook(Tickets=[HEADER, [2, MOMENT]])

    assert world.take("book.xlsx.gz", book).loaded == 1
    (world.settings.paths.inbox / "desk" / "all.zip").write_bytes(package(**{"b.xlsx": other}))
    assert [row.name for row in world.load()] == ["desk/all.zip!b.xlsx", "desk/book.xlsx.gz"]
    assert sorted(world.column("ticket_id")) == ["1", "2"]


FAR = b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>%s</sheetData>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (book_of(FAR % b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "spreads over"),
        # The check does not see these cells; the limit of memory does.
        (
            book_of(FAR % b'<row r="1048576"><c  r="XFD1048576"><v>1</v></c></row>'),
            "its reader ended",
        ),
        (b"Ticket ID,Updated\n1,\n", "no readable workbook"),
        (b"", "no readable workbook"),
        (b"PK\x03\x04" + b"\0" * 100, "no readable workbook"),
        (package(a=b"x"), "no readable workbook"),
        (workbook(Tickets=[HEADER, [1, MOMENT]])[:-40], "no readable workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000, "no readable workbook"),
    ],
    # A package carries the second it was made in: two workers would not agree on the test's name.
    ids=[
        "far cell",
        "far cell in other spacing",
        "text",
        "empty",
        "zeros",
        "other package",
        "cut short",
        "broken old workbook",
    ],
)
def test_a_damaged_or_hostile_workbook_is_set_aside_within_seconds(
    world: Desk, content: bytes, why: str
) -> None:
    begun = time.monotonic()

    row = world.take("book.xlsx", content)

    assert (row.status, row.reasons) == ("quarantined", {"unreadable_table": 1})
    assert why in row.detail
    assert time.monotonic() - begun < 30


def repeated(rows: int) -> bytes:
    """A workbook of so many cells with 30,000 equal characters each."""
    cell = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>' + b"x" * 30_000 + b"</t></is></c></row>"
    cells = b"".join(cell % (number, number) for number in range(1, rows))
    book = book_of(b"<sheetData>" + cells + b"</sheetData>")
    assert len(book) < MEBIBYTE
    return book


def test_a_workbook_that_unfolds_without_end_is_refused(world: Desk) -> None:
    row = world.take("bomb.xlsx", repeated(4000))

    assert row.reasons == {"unreadable_table": 1}
    assert "unpacks to over 200 times" in row.detail


def test_a_workbook_that_needs_more_memory_than_it_may_is_set_aside(world: Desk) -> None:
    row = world.take("bomb.xlsx", repeated(2000), limits=Limits(child_memory=96 * MEBIBYTE))

    assert row.reasons == {"unreadable_table": 1}
    assert "it may use 96 MiB" in row.detail


def test_a_reader_that_takes_too_long_is_stopped(world: Desk) -> None:
    rows = [[number, MOMENT, "x" * 50] for number in range(20_000)]
    book = workbook(Tickets=[HEADER, *rows])

    row = world.take("slow.xlsx", book, limits=Limits(child_silence=0.01))

    assert row.reasons == {"unreadable_table": 1}
    assert "silent for 0.01 seconds" in row.detail


def test_a_cell_that_is_too_long_is_set_aside_alone(world: Desk) -> None:
    long = b'<c r="A3" t="inlineStr"><is><t>' + b"x" * (5 << 20) + b"</t></is></c>"
    sheet = (
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Ticket ID</t></is></c></row>'
        b'<row r="2"><c r="A2"><v>1</v></c></row><row r="3">%s</row>'
        b'<row r="4"><c r="A4"><v>2</v></c></row></sheetData>' % long
    )

    row = world.take("long.xlsx", book_of(sheet))

    assert (row.loaded, row.reasons) == (2, {"header": 1, "record_too_large": 1})


def test_parquet_has_names_even_where_text_has_no_header(tmp_path: Path) -> None:
    headless = SHEETS.replace("table: {}", "table: {header: none}")
    world = desk(tmp_path, headless.replace("{type: text, from_sheet: true}", "text"))
    target = io.BytesIO()
    pq.write_table(pa.table({"a": ["north", "south"], "b": ["1", "2"]}), target)

    row = world.take("t.parquet", target.getvalue())

    assert (row.loaded, row.reasons) == (2, {"header": 1})
    assert world.column("shop", "shops") == ["north", "south"]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\xff" * 100 + b"PAR1"])
def test_a_damaged_parquet_file_is_set_aside(world: Desk, content: bytes) -> None:
    row = world.take("t.parquet", content)

    assert (row.status, row.reasons) == ("quarantined", {"unreadable_table": 1})
