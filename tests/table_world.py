"""What the tests of tables share: a small contract, drops of tables, and what then lies in raw."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.ingest.contracts import SourceContract
from pipelines.ingest.ledger import FileRow
from pipelines.settings import Settings
from tests.ingest_world import assert_accounts_hold, drop, files, load, raw_rows

CONTRACT = """
source: desk
title: {en: Desk, zh: 客服台}
time_zone: Asia/Shanghai
extensions: [.csv, .tsv, .txt, .xlsx, .xls, .parquet, .json]
encodings: [utf-8, gb18030]
nulls: ["", "-", "--", "N/A"]
entities:
  tickets:
    title: Tickets
    table:
      skip:
        - {column: agent, values: [汇总, 合计, Total]}
        - {first_cell: '^\\d{4}-\\d{2}-\\d{2} to ', reason: period_line}
    key: [ticket_id]
    version: [updated_at]
    columns:
      ticket_id: {type: id, required: true, aliases: [Ticket ID, 工单号]}
      updated_at: {type: timestamp, past: true, aliases: [Updated]}
      agent: {type: text, aliases: [Agent, 客服]}
      replies: {type: int, aliases: [Replies]}
      waited: {type: duration, unit: s, aliases: [等待时长(秒)]}
"""


def contract_of(text: str = CONTRACT) -> SourceContract:
    return SourceContract.model_validate(yaml.safe_load(text))


@dataclass
class Desk:
    """An installation that reads tables by one contract."""

    settings: Settings
    contract: SourceContract

    def load(self, **options: Any) -> list[FileRow]:
        load(self.settings, contracts={self.contract.source: self.contract}, **options)
        assert_accounts_hold(self.settings)
        return files(self.settings)

    def take(self, name: str, content: bytes | str, **options: Any) -> FileRow:
        """Drop one file and load it; its one row in the ledger."""
        data = content.encode() if isinstance(content, str) else content
        drop(self.settings, name, data, folder=self.contract.source)
        [row] = [row for row in self.load(**options) if row.name.endswith(name)]
        return row

    def rows(self, entity: str = "tickets") -> list[dict[str, Any]]:
        return raw_rows(self.settings, entity, self.contract.source)

    def column(self, name: str, entity: str = "tickets") -> list[Any]:
        return [row[name] for row in self.rows(entity)]


def desk(home: Path, text: str = CONTRACT) -> Desk:
    return Desk(Settings(home=home, quiet_seconds=0), contract_of(text))


def workbook(**sheets: Iterable[Sequence[Any]]) -> bytes:
    """The bytes of a workbook; a cell may be (value, number format)."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    value, form = cell if isinstance(cell, tuple) else (cell, None)
                    style = book.add_format({"num_format": form}) if form else None
                    if value is not None:
                        sheet.write(at, place, value, style)
    return target.getvalue()


def old_workbook(rows: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook of one sheet in the format before XLSX, as far as texts and numbers need it."""
    bound = struct.pack("<IBB", 0, 0, 0) + struct.pack("<BB", 1, 0) + b"S"
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    place = len(head) + len(_record(0x85, bound)) + len(_record(0x0A, b""))
    stream = head + _record(0x85, struct.pack("<I", place) + bound[4:]) + _record(0x0A, b"")
    stream += _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            where = struct.pack("<HHH", at, column, 0)
            if isinstance(cell, str):
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                stream += _record(0x204, where + text)
            else:
                stream += _record(0x203, where + struct.pack("<d", cell))
    return _compound(stream + _record(0x0A, b""))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _compound(stream: bytes) -> bytes:
    """A compound file with the one stream `Workbook`: a table of sectors, a folder, the stream."""
    sector, free, end, table = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    # A shorter stream would have to lie in sectors of another size.
    stream = stream.ljust(max(4096, -(-len(stream) // sector) * sector), b"\0")
    count = len(stream) // sector
    chain = [table, end, *range(3, count + 2), end]
    sectors = struct.pack("<128I", *(chain + [free] * 128)[:128])
    folder = _entry("Root Entry", 5, 1, end, 0) + _entry("Workbook", 2, free, 2, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    return header + sectors + folder.ljust(sector, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1) + links
    return head + bytes(36) + struct.pack("<IQ", start, size)
