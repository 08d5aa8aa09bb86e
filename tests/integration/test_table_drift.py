"""How an export changed, by column and by what the contract says of it: one decision each."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from pipelines.ingest.parsing.rejections import Drift
from tests.table_world import Desk, desk

# A good value of each type, and one that only a column of another type would have.
SAMPLES: dict[str, tuple[str, str]] = {
    "int": ("12", "many"),
    "decimal": ("1.5", "1.5x"),
    "timestamp": ("2026-01-05 08:00:00", "05/01/2026"),
    "date": ("2026-01-05", "soon"),
    "duration": ("00:01:35", "95"),
    "rate": ("95.2%", "high"),
    "bool": ("true", "perhaps"),
    "id": ("A1", "1.03E+13"),
}
OPTIONS = {"duration": ", unit: text", "rate": ", scale: percent"}
TEXT = """
source: desk
title: {en: Desk, zh: 客服台}
time_zone: UTC
extensions: [.csv]
entities:
  tickets:
    title: Tickets
    table: {}
    key: [ticket_id]
    columns:
      ticket_id: id
      subject: {type: %s, required: %s%s, aliases: [Subject, Old Subject]}
      agent: text
"""
Case = tuple[str, bool, Desk]
CASES = list(itertools.product(SAMPLES, [True, False]))


def written(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{'required' if case[1] else 'optional'}")
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    kind, required = request.param
    contract = TEXT % (kind, str(required).lower(), OPTIONS.get(kind, ""))
    return kind, required, desk(tmp_path, contract)


def test_an_added_column_is_kept(case: Case) -> None:
    kind, _, world = case
    good, _ = SAMPLES[kind]
    row = world.take("t.csv", written("ticket_id,Subject,agent,New", f"1,{good},a,x"))

    assert (row.loaded, row.drift) == (1, (Drift("New", "added", "kept in _extra"),))
    assert world.column("_extra") == ['{"New":"x"}']


def test_a_removed_column_sets_the_file_aside_if_it_is_required(case: Case) -> None:
    _, required, world = case
    row = world.take("t.csv", written("ticket_id,agent", "1,a"))

    if required:
        assert (row.status, row.reasons) == ("quarantined", {"missing_column": 1})
        assert row.drift == (Drift("subject", "missing", "file quarantined"),)
    else:
        assert (row.loaded, row.quarantined) == (1, 0)
        assert row.drift == (Drift("subject", "missing", "loaded without it"),)


def test_a_renamed_column_is_read_by_its_alias(case: Case) -> None:
    kind, _, world = case
    good, _ = SAMPLES[kind]
    row = world.take("t.csv", written("ticket_id,old subject,agent", f"1,{good},a"))

    assert row.loaded == 1
    assert row.drift == (Drift("subject", "renamed", "read by its alias 'Old Subject'"),)
    assert world.column("subject") != [None]


def test_a_column_renamed_without_an_alias_is_added_and_missing(case: Case) -> None:
    kind, required, world = case
    good, _ = SAMPLES[kind]
    row = world.take("t.csv", written("ticket_id,Topic,agent", f"1,{good},a"))

    if required:
        assert row.reasons == {"missing_column": 1}
    else:
        assert row.drift == (
            Drift("subject", "missing", "loaded without it"),
            Drift("Topic", "added", "kept in _extra"),
        )


def test_a_retyped_column_sets_its_records_aside(case: Case) -> None:
    kind, _, world = case
    good, bad = SAMPLES[kind]
    lines = [f"{number},{bad},a" for number in range(1, 4)]
    row = world.take("t.csv", written("ticket_id,Subject,agent", *lines, f"9,{good},a"))

    assert (row.loaded, row.quarantined) == (1, 3)
    if kind == "id":
        assert row.reasons == {"header": 1, "id_in_scientific_notation": 3}
    else:
        assert row.reasons == {"header": 1, "bad_type": 3}
        assert row.drift == (Drift("subject", "retyped", "records quarantined as bad_type"),)


def test_reordered_columns_are_accepted(case: Case) -> None:
    kind, _, world = case
    good, _ = SAMPLES[kind]
    row = world.take("t.csv", written("agent,Subject,ticket_id", f"a,{good},1"))

    assert (row.loaded, row.drift) == (1, (Drift("*", "reordered", "accepted"),))
    assert world.column("ticket_id") == ["1"]
