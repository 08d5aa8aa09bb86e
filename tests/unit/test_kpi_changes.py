"""A change of a KPI splits exactly, its cause is named, a paradox is flagged and nothing else."""

from __future__ import annotations

import random
from datetime import date

import pytest

from tests.kpi_change_world import AUGUST, SEPTEMBER, ChangeWorld, Members, Tables
from tests.reference.changes import EFFECTS, bridge

# Chat satisfies 60 %, mail 90 % in both months; what moves is how many write by chat.
MIX_BEFORE: Members = {"chat": (60, 100), "email": (360, 400)}
MIX_AFTER: Members = {"chat": (240, 400), "email": (90, 100)}
# Both channels get better and the total worse.
PARADOX_AFTER: Members = {"chat": (256, 400), "email": (93, 100)}


def changed(before: Members, after: Members, grain: str = "channel") -> Tables:
    world = ChangeWorld()
    world.quotient("csat_score", AUGUST, {grain: before})
    world.quotient("csat_score", SEPTEMBER, {grain: after})
    return world.tables()


def random_members(chance: random.Random, size: int) -> dict[str, tuple[float, float]]:
    members = {}
    for number in range(size):
        if chance.random() < 0.8:
            base = chance.choice([0, 1, 3, 40, 500])
            members[f"m{number}"] = (float(chance.randint(0, 10**6)), float(base))
    return members


@pytest.mark.parametrize("seed", range(6))
def test_effects_equal_the_reference_and_add_up_to_the_change(seed: int) -> None:
    chance = random.Random(seed)
    before, after = random_members(chance, 12), random_members(chance, 12)
    # The total knows more than its members, as that of a KPI over two facts does.
    totals = [
        (sum(n for n, _ in side.values()) + 7.0, sum(d for _, d in side.values()) + 2.0)
        for side in (before, after)
    ]
    world = ChangeWorld()
    world.quotient("csat_score", AUGUST, {"channel": before}, total=totals[0])
    world.quotient("csat_score", SEPTEMBER, {"channel": after}, total=totals[1])
    tables = world.tables()
    for side in (before, after):
        side["unallocated"] = (7.0, 2.0)
    expected = bridge(before, after, *totals)

    drivers, change = tables.drivers(), tables.change()
    compared = 0
    for member, effects in expected.items():
        sides = (*before.get(member, (0, 0)), *after.get(member, (0, 0)))
        assert (member in drivers) == any(sides)
        for effect in EFFECTS if member in drivers else ():
            found = drivers[member][f"{effect}_effect"]
            assert found == pytest.approx(float(effects[effect]), rel=1e-9, abs=1e-9)
            compared += 1
    assert compared > 20
    assert abs(change["residual"]) <= 1e-9 * max(1, abs(change["value"]), abs(change["base_value"]))
    assert sum(row["total_effect"] for row in drivers.values()) == pytest.approx(change["change"])


def test_the_split_turns_its_signs_when_the_periods_are_swapped() -> None:
    forth, back = changed(MIX_BEFORE, PARADOX_AFTER), changed(PARADOX_AFTER, MIX_BEFORE)
    for effect in ("mix", "rate", "total"):
        for member, row in forth.drivers().items():
            assert row[f"{effect}_effect"] == pytest.approx(
                -back.drivers()[member][f"{effect}_effect"]
            )


def test_a_planted_mix_shift_is_the_main_driver() -> None:
    world = ChangeWorld()
    # By priority every member moves as the whole does, so priority explains nothing.
    same = {"normal": (336.0, 400.0), "urgent": (84.0, 100.0)}
    fallen = {"normal": (264.0, 400.0), "urgent": (66.0, 100.0)}
    world.quotient("csat_score", AUGUST, {"channel": MIX_BEFORE, "priority": same})
    world.quotient("csat_score", SEPTEMBER, {"channel": MIX_AFTER, "priority": fallen})
    tables = world.tables()
    change = tables.change()
    assert change["change"] == pytest.approx(-0.18)
    assert change["mix_effect"] == pytest.approx(-0.18)
    assert change["rate_effect"] == pytest.approx(0)
    assert (change["grain_rank"], change["main_effect"]) == (1, "mix")
    assert change["main_member"] in {"chat", "email"}
    assert not change["is_paradox"]
    assert tables.change(grain="priority")["strength"] == pytest.approx(0)


def test_a_fall_within_one_team_names_the_team() -> None:
    world = ChangeWorld()
    channels = {"chat": (90.0, 100.0), "email": (90.0, 100.0)}
    teams = {"a": (60.0, 67.0), "b": (60.0, 66.0), "c": (60.0, 67.0)}
    world.quotient("csat_score", AUGUST, {"channel": channels, "team": teams})
    worse = {"chat": (80.0, 100.0), "email": (80.0, 100.0)}
    world.quotient("csat_score", SEPTEMBER, {"channel": worse, "team": teams | {"b": (40.0, 66.0)}})
    tables = world.tables()
    change = tables.change(grain="team")
    assert (change["grain_rank"], change["main_effect"], change["main_member"]) == (1, "rate", "b")
    assert change["mix_effect"] == pytest.approx(0)
    assert change["is_better"] is False


def test_people_are_never_the_first_explanation() -> None:
    world = ChangeWorld()
    world.quotient("csat_score", AUGUST, {"agent": MIX_BEFORE, "channel": {"web": (420, 500)}})
    world.quotient("csat_score", SEPTEMBER, {"agent": MIX_AFTER, "channel": {"web": (330, 500)}})
    tables = world.tables()
    assert tables.change(grain="agent")["grain_rank"] == 2
    assert tables.change(grain="channel")["grain_rank"] == 1


def test_a_planted_paradox_is_flagged() -> None:
    tables = changed(MIX_BEFORE, PARADOX_AFTER)
    change = tables.change()
    assert change["change"] < 0 < change["rate_effect"]
    assert change["is_paradox"]
    assert change["against_share"] == pytest.approx(1)
    assert all(row["is_paradox"] and row["is_against"] for row in tables.drivers().values())


def test_a_small_member_does_not_hide_a_paradox() -> None:
    before = {**MIX_BEFORE, "fax": (3.0, 4.0)}
    change = changed(before, {**PARADOX_AFTER, "fax": (2.0, 4.0)}).change()
    assert 0.95 < change["against_share"] < 1
    assert change["is_paradox"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(MIX_BEFORE, MIX_AFTER, id="a mix shift alone"),
        pytest.param(MIX_BEFORE, MIX_BEFORE, id="no change"),
        pytest.param(MIX_BEFORE, {"chat": (50, 100), "email": (340, 400)}, id="all fall"),
        pytest.param(MIX_BEFORE, {"chat": (40, 100), "email": (370, 400)}, id="one against"),
        pytest.param({"chat": (60, 100)}, {"chat": (40, 100)}, id="one member"),
        pytest.param(
            MIX_BEFORE, {"chat": (256, 400), "email": (80, 100)}, id="a fifth goes with the total"
        ),
    ],
)
def test_controls_are_no_paradox(before: Members, after: Members) -> None:
    assert not changed(before, after).change()["is_paradox"]


def test_members_that_enter_and_leave_have_their_own_effects() -> None:
    tables = changed({"chat": (60, 100), "fax": (10, 100)}, {"chat": (60, 100), "app": (95, 100)})
    drivers, change = tables.drivers(), tables.change()
    assert {name: row["presence"] for name, row in drivers.items()} == {
        "chat": "stayed", "fax": "left", "app": "entered",
    }  # fmt: skip
    assert change["entry_effect"] == pytest.approx(0.5 * (0.95 - (0.35 + 0.775) / 2))
    assert change["exit_effect"] == pytest.approx(-0.5 * (0.1 - (0.35 + 0.775) / 2))
    assert change["residual"] == pytest.approx(0, abs=1e-12)


def test_a_numerator_without_a_base_keeps_its_part() -> None:
    tables = changed({"chat": (60, 100), "shop": (5, 0)}, {"chat": (60, 100), "shop": (25, 0)})
    shop = tables.drivers()["shop"]
    assert shop["presence"] == "without_base"
    assert shop["rate_effect"] == pytest.approx(0.2)
    assert shop["value"] is None
    assert abs(tables.change()["residual"]) < 1e-12


def test_without_a_base_in_one_period_there_is_no_split() -> None:
    tables = changed({"chat": (0, 0)}, {"chat": (60, 100)})
    total = tables.change(grain="total")
    assert total["change"] is None
    assert total["is_better"] is None
    assert tables.drivers() == {}


def test_members_beyond_the_limit_are_one_row_with_the_sum_of_their_effects() -> None:
    before = {f"m{n:02}": (float(n), 100.0) for n in range(60)}
    after = {f"m{n:02}": (float(n + n % 7), 100.0 + n) for n in range(60)}
    tables = changed(before, after)
    drivers, change = tables.drivers(), tables.change()
    assert len(drivers) == 51
    other = drivers["other_members"]
    assert (other["member_count"], other["member_kind"], other["driver_rank"]) == (
        10, "other_members", 51,
    )  # fmt: skip
    assert change["member_count"] == 60
    assert abs(change["residual"]) < 1e-12
    (whole,) = tables.rows(
        "select sum(mix_effect) as mix, sum(rate_effect) as rate from kpi_bridges where"
        " period_start = '2026-09-01' and base_period_start = '2026-08-01' and grain = 'channel'"
    )
    assert whole["mix"] == pytest.approx(change["mix_effect"])
    assert whole["rate"] == pytest.approx(change["rate_effect"])


def test_a_count_is_split_into_what_each_member_adds() -> None:
    world = ChangeWorld()
    world.count("tickets_created", AUGUST, {"chat": 100, "fax": 5})
    world.count("tickets_created", SEPTEMBER, {"chat": 80, "app": 45})
    tables = world.tables()
    change, drivers = tables.change("tickets_created"), tables.drivers("tickets_created")
    assert (change["change"], change["main_effect"], change["main_member"]) == (20, "volume", "app")
    assert change["mix_effect"] is None
    assert {name: row["total_effect"] for name, row in drivers.items()} == {
        "app": 45, "chat": -20, "fax": -5,
    }  # fmt: skip
    assert change["residual"] == 0
    assert change["is_clear"] is None


def test_a_change_inside_the_noise_of_both_values_is_not_clear() -> None:
    near = changed({"chat": (600, 1000)}, {"chat": (610, 1000)}).change()
    far = changed({"chat": (600, 1000)}, {"chat": (620, 1000)}).change()
    assert (near["is_clear"], far["is_clear"]) == (False, True)
    assert far["change_low"] == pytest.approx(0.02 - 0.01 * 2**0.5)


def test_months_and_quarters_meet_the_one_before_and_the_year_before() -> None:
    world = ChangeWorld()
    for month in (date(2025, 9, 1), AUGUST, SEPTEMBER):
        world.quotient("csat_score", month, {"channel": MIX_BEFORE})
    for quarter in (date(2025, 7, 1), date(2026, 4, 1), date(2026, 7, 1)):
        world.quotient("csat_score", quarter, {"channel": MIX_BEFORE}, period="quarter")
    found = world.tables().rows(
        "select period_type, comparison, period_start, base_period_start from kpi_changes"
        " where grain = 'total' order by all"
    )
    assert [tuple(row.values()) for row in found] == [
        ("month", "previous", SEPTEMBER, AUGUST),
        ("month", "year_before", SEPTEMBER, date(2025, 9, 1)),
        ("quarter", "previous", date(2026, 7, 1), date(2026, 4, 1)),
        ("quarter", "year_before", date(2026, 7, 1), date(2025, 7, 1)),
    ]
