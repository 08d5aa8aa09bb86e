"""Weights that are tried out: who moves, and what is refused."""

from __future__ import annotations

import pytest

from pipelines.errors import HelpmartError
from pipelines.transform.what_if import Item, Moved, compare, parse_weights, reweighted

BEFORE = {"csat_score": 60.0, "tsr_complex": 30.0, "qa_score": 10.0}


def item(unit: str, kpi_id: str, points: float | None, *, is_ranked: bool = True) -> Item:
    return Item(unit, unit.upper(), kpi_id, BEFORE[kpi_id], points, is_ranked)


def test_kpis_that_are_not_named_share_the_rest_in_proportion() -> None:
    assert reweighted(BEFORE, {"csat_score": 20.0}) == {
        "csat_score": 20.0,
        "tsr_complex": pytest.approx(60.0),
        "qa_score": pytest.approx(20.0),
    }
    assert reweighted(BEFORE, {"csat_score": 100.0})["qa_score"] == 0


@pytest.mark.parametrize(
    "wanted",
    [
        {"unheard_of": 10.0},
        {"csat_score": 70.0, "tsr_complex": 40.0},
        {"csat_score": 50.0, "tsr_complex": 30.0, "qa_score": 10.0},
    ],
)
def test_weights_that_cannot_be_100_together_are_refused(wanted: dict[str, float]) -> None:
    with pytest.raises(HelpmartError):
        reweighted(BEFORE, wanted)


@pytest.mark.parametrize(
    "texts", [["csat_score"], ["csat_score=much"], ["csat_score=-1"], ["a=1", "a=2"], ["a=101"]]
)
def test_a_weight_is_a_kpi_and_a_number_up_to_100(texts: list[str]) -> None:
    with pytest.raises(HelpmartError):
        parse_weights(texts)


def test_other_weights_turn_ranks_round_and_missing_parts_fall_to_the_others() -> None:
    items = [
        item("ann", "csat_score", 100),
        item("ann", "tsr_complex", 0),
        item("ann", "qa_score", None),
        item("bob", "csat_score", 50),
        item("bob", "tsr_complex", 100),
        item("bob", "qa_score", 100),
        item("new", "csat_score", 100, is_ranked=False),
        item("out", "csat_score", None),
    ]
    after = reweighted(BEFORE, {"csat_score": 20.0})
    assert compare(items, after) == [
        Moved("bob", "BOB", pytest.approx(70.0), pytest.approx(90.0), 1, 1, 0),
        Moved("ann", "ANN", pytest.approx(200 / 3), pytest.approx(25.0), 2, 2, 1),
        Moved("new", "NEW", 100.0, 100.0, None, None, 0),
        Moved("out", "OUT", None, None, None, None, 1),
    ]
    gentle = compare(items, reweighted(BEFORE, {"csat_score": 80.0}))
    assert [(m.unit_value, m.rank_before, m.rank_after) for m in gentle[:2]] == [
        ("ann", 2, 1),
        ("bob", 1, 2),
    ]


def test_equal_scores_share_a_rank() -> None:
    items = [item(unit, "csat_score", points) for unit, points in (("a", 9), ("b", 9), ("c", 8))]
    assert [m.rank_after for m in compare(items, BEFORE)] == [1, 1, 3]
