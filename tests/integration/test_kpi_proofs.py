"""Every KPI is compared with something independent, and the register of it is honest.

The register `kpi_proofs.csv` tells which test module compares which KPI in which way and at which
grains. Each group of tests, which one worker runs, checks its own part of it at its end.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.integration.company_world import CompanyWorld
from tests.integration.kpi_proofs import (
    GRAINS,
    INDEPENDENT,
    REGISTER,
    compared_by,
    read_register,
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
    others = {module for name, modules in GROUPS.items() if name != group for module in modules}
    own = {proof for proof in register if proof.module in GROUPS.get(group, ())}
    if group == "company":
        own = {proof for proof in register if proof.module not in others}
    ran = {item.path.stem for item in request.session.items}
    modules = {proof.module for proof in own} | set(GROUPS.get(group, ()))
    if not modules <= ran or request.config.option.keyword:
        pytest.skip("only a run of the whole group can tell what it compares")
    compared = compared_by((ran | modules) - others)
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
    ways: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for proof in read_register():
        ways[proof.kpi_id][proof.grain].add(proof.way)
    derived, uncompared, empty = set(), defaultdict(set), set()
    for kpi_id in company.kpis:
        grains = _grains(company, kpi_id)
        if not grains:
            empty.add(kpi_id)
        for grain in grains:
            told = ways[kpi_id][grain]
            if told & {"facts", "cells"} and not told & INDEPENDENT:
                derived.add(kpi_id)
            if not told & {"facts", "cells", *INDEPENDENT}:
                uncompared[kpi_id].add(grain)
    assert {kpi_id: sorted(grains) for kpi_id, grains in uncompared.items()} == {
        kpi_id: sorted(grains) for kpi_id, (grains, _) in UNCOMPARED.items()
    }
    named = [kpi_id for kpi_ids, _ in DERIVED for kpi_id in kpi_ids]
    assert sorted(derived) == sorted(named)
    assert empty == NO_VALUE.keys()
    proved = len(company.kpis) - len(derived) - len(empty)
    print(
        f"{proved} of {len(company.kpis)} KPIs have an independent reference, all others a reason"
    )
