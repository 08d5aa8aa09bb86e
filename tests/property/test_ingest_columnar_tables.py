"""The quick way of reading text tables says of any file exactly what the reader by rows says."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipelines.ingest.columnar import quoting
from pipelines.ingest.contracts import SourceContract
from pipelines.ingest.tables import text_rows
from tests.columnar_world import table_outcome

COLUMNS: dict[str, Any] = {
    "id": {"type": "id", "aliases": ["Ticket ID", "编号"]},
    "updated_at": {"type": "timestamp", "past": True},
    "local_at": {"type": "timestamp", "formats": ["%Y-%m-%d %H:%M:%S", "iso"]},
    "day": {"type": "date", "formats": ["%Y-%m-%d", "%d/%m/%Y", "excel_serial"]},
    "clock": "time",
    "subject": {"type": "text", "pii": True},
    "state": {"type": "text", "nulls": ["-", "无", "N/A"]},
    "reopens": {"type": "int", "nulls": ["0"]},
    "score": "decimal",
    "open": {"type": "bool", "true": ["yes", "是"], "false": ["no"]},
    "share": {"type": "rate", "scale": "percent"},
    "wait": {"type": "duration", "unit": "s"},
    "phone": {"type": "text", "pseudonym": "phone"},
    "note": {"type": "text", "mask": "[0-9]{4,}"},
    "shop": {"type": "text", "from_name": "(?P<value>north|south)"},
    "secret": "json",
}
SKIP = [
    {"column": "state", "values": ["合计", "total"]},
    {"reason": "period", "first_cell": "^(Period|周期)"},
]


def contract(**table: Any) -> SourceContract:
    return SourceContract.model_validate(
        {
            "source": "sheet",
            "title": {"en": "Sheet", "zh": "表"},
            "time_zone": "Europe/London",
            "ambiguous_time": "quarantine",
            "extensions": [".csv"],
            "encodings": ["utf-8", "gb18030"],
            "nulls": ["NULL", "--"],
            "entities": {
                "tickets": {
                    "title": "Tickets",
                    "key": ["id"],
                    "version": ["updated_at", "day"],
                    "columns": COLUMNS,
                    "never_land": ["Password"],
                    "table": {"skip": SKIP, **table},
                }
            },
        }
    )


PLAIN = {
    "id": ["1", "42", "order-1", "0007", "550e8400-e29b-41d4-a716-446655440000"],
    "updated_at": ["2026-01-05T08:00:00Z", "2025-12-31T23:59:59Z"],
    "local_at": ["2026-01-05 08:00:00", "2025-07-01 00:00:00", "2026-01-05T08:00:00Z"],
    "day": ["2026-01-05", "05/01/2026"],
    "clock": ["08:00", "23:59:59"],
    "subject": ["hello", "客服 é 🙂", "a  b", "2 shoes"],
    "state": ["open", "closed", "-open"],
    "reopens": ["1", "12", "0", ""],
    "score": ["1", "1.5", "-3", "0.25", ""],
    "open": ["true", "是", "no"],
    "share": ["12%", "12", "0"],
    "wait": ["5", "90"],
    "phone": ["13800000000", "138"],
    "note": ["call 13800000000", "plain"],
    "secret": ["{}", "x"],
    "Password": ["p"],
    "Other": ["x", "", "7"],
    "": ["", "unnamed"],
}
ODD = [
    "", " ", "\u3000", "\xa0", "-", "--", "NULL", "null", " NULL ", "无", "无\u3000", "N/A",
    "N/A x", "'007", "'", "''", "=\"0001\"", "=\"\"", "=1", "\t5", "\t", "+5", "-0", "0.0",
    "1.10", "1,234", "1,234.50", "12,34", "1e5", "1E400", "1.03E+13", "007", ".5", "5.", "--5",
    "１２", "1\xa0", " 7 ", "TRUE", "True ", "maybe", "101%", "1.5%", "2026-02-30",
    "2024-02-29T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-05T09:00:00+01:00",
    "2025-10-26 01:30:00", "2026-03-29 01:30:00", "2027-01-01T00:00:00Z",
    "2026-01-05T08:00:00.5Z", "0000-01-01T00:00:00Z", "0001-01-01 00:00:00", "46000", "46000.5",
    "24:00", "1:2", "\x1f", "a\x1bb", "\x1c", "\x0b", "\u2028", "\x85", "合计", " total", "total",
    "Period 1", "'周期", "id", "Ticket ID", "\ufeff", "tab\there", "x" * 300,
]  # fmt: skip
# What stands in the file as it is, whatever it does to the rows.
RAW = ['"', 'a"b', '"a"b', '"a" ', ' "a"', '""', '""""', '"a""b"', '"a\nb"', '"\r\n"', "\r", "\n",
       "\r\n", "\0", ",", ",,,", '"open,', "\r\r\n", '"x\ry"', '"a"\r', '"\n\n"']  # fmt: skip


class Writer:
    """Makes files in which each thing is odd with a given chance."""

    def __init__(self, chance: random.Random, oddity: float, delimiter: str = ",") -> None:
        self.chance = chance
        self.oddity = oddity
        self.delimiter = delimiter

    def odd(self) -> bool:
        return self.chance.random() < self.oddity

    def file(self, rows: int, *, header: bool = True) -> str:
        end = self.chance.choice(["\n", "\r\n"])
        names = [name for name in PLAIN if header and not self.odd()] or list(COLUMNS)
        if not header:
            names = [name for name in COLUMNS if name != "shop"]
        if self.odd() and header:
            self.chance.shuffle(names)
        shown = ["Ticket ID" if name == "id" and self.odd() else name for name in names]
        first = [self.delimiter.join(shown)] if header else []
        lines = [*first, *(self.row(names, first) for _ in range(rows))]
        if self.odd():
            lines.insert(0, "Export of tickets")
        return end.join(lines) + ("" if self.odd() else end)

    def row(self, names: list[str], first: list[str]) -> str:
        if self.odd() and self.odd():
            return self.chance.choice([*first, "", " ", self.delimiter * (len(names) - 1)])
        cells = [self.cell(name) for name in names]
        if self.odd() and self.odd():
            cells = self.chance.choice([cells[:-1], [*cells, ""], [*cells, "more"], cells[:2]])
        return self.delimiter.join(cells)

    def cell(self, name: str) -> str:
        if self.odd() and self.odd():
            return self.chance.choice(RAW)
        text = self.chance.choice(ODD if self.odd() else PLAIN[name])
        if self.odd() or any(char in text for char in (self.delimiter, "\r", "\n", '"')):
            return '"' + text.replace('"', '""') + '"'
        return text


def both(content: bytes, known: SourceContract, name: str = "tickets_north.csv") -> tuple[Any, Any]:
    return (
        table_outcome(known, name, content, at_once=False),
        table_outcome(known, name, content, at_once=True),
    )


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Any:
    """Let files have many blocks, and few rows be enough to be read at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_rows, "BLOCK_SIZE", 3000)
        patch.setattr(text_rows, "BATCH_ROWS", 12)
        patch.setattr(text_rows, "FEW_ROWS", 1)
        patch.setattr(text_rows, "MANY_ROWS", 6)
        patch.setattr(text_rows, "FIRST_ROWS", 2)
        patch.setattr(quoting, "PIECE_SIZE", 512)
        yield


# A seed says nothing by being small, so there is nothing to shrink.
@settings(max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.integers(0, 2**32),
    st.sampled_from([0.0, 0.01, 0.05, 0.2]),
    st.sampled_from([",", "\t", ";", "，"]),
    st.sampled_from(['"', ""]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_any_table_is_read_as_the_reader_by_rows_reads_it(
    seed: int, oddity: float, delimiter: str, quote: str, encoding: str
) -> None:
    content = Writer(random.Random(seed), oddity, delimiter).file(60)
    known = contract(delimiter=delimiter, quote=quote)
    slow, quick = both(content.encode(encoding), known)

    assert quick == slow


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.02]))
def test_a_table_without_a_header_is_read_as_the_reader_by_rows_reads_it(
    seed: int, oddity: float
) -> None:
    content = Writer(random.Random(seed), oddity).file(60, header=False)
    slow, quick = both(content.encode(), contract(header="none"))

    assert quick == slow


def test_plain_rows_are_read_at_once() -> None:
    content = Writer(random.Random(7), 0.0).file(300)
    slow, quick = both(content.encode(), contract())

    assert quick == slow
    assert quick.at_once >= len(quick.rows) * 0.8 > 0


def test_rows_around_a_broken_quote_are_read_at_once() -> None:
    lines = Writer(random.Random(7), 0.0).file(300).splitlines(keepends=True)
    lines[150] = '"' + lines[150]
    slow, quick = both("".join(lines).encode(), contract())

    assert quick == slow
    assert quick.tallies["tickets"].reasons["bad_quoting"] == 1
    assert quick.at_once >= len(quick.rows) * 0.7 > 0


@pytest.mark.parametrize("column", list(PLAIN))
def test_no_odd_cell_of_any_column_is_read_otherwise(column: str) -> None:
    writer = Writer(random.Random(3), 0.0)
    names = [name for name in PLAIN if name]
    lines = [",".join(names)]
    for text in [*ODD, *RAW, *(text for texts in PLAIN.values() for text in texts)]:
        cells = {name: writer.cell(name) for name in names}
        quoted = text if text in RAW else '"' + text.replace('"', '""') + '"'
        lines.append(",".join({**cells, column: quoted}[name] for name in names))
    slow, quick = both("\n".join(lines).encode(), contract())

    assert quick == slow
