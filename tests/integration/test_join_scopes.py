"""No mart joins on half of the scope in which a source's ids are unique."""

from __future__ import annotations

import json

import pytest

from tests.integration.company_world import CompanyWorld
from tests.sql_rules import half_scoped_joins

pytestmark = pytest.mark.xdist_group("company")

# Sheets and the roster name an account, not the system that others keep it in; outcomes are words.
ON_PURPOSE = {
    "fct_complaints": ["outcomes"],
    "fct_employee_survey": ["spans"],
    "fct_performance_reviews": ["spans", "reviews"],
    "fct_qa_conversations": ["reviewed"],
    "fct_training_changes": ["spans"],
}


def test_every_join_of_a_mart_has_the_whole_scope_of_its_ids(company: CompanyWorld) -> None:
    results = json.loads((company.settings.paths.dbt_target / "run_results.json").read_bytes())
    compiled = {row["unique_id"].split(".")[2]: row["compiled_code"] for row in results["results"]}
    facts = {name: sql for name, sql in compiled.items() if name.startswith("fct_") and sql}
    facts.pop("fct_kpi_cells")
    assert len(facts) > 70
    found = {name: half_scoped_joins(sql) for name, sql in facts.items()}
    assert {name: joins for name, joins in found.items() if joins} == ON_PURPOSE


def test_half_a_scope_is_found() -> None:
    whole = "a.source_system = b.source_system and (a.account_id = b.account_id and a.id = b.id)"
    half = "a.account_id = b.account_id and a.id = b.id"
    either = "a.source_system = b.source_system or a.account_id = b.account_id"
    text = "select * from a join b on {}"
    assert half_scoped_joins(text.format(whole)) == []
    assert half_scoped_joins(text.format(half)) == ["b"]
    # Neither side of an "or" has to hold.
    assert half_scoped_joins(text.format(f"a.account_id = b.account_id and ({either})")) == ["b"]
    assert half_scoped_joins("select * from a cross join b") == []
