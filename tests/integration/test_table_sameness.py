"""The same facts land as the same rows, whatever the encoding and the format of their file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.table_world import CONTRACT, desk, workbook

HEADER = ["Ticket ID", "Updated", "Agent", "Replies", "waited", "Mood"]
# Characters that GBK and Big5 both have.
CHINESE = ["客服甲", "韓梅梅", "王小明, 晚班", "趙六"]
WESTERN = ["Zoë", "François", "Jürgen, Nacht", "Ana"]
ROWS = 500


def facts(agents: list[str]) -> list[list[Any]]:
    return [
        [
            str(10**12 + number),
            datetime(2026, 1, 1 + number % 28, number % 24, number % 60),
            agents[number % len(agents)],
            number % 7 or None,
            number * 1.5 if number % 5 else None,
            "fine" if number % 2 else None,
        ]
        for number in range(ROWS)
    ]


def as_csv(rows: list[list[Any]]) -> str:
    target = io.StringIO()
    csv.writer(target).writerows([HEADER, *rows])
    return target.getvalue()


def as_workbook(rows: list[list[Any]]) -> bytes:
    dated = [[row[0], (row[1], "yyyy-mm-dd hh:mm"), *row[2:]] for row in rows]
    return workbook(Tickets=[HEADER, *dated])


def as_parquet(rows: list[list[Any]]) -> bytes:
    target = io.BytesIO()
    columns = dict(zip(HEADER, zip(*rows, strict=True), strict=True))
    pq.write_table(pa.table({name: list(values) for name, values in columns.items()}), target)
    return target.getvalue()


def landed_hash(folder: Path, name: str, content: bytes, encodings: str) -> str:
    """The hash of all that lands of a file but its own name and time."""
    world = desk(folder, CONTRACT.replace("[utf-8, gb18030]", encodings))
    row = world.take(name, content)
    assert (row.loaded, row.quarantined) == (ROWS, 0), row
    kept = [
        {key: value for key, value in found.items() if key not in ("_file_id", "_version_at")}
        for found in world.rows()
    ]
    lines = sorted(json.dumps(found, sort_keys=True, default=str) for found in kept)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@pytest.mark.parametrize(
    ("agents", "encodings"),
    [
        (CHINESE, ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030", "gbk", "big5"]),
        (WESTERN, ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]),
    ],
)
def test_one_table_in_every_encoding_and_format_has_one_hash(
    tmp_path: Path, agents: list[str], encodings: list[str]
) -> None:
    rows = facts(agents)
    written = as_csv(rows)
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    contents = {
        encoding: (f"{encoding}.csv", marks.get(encoding, b"") + written.encode(encoding))
        for encoding in encodings
    }
    contents["workbook"] = ("book.xlsx", as_workbook(rows))
    contents["parquet"] = ("table.parquet", as_parquet(rows))

    hashes = {}
    for kind, (name, content) in contents.items():
        declared = "[utf-8]" if kind.startswith(("utf", "workbook", "parquet")) else f"[{kind}]"
        hashes[kind] = landed_hash(tmp_path / kind, name, content, declared)

    assert len(set(hashes.values())) == 1, hashes


@pytest.mark.parametrize("at", range(0, 30, 3))
def test_a_byte_that_is_no_text_is_told_with_its_offset(tmp_path: Path, at: int) -> None:
    content = as_csv(facts(CHINESE)[:1]).encode()
    broken = content[:at] + b"\xff" + content[at:]
    world = desk(tmp_path, CONTRACT.replace("[utf-8, gb18030]", "[utf-8]"))

    row = world.take("t.csv", broken)

    assert row.reasons == {"undecodable": 1}
    assert f"byte {at} (counted from 0) is not utf-8" in row.detail
