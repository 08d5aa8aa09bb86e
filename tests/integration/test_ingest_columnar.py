"""Blocks of plain lines land as lines read one by one do, in any number of blocks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pipelines.ingest.columnar import blocks, lines
from pipelines.ingest.columnar.stamps import DATE_WIDTH, STAMP_WIDTH, canonical
from pipelines.ingest.contracts import SourceContract
from pipelines.ingest.tables import text_rows
from pipelines.settings import Settings
from tests.ingest_world import (
    CREATED,
    assert_accounts_hold,
    comment,
    drop,
    files,
    load,
    raw_rows,
    ticket,
    wrapped,
)

PROJECT = Path(__file__).resolve().parents[2]
READ_ALONE = 10**9


def content() -> bytes:
    """Tickets with comments, among them repeated, odd, bad and blank lines."""
    tickets = [
        ticket(n, subject=f"退款 {n % 7}", comments=[comment(n), comment(n + 5000)])
        for n in [*range(900), *range(100)]
    ]
    tickets[500]["updated_at"] = "2026-01-05T09:00:00+01:00"
    tickets[600]["is_public"] = "perhaps"
    tickets[700]["comments"][1]["created_at"] = None
    found = wrapped("ticket", *tickets).splitlines(keepends=True)
    return b"".join([*found[:300], b"\n", b'{"ticket":{"id":1,}}\n', *found[300:]])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", quiet_seconds=0, threads=2)


def landed(settings: Settings) -> list[list[dict[str, object]]]:
    return [
        sorted(raw_rows(settings, entity), key=lambda row: row["_record_no"])
        for entity in ("tickets", "comments")
    ]


@pytest.mark.parametrize("block_size", [1 << 24, 40_000])
def test_blocks_land_as_single_lines_do(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_size: int
) -> None:
    alone = Settings(home=tmp_path / "alone", quiet_seconds=0)
    for home in (settings, alone):
        drop(home, "tickets.ndjson.gz", content())
    with monkeypatch.context() as patch:
        patch.setattr(lines, "FEW_LINES", READ_ALONE)
        load(alone)
    monkeypatch.setattr(blocks, "BLOCK_SIZE", block_size)
    monkeypatch.setattr(lines, "FEW_LINES", 50)
    load(settings)

    assert landed(settings) == landed(alone)
    assert len(landed(settings)[0]) == 899
    assert_accounts_hold(settings)
    accounts = [(row.entity, row.seen, row.duplicate, row.reasons) for row in files(settings)]
    assert accounts == [(row.entity, row.seen, row.duplicate, row.reasons) for row in files(alone)]


def texts(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


def test_only_real_stamps_and_dates_are_taken_for_such() -> None:
    stamps = texts(
        "2024-02-29T08:00:00Z",
        None,
        "2026-02-29T08:00:00Z",
        "2026-13-01T08:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T08:60:00Z",
        "2026-01-01 08:00:00Z",
        "2026-01-0:T08:00:00Z",
        "0000-01-01T08:00:00Z",
        "1900-02-29T08:00:00Z",
        "short",
    )
    good = [True, True, *([False] * 9)]

    assert canonical(stamps, STAMP_WIDTH).tolist() == good
    assert canonical(stamps.slice(1), STAMP_WIDTH).tolist() == good[1:]
    assert canonical(texts("2026-01-31", "2026-01-32"), DATE_WIDTH).tolist() == [True, False]


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":1,}\n',
        b'{"a":[1, \t]}\n',
        b'{"a":"\\u001f"}\n',
        b'{"a":' + b"[" * 1200 + b"]" * 1200 + b"}\n",
        b'{"a":"' + b"x" * 5000 + b'"}\n',
    ],
)
def test_a_line_that_the_database_would_read_otherwise_is_not_plain(line: bytes) -> None:
    good = b'{"a":"1, 2 ] \\u0041"}\n'
    block = blocks.Block(good + line + good, first_line=1, offset=0, whole=True)

    assert blocks.plain_lines(block, max_record=4000).tolist() == [True, False, True]


def test_a_block_with_a_byte_that_is_no_utf8_has_no_plain_line() -> None:
    block = blocks.Block(b'{"a":1}\n{"a":"\xe9"}\n', first_line=1, offset=0, whole=True)

    assert not np.any(blocks.plain_lines(block, max_record=4000))


def test_landing_nested_records_does_not_wait_for_pandas(tmp_path: Path) -> None:
    """PyArrow imports pandas for some conversions; that takes longer than to land such a file."""
    audits = [
        {
            "id": n,
            "ticket_id": 1,
            "created_at": CREATED,
            "via": {"channel": "web"},
            "events": [{"id": n, "type": "Change", "field_name": "status", "value": "open"}],
        }
        for n in range(300)
    ]
    drop(Settings(home=tmp_path), "ticket_audits.ndjson", wrapped("audit", *audits))
    program = (
        "import sys; from pathlib import Path\n"
        "from pipelines.ingest.load import load_inbox; from pipelines.settings import Settings\n"
        "report = load_inbox(Settings(home=Path(sys.argv[1]), quiet_seconds=0), run_id='run')\n"
        "print(sum(row.loaded for row in report.files), 'pandas' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)

    assert done.stdout.split() == ["600", "False"]


SHEET = SourceContract.model_validate(
    {
        "source": "sheet",
        "title": {"en": "Sheet", "zh": "表"},
        "time_zone": "Asia/Shanghai",
        "extensions": [".csv"],
        "entities": {
            "tickets": {
                "title": "Tickets",
                "key": ["id"],
                "version": ["updated_at"],
                "columns": {
                    "id": "id",
                    "updated_at": {"type": "timestamp", "past": True},
                    "subject": "text",
                    "open": {"type": "bool", "true": ["yes"], "false": ["no"]},
                },
                "table": {"skip": [{"first_cell": "^Sum"}]},
            }
        },
    }
)


def sheet() -> bytes:
    """A table with repeated, odd, bad, skipped and blank rows, and cells of several lines."""
    rows = [
        f'{n},{CREATED},"退款 ""{n % 7}"",\nplease",{"yes,extra" if n % 2 else "no,"}\r\n'
        for n in [*range(3000), *range(100)]
    ]
    rows[2500] = "2500,2026-01-05 16:00:00,odd,YES,\r\n"
    rows[2600] = "2600,2026-01-05T08:00:00Z,bad,perhaps,\r\n"
    rows[2700] = "Sum,,,,\r\n\r\n"
    rows[2800] = '2800,2026-01-05T08:00:00Z,"a"b,no,\r\n'
    rows[2900] = "2900,2026-01-05T08:00:00Z\r\n"
    return "".join(["id,updated_at,subject,open,more\r\n", *rows]).encode("utf-8-sig")


@pytest.mark.parametrize("block_size", [1 << 24, 20_000])
def test_blocks_of_rows_land_as_single_rows_do(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_size: int
) -> None:
    alone = Settings(home=tmp_path / "alone", quiet_seconds=0)
    for home in (settings, alone):
        drop(home, "tickets.csv.gz", sheet(), folder="sheet")
    with monkeypatch.context() as patch:
        patch.setattr(text_rows, "FEW_ROWS", READ_ALONE)
        load(alone, contracts={"sheet": SHEET})
    monkeypatch.setattr(text_rows, "BLOCK_SIZE", block_size)
    load(settings, contracts={"sheet": SHEET})

    rows = [
        sorted(raw_rows(home, "tickets", "sheet"), key=lambda row: row["_record_no"])
        for home in (settings, alone)
    ]
    assert rows[0] == rows[1]
    assert_accounts_hold(settings)
    [row], [other] = files(settings), files(alone)
    assert (row.seen, row.duplicate, row.reasons) == (other.seen, other.duplicate, other.reasons)
    assert row.reasons == {
        "bad_quoting": 1, "bad_type": 1, "blank_line": 1, "header": 1, "ragged_row": 1,
        "summary_row": 1,
    }  # fmt: skip
