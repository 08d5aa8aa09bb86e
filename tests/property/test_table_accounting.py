"""Whatever a table holds: every row is loaded, quarantined, a duplicate or skipped.

The expected counts are made beside the generated files, by nothing that ingest uses.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest_world import assert_accounts_hold, drop, files, load
from tests.table_world import CONTRACT, contract_of, desk

HEADER = ["Ticket ID", "Updated", "Agent", "Replies", "等待时长(秒)"]
# Nine ways in which a row is no record that can be used, each as the text of one row.
BAD_ROWS: dict[str, str] = {
    "ragged_row": "1,2026-01-05 16:00:00,a",
    "bad_quoting": '1,"2026-01-05 16:00:00"x,a,3,',
    "nul_character": "1,2026-01-05 16:00:00,a\0,3,",
    "missing_required": ",2026-01-05 16:00:00,a,3,",
    "bad_type": "1,2026-01-05 16:00:00,a,many,",
    "id_in_scientific_notation": "1.03006E+13,2026-01-05 16:00:00,a,3,",
    "future_stamp": "1,2030-01-05 16:00:00,a,3,",
    "record_too_large": "1,2026-01-05 16:00:00," + "x" * ((4 << 20) + 1) + ",3,",
    "ambiguous_time": "1,2025-10-26 02:30:00,a,3,",
}
SKIPPED_ROWS: dict[str, str] = {
    "blank_line": "",
    "summary_row": ",,合计,12,",
    "period_line": "2026-01-01 to 2026-01-31",
    "repeated_header": ",".join(HEADER),
}
STRICT = CONTRACT.replace(
    "time_zone: Asia/Shanghai", "time_zone: Europe/Berlin\nambiguous_time: quarantine"
)
DESK = contract_of(STRICT)

text = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12
).filter(lambda value: value.strip(" \t'") not in {"汇总", "合计", "Total"})
good_row = st.tuples(
    st.integers(1, 9).map(str),
    st.sampled_from(["2026-01-05 16:00:00", "2026-01-05T08:00:00Z", ""]),
    text,
    st.sampled_from(["0", "12", "1,200", "-"]),
    st.sampled_from(["", "27.77", "1:05", "8分48秒"]),
)
item = st.one_of(good_row, st.sampled_from(sorted({**BAD_ROWS, **SKIPPED_ROWS})))
table = st.tuples(st.lists(item, max_size=10), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())


@dataclass
class Expected:
    """The accounts of one file."""

    seen: int = 1
    good: int = 0
    reasons: Counter[str] = field(default_factory=lambda: Counter(header=1))


def written(items: list[object], end: str, closed: bool) -> tuple[bytes, Expected]:
    """A file, with its accounts."""
    target, expected = io.StringIO(), Expected()
    # Without quotes around all, Python writes a lone CR in a field as it is.
    writer = csv.writer(target, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    for row in items:
        expected.seen += 1
        if isinstance(row, str):
            target.write({**BAD_ROWS, **SKIPPED_ROWS}[row] + end)
            expected.reasons[row] += 1
        else:
            assert isinstance(row, tuple)
            writer.writerow(row)
            expected.good += 1
    content = target.getvalue()
    return (content if closed else content.removesuffix(end)).encode(), expected


def check_accounts(drops: list[tuple[list[object], str, bool]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        world = desk(Path(home), STRICT)
        wanted = {}
        for number, (items, end, closed) in enumerate(drops):
            # A title of its own tells files of equal content apart.
            content, expected = written(
                items, end, closed or not items or items[-1] == "blank_line"
            )
            drop(
                world.settings, f"t{number}.csv", f"report {number}{end}".encode() + content, "desk"
            )
            expected.seen += 1
            expected.reasons["title_row"] += 1
            wanted[f"desk/t{number}.csv"] = expected
        load(world.settings, contracts={"desk": DESK})

        assert_accounts_hold(world.settings)
        found = files(world.settings)
        assert len(found) == len(drops)
        for row in found:
            expected = wanted[row.name]
            assert row.reasons == +expected.reasons
            assert (row.seen, row.loaded + row.duplicate) == (expected.seen, expected.good)
            assert sum(row.reasons.values()) == row.quarantined + row.skipped
        assert len(world.rows()) == sum(row.loaded for row in found)


@settings(max_examples=25, deadline=None)
@given(st.lists(table, min_size=1, max_size=3))
def test_the_accounts_of_any_tables_hold_one_by_one_and_in_total(
    drops: list[tuple[list[object], str, bool]],
) -> None:
    check_accounts(drops)


@pytest.mark.long
@settings(max_examples=200, deadline=None)
@given(st.lists(table, min_size=1, max_size=3))
def test_the_accounts_of_very_many_tables_hold(
    drops: list[tuple[list[object], str, bool]],
) -> None:
    check_accounts(drops)


def test_each_kind_of_bad_row_is_told_by_its_reason() -> None:
    check_accounts([([kind], "\n", True) for kind in sorted({**BAD_ROWS, **SKIPPED_ROWS})])
