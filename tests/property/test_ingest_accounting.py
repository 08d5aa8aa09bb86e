"""Whatever a file holds: every record is loaded, quarantined, a duplicate or skipped.

The expected counts are made beside the generated files, by nothing that ingest uses.
"""

from __future__ import annotations

import gzip
import json
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.parsing.streams import Limits
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

LIMITS = Limits(max_record=2000)
BAD_LINES: dict[str, bytes] = {
    "not_json": b'{"ticket":{"id":1,}}',
    "not_an_object": b'["ticket"]',
    "unknown_wrapper": b'{"tickte":{"id":1}}',
    "missing_required": json.dumps({"ticket": {"id": 1, "created_at": CREATED}}).encode(),
    "bad_type": json.dumps({"ticket": ticket(1, is_public="perhaps")}).encode(),
    "id_in_scientific_notation": b'{"ticket":{"id":1.03006E+13,"status":"new","created_at":"%s"}}'
    % CREATED.encode(),
    "future_stamp": json.dumps({"ticket": ticket(1, created_at="2030-01-01T00:00:00Z")}).encode(),
    "record_too_large": json.dumps({"ticket": ticket(1, subject="x" * 3000)}).encode(),
    "blank_line": b" \t",
}


@dataclass
class Expected:
    """The accounts of one file."""

    seen: Counter[str] = field(default_factory=Counter)
    good: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


good_ticket = st.builds(
    ticket,
    st.integers(1, 6),
    status=st.sampled_from(["new", "open"]),
    comments=st.lists(
        st.one_of(
            st.builds(comment, st.integers(1, 9)),
            st.builds(comment, st.integers(1, 9), created_at=st.none()),
        ),
        max_size=3,
    ),
)
content = st.lists(st.one_of(good_ticket, st.sampled_from(sorted(BAD_LINES))), max_size=12)


def written(items: list[object]) -> tuple[list[bytes], Expected]:
    """The lines of a file, with their accounts."""
    lines, expected = [], Expected()
    for item in items:
        expected.seen["tickets"] += 1
        if isinstance(item, str):
            lines.append(BAD_LINES[item] + b"\n")
            expected.reasons[item] += 1
            continue
        assert isinstance(item, dict)
        lines.append(wrapped("ticket", item))
        expected.good["tickets"] += 1
        for note in item["comments"]:
            expected.seen["comments"] += 1
            bad = note["created_at"] is None
            expected.reasons["child"] += bad
            expected.good["comments"] += not bad
    return lines, expected


@settings(max_examples=30, deadline=None)
@given(st.lists(content, min_size=1, max_size=4))
def test_the_accounts_of_any_files_hold_one_by_one_and_in_total(drops: list[list[object]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        installation = Settings(home=Path(home), quiet_seconds=0)
        total: Counter[str] = Counter()
        wanted = {}
        for number, items in enumerate(drops):
            lines, expected = written(items)
            # The blank first line tells files of equal content apart.
            drop(installation, f"tickets_{number}.ndjson", b"\n" * (number + 1) + b"".join(lines))
            expected.seen["tickets"] += number + 1
            expected.reasons["blank_line"] += number + 1
            wanted[f"zendesk/tickets_{number}.ndjson"] = expected
            total.update(expected.good)
        load(installation, limits=LIMITS)

        assert_accounts_hold(installation)
        found: Counter[str] = Counter()
        for row in files(installation):
            expected = wanted[row.name]
            assert row.seen == expected.seen[row.entity]
            assert row.loaded + row.duplicate == expected.good[row.entity]
            assert sum(row.reasons.values()) == row.quarantined + row.skipped
            if row.entity == "tickets":
                bad = {k: n for k, n in expected.reasons.items() if n and k != "child"}
                assert row.reasons == bad
            found[row.entity] += row.loaded + row.duplicate
        assert found == +total
        for entity in ("tickets", "comments"):
            rows = raw_rows(installation, entity)
            identities = {(row["_version_at"], row["_row_hash"]) for row in rows}
            assert len(identities) == len(rows)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_loading_files_again_in_any_order_is_a_no_op(
    order: list[int], chance: random.Random
) -> None:
    contents = [
        wrapped("ticket", *(ticket(n, subject=str(k // 2)) for n in range(k, k + 4)))
        for k in range(4)
    ]
    with tempfile.TemporaryDirectory() as home:
        installation = Settings(home=Path(home), quiet_seconds=0)
        for number in order + chance.sample(order, len(order)):
            drop(installation, f"t{number}.ndjson", contents[number])
            load(installation)
        landed = {(row["id"], row["subject"]) for row in raw_rows(installation, "tickets")}
        expected = {(str(n), str(k // 2)) for k in order for n in range(k, k + 4)}
        assert landed == expected
        assert len(raw_rows(installation, "tickets")) == len(expected)
        assert_accounts_hold(installation)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content after one of the accidents that files meet."""
    at = chance.randrange(len(content))
    accidents = [
        content[:at],
        content[at:],
        content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :],
        content[:at] + b"\0" * chance.randrange(1, 40) + content[at:],
        content.replace(b"\n", b"\r"),
        content.replace(b"\n", b"\r\n", 1),
        content[:at] + b'"' + content[at:],
        content[:at] + chance.choice([b"{", b"}", b"[", b"]", b",", b":"]) + content[at:],
        content[:at] + content[at // 2 :],
        content[:at] + "退款".encode("gb18030") + content[at:],
    ]
    return chance.choice(accidents)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["ndjson", "json", "json.gz", "array"]))
def test_a_damaged_file_breaks_nothing_and_is_accounted_for(
    chance: random.Random, layout: str
) -> None:
    records = [ticket(n, comments=[comment(n)], subject="退款 ok") for n in range(4)]
    whole = {
        "ndjson": wrapped("ticket", *records),
        "json": json.dumps({"tickets": records, "users": [{"id": 1}]}, ensure_ascii=False).encode(),
        "json.gz": json.dumps({"tickets": records}, indent=1).encode(),
        "array": json.dumps(records, ensure_ascii=False).encode(),
    }[layout]
    with tempfile.TemporaryDirectory() as home:
        installation = Settings(home=Path(home), quiet_seconds=0)
        name = f"tickets.{layout}" if layout != "array" else "tickets.json"
        if chance.random() < 0.5 and layout == "json.gz":
            path = drop(installation, name, whole)
            path.write_bytes(damaged(gzip.compress(whole), chance))
        else:
            drop(installation, name, damaged(whole, chance))
        load(installation)

        assert_accounts_hold(installation)
        assert [row for row in files(installation) if row.status != "unrecognised"]
        assert not list((installation.paths.inbox / "zendesk").iterdir())
