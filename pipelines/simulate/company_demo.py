"""Writes the whole company: every system's export into one folder, the truth into another."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

from pipelines.simulate.centre.arrivals import LETTERS
from pipelines.simulate.centre.world import Plan
from pipelines.simulate.company.people import Acquaintances
from pipelines.simulate.company.plan import DEFAULT_DAYS, SIZES, CompanyPlan
from pipelines.simulate.demo import DEFAULT_UNTIL, write_desk
from pipelines.simulate.output.lines import write_json
from pipelines.simulate.systems import write_systems

DESK = "zendesk"
DESK_ACCOUNT = "northwind"


def company_plan(
    seed: int, contacts: int, days: int = DEFAULT_DAYS, until: date = DEFAULT_UNTIL
) -> CompanyPlan:
    return CompanyPlan(seed, contacts, until - timedelta(days=days - 1), until)


def sized_plan(size: str, seed: int) -> CompanyPlan:
    """The plan of S, M or L."""
    return company_plan(seed, SIZES[size])


def write_company(
    root: Path, truth: Path, plan: CompanyPlan, sources: Collection[str], *, dirt: bool = True
) -> None:
    """Simulate the company and write the exports of some of its systems.

    Args:
        root: gets `<source>/<account>/file`.
        truth: gets `zendesk/` (tickets and KPIs), `counts.json` (what is so, by source and
            entity) and `files.json` (what a loader must count, by file and entity).
        plan: the same one gives the same bytes.
        sources: `zendesk` and the names in `systems.SYSTEMS`.
        dirt: whether the exports have their known defects.
    """
    others = [source for source in sources if source != DESK]
    company = write_systems(root, truth, plan, others, dirt=dirt)
    if DESK not in sources:
        return
    desk_plan = Plan(plan.seed, round(plan.expected("desk")), plan.first, plan.last, LETTERS)
    met = Acquaintances(company.people, plan.rng("acquaintances"))
    target = root / DESK / DESK_ACCOUNT
    write_desk(desk_plan, target, truth / DESK, dirt=dirt, identify=met.identify)
    _add_desk_files(truth)


def _add_desk_files(truth: Path) -> None:
    """The helpdesk's accounting beside that of all others."""
    files = json.loads((truth / "files.json").read_bytes())
    for record in json.loads((truth / DESK / "accounting.json").read_bytes()):
        files.append({"source": DESK, "account": DESK_ACCOUNT, **record})
    write_json(truth / "files.json", files)
