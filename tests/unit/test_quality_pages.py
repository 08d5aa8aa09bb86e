"""The result pages load nothing from anywhere and show what failed first."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines.quality.pages import KEPT_RUNS, write_page
from pipelines.quality.results import CheckResult, Severity
from pipelines.quality.suites import Suite

AT = datetime(2026, 11, 21, 13, 43, tzinfo=ZoneInfo("Asia/Shanghai"))
SUITE = Suite.model_validate(
    {
        "table": "fct_tickets",
        "owner": "data & service",
        "meaning": "One row a <ticket>.",
        "keys": ["ticket_id"],
        "expectations": [
            {
                "expectation": "expect_column_values_to_be_unique",
                "kwargs": {"column": "ticket_key"},
                "severity": "critical",
                "why": "A ticket counted twice inflates every KPI.",
            }
        ],
    }
)


def result(*, success: bool, severity: Severity = "critical", rule: str = "rule") -> CheckResult:
    return CheckResult(
        border="published",
        table="fct_tickets",
        name=f"fct_tickets_{rule}",
        expectation="unexpected_rows_expectation",
        column=None,
        severity=severity,
        success=success,
        observed="as expected" if success else "2 unexpected rows",
        unexpected_count=0 if success else 2,
        why="<b>because</b>",
        owner="data",
        sample_keys=() if success else ("ticket_id=7",),
    )


def page(folder: Path, *results: CheckResult, run_id: str = "run-1") -> str:
    written = write_page(
        folder, border="published", run_id=run_id, suites=[SUITE], results=results, at=AT
    )
    return written.read_text(encoding="utf-8")


def test_the_pages_load_nothing_from_anywhere(tmp_path: Path) -> None:
    page(tmp_path, result(success=False))
    pages = list(tmp_path.rglob("*.html"))
    assert {path.name for path in pages} == {"index.html", "published.html"}
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?:|//\w|<script|<link|<img|@import|url\(", text), path
        for target in re.findall(r'href="([^"]+)"', text):
            assert (path.parent / target).is_file()


def test_failures_come_first_then_warnings_each_with_keys_and_reason(tmp_path: Path) -> None:
    text = page(
        tmp_path,
        result(success=True, rule="fine"),
        result(success=False, severity="warning", rule="odd"),
        result(success=False, rule="wrong"),
    )
    assert text.index("wrong<br>") < text.index("odd<br>") < text.index("fine<br>")
    assert '<span class="failed">1 failed</span>, 1 with a warning, 1 passed' in text
    assert "<code>ticket_id=7</code>" in text
    assert "2026-11-21 13:43 Asia/Shanghai" in text


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        ([result(success=True)], '<span class="passed">all 1 passed</span>'),
        (
            [result(success=True), result(success=False, severity="warning")],
            '<span class="warning">1 with a warning, 1 passed</span>',
        ),
    ],
)
def test_the_verdict_is_one_sentence(
    tmp_path: Path, results: list[CheckResult], sentence: str
) -> None:
    assert sentence in page(tmp_path, *results)
    assert sentence in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_text_from_suites_and_runs_cannot_become_markup(tmp_path: Path) -> None:
    text = page(tmp_path, result(success=True), run_id="<img src=x>/../..")
    assert "One row a &lt;ticket&gt;." in text
    assert "&lt;b&gt;because&lt;/b&gt;" in text
    assert "<img" not in text
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["_img_src_x__.._.."]


def test_only_the_newest_runs_stay(tmp_path: Path) -> None:
    for number in range(KEPT_RUNS + 3):
        page(tmp_path, result(success=True), run_id=f"run-{number}")
    assert len(list(tmp_path.rglob("published.html"))) == KEPT_RUNS
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert index.count("<tr><td>") == KEPT_RUNS
