"""Members that a suite accepts have a name in both languages."""

from __future__ import annotations

import csv

import pytest

from pipelines.quality.suites import load_suites
from pipelines.settings import PROJECT_ROOT

KINDS = {
    ("fct_bot_sessions", "outcome"): "bot_outcome",
    ("fct_calls", "disposition"): "call_disposition",
    ("fct_complaints", "kind"): "complaint_kind",
    ("fct_contact_needs", "need"): "need",
    ("fct_customer_quarters", "csat_band"): "csat_band",
    ("fct_employee_survey", "dimension"): "survey_dimension",
    ("fct_exams", "arm"): "exam_arm",
    ("fct_headcount_months", "seniority"): "seniority",
    ("fct_mentions", "sentiment"): "sentiment",
    ("fct_target_periods", "target_status"): "target_status",
    ("kpi_agent_pairs", "quadrant"): "quadrant",
    ("kpi_proficiency_parts", "part"): "proficiency_part",
    ("kpi_qa_critical", "dispute"): "dispute",
    ("kpi_topic_moods", "mood"): "mood",
    ("kpi_weights", "perspective"): "perspective",
}


@pytest.mark.parametrize(("place", "kind"), KINDS.items(), ids=KINDS.values())
def test_every_accepted_member_has_a_name(place: tuple[str, str], kind: str) -> None:
    table, column = place
    (accepted,) = (
        set(item.kwargs["value_set"])
        for suite in load_suites("published")
        for item in suite.expectations
        if suite.table == table and item.column == column and "value_set" in item.kwargs
    )
    seed = PROJECT_ROOT / "dbt_project" / "seeds" / "dimension_labels.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        named = {
            row["member"]
            for row in csv.DictReader(file)
            if row["kind"] == kind and row["name_en"] and row["name_zh"]
        }
    assert accepted == named
