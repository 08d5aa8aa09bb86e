"""Planted errors: each kind changes a statement as it says, and the sample is repeatable."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest

from tests.mutation.mutants import planted, round_trip, sample, sites


def changed(sql: str, kind: str) -> list[str]:
    return [planted(site, sql).sql for site in sites("m", sql) if site.kind == kind]


@pytest.mark.parametrize(
    ("kind", "sql", "expected"),
    [
        ("flip comparison", "SELECT a < 1 FROM t", ["SELECT a <= 1 FROM t"]),
        ("flip comparison", "SELECT * FROM t JOIN u ON t.a = u.a", []),
        ("flip null", "SELECT a IS NULL FROM t", ["SELECT NOT (a IS NULL) FROM t"]),
        ("swap and/or", "SELECT a AND b FROM t", ["SELECT (a OR b) FROM t"]),
        ("swap sign", "SELECT a + b FROM t", ["SELECT a - b FROM t"]),
        ("swap aggregate", "SELECT SUM(a) FROM t", ["SELECT MAX(a) FROM t"]),
        ("swap aggregate", "SELECT COUNT(DISTINCT a) FROM t", ["SELECT COUNT(a) FROM t"]),
        ("swap aggregate", "SELECT COUNT(*) FROM t", []),
        ("change default", "SELECT COALESCE(a, 0) FROM t", ["SELECT COALESCE(a, 1) FROM t"]),
        ("change default", "SELECT MD5(COALESCE(a, '')) FROM t", []),
        ("drop predicate", "SELECT 1 FROM t WHERE a", ["SELECT 1 FROM t"]),
        ("drop predicate", "SELECT SUM(a) FILTER(WHERE b) FROM t", ["SELECT SUM(a) FROM t"]),
        ("drop else", "SELECT SUM(CASE WHEN a THEN 1 ELSE 0 END) FROM t", []),
        (
            "drop else",
            "SELECT CASE WHEN a THEN 1 ELSE 0 END FROM t",
            ["SELECT CASE WHEN a THEN 1 END FROM t"],
        ),
    ],
)
def test_a_kind_of_error_changes_what_it_says(kind: str, sql: str, expected: list[str]) -> None:
    assert changed(sql, kind) == expected


def test_each_predicate_of_a_conjunction_is_dropped_once() -> None:
    found = changed("SELECT 1 FROM t WHERE a AND b AND c", "drop predicate")
    assert Counter(found) == Counter(
        f"SELECT 1 FROM t WHERE {left}" for left in ("a AND b", "a AND c", "b AND c")
    )


def test_what_is_written_again_means_the_same() -> None:
    sql = "select sum(n) filter (where n > 1) as s from range(5) as r(n) having count(*) > 0"
    assert duckdb.sql(round_trip(sql)).fetchall() == duckdb.sql(sql).fetchall() == [(9,)]


def test_a_sample_takes_models_in_turn_and_is_the_same_again() -> None:
    large = "SELECT " + ", ".join(f"a{number} < 1" for number in range(50)) + " FROM t"
    by_model = {"large": sites("large", large), "small": sites("small", "SELECT a < 1 FROM t")}
    chosen = sample(by_model, 4, seed=1)
    assert Counter(site.model for site in chosen) == {"large": 3, "small": 1}
    assert chosen == sample(by_model, 4, seed=1)
    assert chosen != sample(by_model, 4, seed=2)
