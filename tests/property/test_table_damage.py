"""Damaged and hostile tables end in the accounts, with this process alive."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest

from tests.integration.test_table_sameness import CHINESE, as_csv, as_parquet, as_workbook, facts
from tests.table_world import CONTRACT, Desk, desk

WHOLE = {
    "csv": as_csv(facts(CHINESE)[:60]).encode(),
    "xlsx": as_workbook(facts(CHINESE)[:60]),
    "parquet": as_parquet(facts(CHINESE)[:60]),
}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, cut out, doubled, or the end cut off."""
    data = bytearray(content)
    kind = chance.choice(["flip", "cut", "drop", "double"])
    at, length = chance.randrange(len(data)), chance.randint(1, 40)
    if kind == "flip":
        for _ in range(length):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif kind == "cut":
        del data[at:]
    elif kind == "drop":
        del data[at : at + length]
    else:
        data[at:at] = data[at : at + length]
    return bytes(data)


def check_damage(suffix: str, count: int, seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as home:
        world = desk(Path(home))
        for number in range(count):
            # In an account of its own, what lands is not compared with what landed of others.
            path = world.settings.paths.inbox / "desk" / f"a{number}" / f"t.{suffix}"
            path.parent.mkdir(parents=True)
            path.write_bytes(damaged(WHOLE[suffix], chance))
        rows = world.load()

        assert len({row.account_id for row in rows}) == count
        assert {row.status for row in rows} <= {"loaded", "quarantined", "empty"}
        assert not list(world.settings.paths.inbox.rglob(f"*.{suffix}"))
        if suffix == "csv":
            lines = {row.account_id: row.seen for row in rows if row.status == "loaded"}
            assert all(lines.values())


@pytest.mark.parametrize(("suffix", "count"), [("csv", 60), ("xlsx", 12), ("parquet", 6)])
def test_damage_never_stops_a_load(suffix: str, count: int) -> None:
    check_damage(suffix, count, seed=7)


@pytest.mark.long
@pytest.mark.parametrize("suffix", sorted(WHOLE))
def test_much_damage_never_stops_a_load(suffix: str) -> None:
    check_damage(suffix, 200, seed=11)


@pytest.fixture
def world(tmp_path: Path) -> Desk:
    return desk(tmp_path, CONTRACT)


@pytest.mark.parametrize("cut", range(1, 400, 23))
def test_a_file_cut_short_loses_no_row_in_silence(world: Desk, cut: int) -> None:
    whole = WHOLE["csv"].decode()
    lines = whole.splitlines(keepends=True)
    content = whole[: len("".join(lines[:40])) + cut]
    ended = content.count("\n")

    row = world.take("t.csv", content)

    assert row.seen == ended + (not content.endswith("\n"))
    assert row.loaded + row.quarantined == row.seen - 1


@pytest.mark.parametrize(
    "header",
    [
        '"ticket_id\'); drop table tickets;--"',
        "__proto__",
        "=cmd|' /C calc'!A0",
        "a" * 5000,
        "\u202eoverridden",
        '"line\nbreak"',
        "_file_id",
        "_extra",
        "🎫",
    ],
)
def test_a_hostile_header_is_one_more_undeclared_column(world: Desk, header: str) -> None:
    row = world.take("t.csv", f"Ticket ID,{header},Agent\n1,=1+1,a\n")

    assert (row.loaded, row.quarantined) == (1, 0)
    assert world.column("_extra")[0].endswith(':"=1+1"}')
    assert world.column("_file_id") == [row.file_id]
