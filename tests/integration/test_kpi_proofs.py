"""Every KPI is compared with something independent, and the register of it is honest.

The register `kpi_proofs.csv` tells which test module compares which KPI in which way and at which
grains. Each group of tests, which one worker runs, checks its own part of it at its end.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.integration import kpi_proofs
from tests.integration.company_world import CompanyWorld
from tests.integration.kpi_proofs import (
    GRAINS,
    REGISTER,
    Proof,
    compared_by,
    gaps,
    read_register,
    record,
    write_register,
)
from tests.integration.kpi_unproved import DERIVED, NO_VALUE, UNCOMPARED

GROUPS = {"kpi_world": ("test_kpi_values",), "test_truth_marts": ("test_truth_marts",)}


@pytest.mark.after_its_group
@pytest.mark.parametrize(
    "group",
    [
        pytest.param(group, marks=pytest.mark.xdist_group(group))
        for group in ("company", "kpi_world", "test_truth_marts")
    ],
)
def test_the_register_tells_what_was_compared(
    request: pytest.FixtureRequest, tmp_path: Path, group: str
) -> None:
    register = read_register()
    ran = {item.path.stem for item in request.session.items}
    elsewhere = {module for modules in GROUPS.values() for module in modules}
    of_company = (ran | {proof.module for proof in register}) - elsewhere
    # A worker may have run other groups before, whose comparisons are known to it, too.
    modules = set(GROUPS.get(group, of_company))
    own = {proof for proof in register if proof.module in modules}
    if not {proof.module for proof in own} <= ran or request.config.option.keyword:
        pytest.skip("only a run of the whole group can tell what it compares")
    compared = compared_by(modules)
    renewed = tmp_path / REGISTER.name
    write_register(renewed, (register - own) | compared)
    renew = f"renew the register: cp {renewed} {REGISTER}"
    assert sorted(own - compared) == [], f"told, but not compared; {renew}"
    assert sorted(compared - own) == [], f"compared, but not told; {renew}"


def _grains(company: CompanyWorld, kpi_id: str) -> set[str]:
    """The grains at which a KPI has to be proved: of the four those it has, else all its months."""
    found = {f"{cell[0]} {cell[2]}" for cell, row in company.cells[kpi_id].items()
             if row["value"] is not None}  # fmt: skip
    return found & set(GRAINS) or {grain for grain in found if grain.startswith("month ")}


@pytest.mark.xdist_group("company")
def test_every_kpi_is_compared_with_something_independent(company: CompanyWorld) -> None:
    """Or it is named, with the reason, among those that only repeat what is proved elsewhere."""
    open_ends = gaps({kpi_id: _grains(company, kpi_id) for kpi_id in company.kpis}, read_register())
    assert open_ends.uncompared == {
        kpi_id: sorted(grains) for kpi_id, (grains, _) in UNCOMPARED.items()
    }
    assert sorted(open_ends.derived) == sorted(
        kpi_id for kpi_ids, _ in DERIVED for kpi_id in kpi_ids
    )
    assert open_ends.empty == NO_VALUE.keys()
    proved = len(company.kpis) - len(open_ends.derived) - len(open_ends.empty)
    print(f"{proved} of {len(company.kpis)} KPIs are proved independently, others have a reason")


def test_a_kpi_without_a_proof_is_found() -> None:
    grains = {
        name: {"day total", "month total"} for name in ("proved", "half", "summed", "asked", "new")
    }
    register = [
        Proof("test_a", "raw", "proved", "day total"),
        Proof("test_b", "facts", "proved", "day total"),
        Proof("test_a", "truth", "proved", "month total"),
        Proof("test_a", "records", "half", "day total"),
        Proof("test_a", "facts", "summed", "day total"),
        Proof("test_a", "cells", "summed", "month total"),
        Proof("test_a", "mf", "asked", "day total"),
    ]
    found = gaps(grains | {"silent": set()}, register)
    assert found.derived == {"summed"}
    assert found.empty == {"silent"}
    assert found.uncompared == {
        "half": ["month total"],
        "asked": ["day total", "month total"],
        "new": ["day total", "month total"],
    }


def test_a_comparison_is_counted_with_its_way_and_grain(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kpi_proofs, "_compared", Counter())
    with pytest.raises(ValueError, match="guess"):
        record("guess", "made_up", [])
    cells = [("day", 1, "total"), ("week", 1, "total"), ("day", 1, "team"), ("month", 1, "team")]
    record("raw", "made_up", cells)
    own = compared_by(["test_kpi_proofs"])
    assert {proof[1:] for proof in own} == {
        ("raw", "made_up", "day total"),
        ("raw", "made_up", "month team"),
    }
    write_register(tmp_path / "register.csv", own)
    assert read_register(tmp_path / "register.csv") == own
