"""MetricFlow answers every KPI that it can, with the published numbers of the whole company."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.transform.dbt_runner import load_manifest
from tests.integration.company_world import Cell, CompanyWorld
from tests.integration.kpi_cells import persons
from tests.integration.kpi_proofs import GRAINS, record
from tests.integration.kpi_unproved import NO_VALUE
from tests.integration.kpi_worlds import same

pytestmark = pytest.mark.xdist_group("company")

COMPOSITES = "composite_cells"
ANY = tuple(f"composite_cell__{name}" for name in ("period_type", "grain", "unit_value"))
# What pay and staffing rest on; the others are compared at every grain by the long test.
DECISIVE = frozenset(
    {
        "aht", "avg_response_time", "backlog_open", "bot_resolution_rate", "complaint_count",
        "csat_score", "fcr_rate", "first_response_time", "occupancy", "qa_score",
        "resolution_rate", "service_level", "sla_attainment_rate",
    }
)  # fmt: skip
# MetricFlow groups all parts of a KPI by one agent.
UNANSWERED_BY_AGENT = {
    "net_flow": "tickets created are the assignee's, tickets solved the closer's",
    "resolution_rate_flow": "tickets created are the assignee's, tickets solved the closer's",
    "solves_per_hour": "tickets are those of an agent, hours those of an employee",
}


@dataclass(frozen=True)
class Question:
    """KPIs that one query answers, at one grain."""

    kpi_ids: tuple[str, ...]
    period_type: str
    grain: str
    group_by: tuple[str, ...]


class Definitions:
    """What the semantic layer offers to group KPIs by."""

    def __init__(self, company: CompanyWorld) -> None:
        manifest = load_manifest(company.settings)
        self.models = {each["name"]: each for each in manifest["semantic_models"].values()}
        self.agents = {
            measure["name"]: measure["config"]["meta"].get("agent")
            for model in self.models.values()
            for measure in model["measures"]
        }
        self.models_of = {
            kpi_id: tuple(sorted({measure.semantic_model for measure in kpi.measures}))
            for kpi_id, kpi in company.kpis.items()
        }
        self.agents_of = {
            kpi_id: {self.agents[measure.name] for measure in kpi.measures}
            for kpi_id, kpi in company.kpis.items()
        }

    def by_agent(self, kpi_id: str) -> str | None:
        """The dimension of the agent to whom all of the KPI is credited, if there is one."""
        models, agents = self.models_of[kpi_id], self.agents_of[kpi_id]
        if len(models) > 1 or len(agents) > 1 or None in agents:
            return None
        model = self.models[models[0]]
        primary = [each["name"] for each in model["entities"] if each["type"] == "primary"]
        (name,) = primary or [model["primary_entity"]]
        return f"{name}__{next(iter(agents))}"

    def questions(self, company: CompanyWorld, kpi_ids: Iterable[str]) -> list[Question]:
        """As few queries as possible: KPIs of the same facts are asked for together."""
        batches: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for kpi_id in sorted(kpi_ids):
            models = self.models_of[kpi_id]
            if models == (COMPOSITES,):
                batches["month", "any", None, models].append(kpi_id)
                continue
            for wanted in sorted(grains_of(company, kpi_id)):
                period_type, grain = wanted.split()
                agent = self.by_agent(kpi_id) if grain == "agent" else None
                if grain != "agent" or agent is not None:
                    batches[period_type, grain, agent, models].append(kpi_id)
        found = []
        for (period_type, grain, agent, _), own in sorted(batches.items(), key=str):
            more = {"team": ("team",), "agent": ("account", agent), "any": ANY}.get(grain, ())
            time = "day" if grain == "any" else period_type
            found.append(Question(tuple(own), period_type, grain, (f"metric_time__{time}", *more)))
        return found


def grains_of(company: CompanyWorld, kpi_id: str) -> set[str]:
    """Those of the four grains at which a KPI has values."""
    cells = company.cells[kpi_id].items()
    return {f"{cell[0]} {cell[2]}" for cell, row in cells if row["value"] is not None} & {*GRAINS}


def ask(company: CompanyWorld, questions: list[Question], folder: Path) -> list[Any]:
    """MetricFlow's rows for each question, from a process of its own."""
    asked, told = folder / "asked.json", folder / "told.json"
    queries = [{"metrics": q.kpi_ids, "group_by": q.group_by} for q in questions]
    asked.write_text(json.dumps(queries), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.mf_batch", str(asked), str(told)],
        env={**os.environ, "HELPMART_HOME": str(company.readable().home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answers: list[Any] = json.loads(told.read_bytes())
    return answers


def told_by(
    company: CompanyWorld, question: Question, rows: list[dict[str, Any]]
) -> dict[Cell, dict[str, Any] | None]:
    """MetricFlow's rows by cell; None where it has several.

    Agents of several systems can be one person, whose figures MetricFlow has in several rows: no
    ratio can be told from them.
    """
    people = persons(company)
    found: dict[Cell, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        keys = [row[name] for name in question.group_by]
        if None in keys:
            continue
        start, grain, member = date.fromisoformat(keys[0][:10]), question.grain, "total"
        if grain == "any":
            period_type, grain, member = keys[1:]
            if period_type != question.period_type:
                continue
        elif grain == "team":
            member = keys[1]
        elif grain == "agent":
            source, account = keys[1].split("/", 1)
            member = people.get((source, account, keys[2]), "unknown")
        found[question.period_type, start, grain, member].append(row)
    return {cell: own[0] if len(own) == 1 else None for cell, own in found.items()}


def compare(
    company: CompanyWorld, question: Question, rows: list[dict[str, Any]]
) -> dict[str, list[Any]]:
    """The cells of each KPI in which MetricFlow and the mart differ."""
    told = told_by(company, question, rows)
    wrong: dict[str, list[Any]] = {}
    for kpi_id in question.kpi_ids:
        own = {
            cell: row
            for cell, row in company.cells[kpi_id].items()
            if cell[0] == question.period_type and question.grain in {"any", cell[2]}
        }
        newest = max(cell[1] for cell in own)
        # The batch may know members that this KPI has nothing to do with.
        cells = own.keys() | {cell for cell, row in told.items() if row and row[kpi_id]}
        compared: list[Cell] = []
        for cell in sorted(cell for cell in cells if cell[1] <= newest):
            row = told.get(cell, {kpi_id: None})
            if row is None:
                continue
            published = own.get(cell, {"value": None, "n": 0})
            value, expected = published["value"], row[kpi_id]
            # MetricFlow has no row where nothing of the kind happened; the mart may have a zero.
            is_nothing = not value and not expected and not published["n"]
            if not is_nothing and not same(value, expected):
                wrong.setdefault(kpi_id, []).append((cell, value, expected))
            if value is not None:
                compared.append(cell)
        record("mf", kpi_id, compared)
    return wrong


def ask_and_compare(company: CompanyWorld, kpi_ids: Iterable[str], folder: Path) -> set[str]:
    """Compare these KPIs at every grain that they have; which grain of which was asked for."""
    questions = Definitions(company).questions(company, kpi_ids)
    wrong = {}
    for question, rows in zip(questions, ask(company, questions, folder), strict=True):
        for kpi_id, cells in compare(company, question, rows).items():
            wrong[f"{kpi_id} {question.period_type} {question.grain}"] = (len(cells), cells[:3])
    assert wrong == {}
    return {f"{kpi_id} {q.period_type} {q.grain}" for q in questions for kpi_id in q.kpi_ids}


def test_decisive_kpis_have_the_published_values(company: CompanyWorld, tmp_path: Path) -> None:
    asked = ask_and_compare(company, DECISIVE, tmp_path)
    assert {"csat_score month agent", "fcr_rate day total", "qa_score month team"} <= asked


@pytest.mark.long
def test_every_kpi_has_the_published_values_at_every_grain(
    company: CompanyWorld, tmp_path: Path
) -> None:
    valued = [kpi_id for kpi_id in company.kpis if kpi_id not in NO_VALUE]
    asked = ask_and_compare(company, valued, tmp_path)
    composite = {name.split()[0] for name in asked if name.endswith(" any")}
    missing = {
        f"{kpi_id} {grain}"
        for kpi_id in valued
        if kpi_id not in composite
        for grain in grains_of(company, kpi_id)
    } - asked
    assert missing == {f"{kpi_id} month agent" for kpi_id in UNANSWERED_BY_AGENT}
    print(f"{len(asked)} KPIs and grains answered by MetricFlow")
