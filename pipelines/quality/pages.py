"""The pages on which people read what the checks found: static files that work offline.

Great Expectations' own site is not used: every page of it loads scripts, styles, fonts and images
from eight outside hosts, its tables and its navigation are dead without them, and it prints sample
values of the checked columns. These pages load nothing at all and show keys only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from html import escape
from pathlib import Path

from pipelines.quality.results import Border, CheckResult, count_checks
from pipelines.quality.suites import Suite

KEPT_RUNS = 60

STYLE = """
:root { color-scheme: light dark; --line: #8884; --ok: #18794e; --warn: #ad5700; --bad: #cd2b31; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .25rem; }
p { margin: .25rem 0 .75rem; } a { color: inherit; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0;
  border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; }
.passed { color: var(--ok); } .warning { color: var(--warn); } .failed { color: var(--bad); }
.note { opacity: .75; font-size: .9em; } code { font-size: .92em; }
"""


def write_page(
    folder: Path,
    *,
    border: Border,
    run_id: str,
    suites: Sequence[Suite],
    results: Sequence[CheckResult],
    at: datetime,
) -> Path:
    """The page of one border of one run, linked from `index.html`; returns its place."""
    run_folder = folder / "runs" / re.sub(r"[^\w.-]", "_", run_id)
    run_folder.mkdir(parents=True, exist_ok=True)
    counts = count_checks(results)
    summary = {
        "run_id": run_id,
        "border": border,
        "at": at.isoformat(),
        "when": _when(at),
        **asdict(counts),
    }
    (run_folder / f"{border}.json").write_text(json.dumps(summary), encoding="utf-8")
    body = [
        '<p><a href="../../index.html">All runs</a></p>',
        f"<h1>Checks at the {border} border</h1>",
        f"<p>Run <code>{escape(run_id)}</code>, {escape(_when(at))}. {_sentence(summary)}</p>",
    ]
    for suite in suites:
        body += _section(suite, [result for result in results if result.table == suite.table])
    page = run_folder / f"{border}.html"
    page.write_text(_document(f"Checks: {border}", body), encoding="utf-8")
    _write_index(folder)
    return page


def _section(suite: Suite, results: Sequence[CheckResult]) -> list[str]:
    rows = [_row(result) for result in sorted(results, key=lambda r: (r.success, not r.blocks))]
    return [
        f'<h2 id="{escape(suite.table)}">{escape(suite.table)}</h2>',
        f'<p>{escape(suite.meaning)} <span class="note">Owner: {escape(suite.owner)}</span></p>',
        "<table><tr><th>Result</th><th>Check</th><th>Observed</th><th>Why it matters</th></tr>",
        *rows,
        "</table>",
    ]


def _row(result: CheckResult) -> str:
    state = "passed" if result.success else "failed" if result.blocks else "warning"
    rule = result.name.removeprefix(f"{result.table}_")
    keys = "".join(f"<br><code>{escape(key)}</code>" for key in result.sample_keys)
    return (
        f'<tr><td class="{state}">{state}</td>'
        f'<td>{escape(rule)}<br><span class="note">{escape(result.expectation)},'
        f" {result.severity}</span></td>"
        f"<td>{escape(result.observed)}{keys}</td><td>{escape(result.why)}</td></tr>"
    )


def _write_index(folder: Path) -> None:
    summaries = [
        json.loads(file.read_text(encoding="utf-8")) | {"page": file.with_suffix(".html")}
        for file in (folder / "runs").glob("*/*.json")
    ]
    summaries.sort(key=lambda summary: (summary["at"], summary["border"]), reverse=True)
    for old in summaries[KEPT_RUNS:]:
        old["page"].unlink(missing_ok=True)
        old["page"].with_suffix(".json").unlink()
    rows = [
        f'<tr><td><a href="{escape(summary["page"].relative_to(folder).as_posix())}">'
        f"{escape(summary['when'])}</a></td>"
        f"<td>{escape(summary['border'])}</td><td>{_sentence(summary)}</td>"
        f"<td><code>{escape(summary['run_id'])}</code></td></tr>"
        for summary in summaries[:KEPT_RUNS]
    ]
    body = [
        "<h1>Data checks</h1>",
        "<p>Only a load whose critical checks all pass is published; warnings are shown.</p>",
        "<table><tr><th>When</th><th>Border</th><th>Result</th><th>Run</th></tr>",
        *rows,
        "</table>",
    ]
    (folder / "index.html").write_text(_document("Data checks", body), encoding="utf-8")


def _sentence(summary: dict[str, object]) -> str:
    if summary["failed"]:
        return f'<span class="failed">{summary["failed"]} failed</span>, {_rest(summary)}'
    if summary["warned"]:
        return f'<span class="warning">{_rest(summary)}</span>'
    return f'<span class="passed">all {summary["passed"]} passed</span>'


def _rest(summary: dict[str, object]) -> str:
    return f"{summary['warned']} with a warning, {summary['passed']} passed"


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} {at.tzinfo or ''}".strip()


def _document(title: str, body: Sequence[str]) -> str:
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)} · helpmart</title><style>{STYLE}</style></head><body>",
            *body,
            "</body></html>",
        ]
    )
