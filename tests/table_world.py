"""What the tests of tables share: a small contract, drops of tables, and what then lies in raw."""

from __future__ import annotations

import io
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
