"""Whatever happens to the exports on their way, the warehouse ends where a rebuild would.

A history drops exports late, corrected, overlapping, repeated and in any order, with loads in
between; beside it one installation takes all its files at once. Both must give the same canonical
records, whichever file a record was read from.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.settings import Settings
from tests.dbt_sql import DBT, rendered
from tests.ingest_world import CREATED, assert_accounts_hold, comment, drop, load, ticket, wrapped

STAGED = ("stg_zendesk__tickets", "stg_zendesk__comments", "stg_zendesk__users")
SEEDS = ("channel_aliases", "status_aliases", "priorities")
LINEAGE = {"file_id", "record_no"}
STEPS = 8


def updated(day: int) -> str:
    return f"2026-02-{day:02d}T09:00:00Z"


def ticket_version(ticket_id: int, day: int, variant: int) -> dict[str, Any]:
    """A ticket as exported on a day; variants of a day are corrections that moved no stamp."""
    status = ["new", "open", "pending", "hold", "solved"][(day + variant) % 5]
    notes = [comment(ticket_id * 100 + n, audit_id=day) for n in range(day % 3)]
    return ticket(
        ticket_id,
        status=status,
        updated_at=updated(day),
        group_id=variant,
        via={"channel": "web" if variant else "email"},
        tags=[f"v{variant}"],
        comments=notes,
    )


def user_version(user_id: int, day: int, variant: int) -> dict[str, Any]:
    role = "agent" if (day + variant) % 2 else "end-user"
    return {"id": user_id, "role": role, "updated_at": updated(day), "created_at": CREATED}


class History:
    """The exports of one history, drawn from a seed, and the order in which they are dropped."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.contents: list[bytes] = []
        self.drops: list[tuple[str, bytes, bool]] = []
        for _ in range(STEPS):
            self._step(chance)

    def _step(self, chance: random.Random) -> None:
        if self.contents and chance.random() < 0.25:
            content = chance.choice(self.contents)  # dropped again, under another name
        else:
            content = self._export(chance)
            self.contents.append(content)
        name = f"export_{len(self.drops)}.ndjson"
        self.drops.append((name, content, chance.random() < 0.6))

    @staticmethod
    def _export(chance: random.Random) -> bytes:
        """Some records as of any day, so that old news comes late and the same news twice."""
        day, variant = chance.randrange(1, 6), chance.randrange(2)
        tickets = [ticket_version(n, day, variant) for n in chance.sample(range(6), 3)]
        users = [user_version(n, day, variant) for n in chance.sample(range(3), 2)]
        content = wrapped("ticket", *tickets) + wrapped("user", *users)
        return content + (b"{broken\n" if chance.random() < 0.2 else b"")


def canonical(installation: Settings) -> dict[str, Counter[str]]:
    """The records that the models see, without the file and line they were read from."""
    with duckdb.connect() as con:
        for seed in SEEDS:
            con.execute(f"create table {seed} as from read_csv('{DBT / 'seeds' / seed}.csv')")
        for folder in sorted((installation.paths.raw / "zendesk").iterdir()):
            con.execute(
                f"create view zendesk__{folder.name} as"
                f" from read_parquet('{folder}/*.parquet', union_by_name = true)"
            )
        return {model: Counter(_rows(con, model)) for model in STAGED}


def _rows(con: duckdb.DuckDBPyConnection, model: str) -> Iterator[str]:
    for row in con.sql(rendered(model)).to_arrow_table().to_pylist():
        kept = {name: value for name, value in row.items() if name not in LINEAGE}
        yield json.dumps(kept, sort_keys=True, default=str)


def installation_after(home: str, drops: list[tuple[str, bytes, bool]]) -> Settings:
    """An installation that was given files one by one, loading where a drop says so."""
    installation = Settings(home=Path(home), quiet_seconds=0)
    for name, content, loads in drops:
        drop(installation, name, content)
        if loads:
            load(installation)
    load(installation)
    return installation


def assert_converges(seed: int) -> None:
    history = History(seed)
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as other:
        lived = installation_after(home, history.drops)
        at_once = [(f"all_{n}.ndjson", c, False) for n, c in enumerate(sorted(history.contents))]
        rebuilt = installation_after(other, at_once)
        assert_accounts_hold(lived)
        assert canonical(lived) == canonical(rebuilt)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32))
def test_a_history_ends_where_a_rebuild_would(seed: int) -> None:
    assert_converges(seed)


@pytest.mark.long
@pytest.mark.parametrize("batch", range(6))
def test_sixty_histories_end_where_a_rebuild_would(batch: int) -> None:
    for seed in range(batch * 10, batch * 10 + 10):
        assert_converges(seed)


def test_a_history_that_loses_a_correction_is_noticed() -> None:
    first, corrected = (wrapped("ticket", ticket_version(1, day, 0)) for day in (1, 4))
    drops = [("first.ndjson", first, True), ("corrected.ndjson", corrected, True)]
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as other:
        whole = canonical(installation_after(home, drops))
        assert whole != canonical(installation_after(other, drops[:1]))
