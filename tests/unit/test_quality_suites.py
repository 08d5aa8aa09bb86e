"""Suites are read strictly: what is misspelt, unowned or unexplained is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import ExitCode, HelpmartError
from pipelines.quality.suites import load_suites

SOUND = """
suites:
  - table: fct_tickets
    owner: service analytics
    keys: [ticket_id]
    meaning: One row a ticket, from which KPIs are summed.
    expectations:
      - expectation: expect_column_values_to_be_unique
        kwargs: {column: ticket_key}
        severity: critical
        why: A ticket counted twice inflates every KPI.
      - name: solved_after_created
        expectation: unexpected_rows_expectation
        kwargs: {unexpected_rows_query: "select ticket_id from {batch} where solved < created"}
        severity: warning
        why: A solve before the creation means a broken history.
"""


def write(folder: Path, text: str, name: str = "tickets.yml") -> Path:
    file = folder / "published" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_suite_names_its_checks_by_table_column_and_rule(tmp_path: Path) -> None:
    write(tmp_path, SOUND)
    (suite,) = load_suites("published", tmp_path)
    assert [suite.check_name(item) for item in suite.expectations] == [
        "fct_tickets_ticket_key_be_unique",
        "fct_tickets_solved_after_created",
    ]
    assert [item.column for item in suite.expectations] == ["ticket_key", None]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("severity: critical", "severity: fatal", "'critical' or 'warning'"),
        ("severity: critical", "severty: critical", "severty: Extra inputs are not permitted"),
        ("    owner: service analytics\n", "", "owner: Field required"),
        ("why: A ticket counted twice inflates every KPI.", "why: Bad.", "at least 10 characters"),
        ("      - name: solved_after_created\n        exp", "      - exp", "needs a `name`"),
        ("from {batch}", "from published.fct_tickets", "must read from {batch}"),
        ("from {batch}", "from {table}", "must read from {batch}"),
        ("keys: [ticket_id]", "keys: [email]", "keys.0: String should match pattern"),
        ("keys: [ticket_id]", "keys: [agent_name]", "keys.0: String should match pattern"),
        ("solved_after_created", "ticket_key_be_unique", "two expectations are called"),
        ("suites:", "suites: [", "while parsing a flow node"),
    ],
)
def test_a_defective_suite_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    file = write(tmp_path, SOUND.replace(old, new, 1))
    with pytest.raises(HelpmartError, match="cannot be read") as raised:
        load_suites("published", tmp_path)
    assert why in raised.value.why
    assert raised.value.where == str(file)
    assert raised.value.exit_code is ExitCode.SETUP_BROKEN


def test_two_suites_for_one_table_are_refused(tmp_path: Path) -> None:
    write(tmp_path, SOUND)
    write(tmp_path, SOUND, "more.yml")
    with pytest.raises(HelpmartError) as raised:
        load_suites("published", tmp_path)
    assert "another file has a suite for this table" in raised.value.why


def test_a_border_without_any_suite_is_no_open_gate(tmp_path: Path) -> None:
    with pytest.raises(HelpmartError) as raised:
        load_suites("raw", tmp_path)
    assert "nothing would be checked" in raised.value.why


def test_an_unknown_border_is_a_defect_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no border 'marts'"):
        load_suites("marts")


@pytest.mark.parametrize("border", ["raw", "published"])
def test_names_of_checks_are_unique_across_a_border(border: str) -> None:
    names = [s.check_name(item) for s in load_suites(border) for item in s.expectations]
    assert len(set(names)) == len(names)
    assert max(len(name) for name in names) <= 100
