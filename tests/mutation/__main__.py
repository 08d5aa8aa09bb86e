"""`python -m tests.mutation`: plants errors in the KPI models and lists those nobody notices."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from pipelines.console import print_line
from pipelines.settings import PROJECT_ROOT
from tests.mutation.builds import MutableBuild
from tests.mutation.mutants import Site, sample, sites
from tests.mutation.trial import INVALID, SURVIVED, UNCHANGED, Court, Verdict
from tests.mutation.watched import Keeper
from tests.mutation.worlds import kept_worlds

MODULES = (
    "test_kpi_backlog_and_sla.py", "test_kpi_bots.py", "test_kpi_charts.py", "test_kpi_commerce.py",
    "test_kpi_demand.py", "test_kpi_efficiency.py", "test_kpi_people.py", "test_kpi_phone.py",
    "test_kpi_plans.py", "test_kpi_resolution.py", "test_kpi_staffing.py", "test_kpi_text.py",
    "test_kpi_values.py", "test_backlog.py", "test_conversations.py",
    "test_service_level_agreement.py", "test_service_level_policies.py", "test_service_levels.py",
    "test_ticket_facts.py", "test_worked_ticket.py",
)  # fmt: skip
# What tests of kpi_values ask of commands and files can't be asked of a mutant.
LEFT_OUT = (
    "metricflow",
    "query_of_the_file",
    "data_test_fires",
    "dictionary_of",
    "dictionary_pages",
)
WIDTH = 100


def main() -> int:
    """Print the rate and the survivors; 1 if a test fails without any mutant, or too few notice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--models", nargs="+", default=[], help="only these models")
    parser.add_argument("--worlds", type=Path, help="keep the built worlds here")
    parser.add_argument("--least", type=float, default=0, help="fail if a smaller share is noticed")
    parser.add_argument("--report", type=Path, help="write every verdict here, as JSON lines")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        keeper = Keeper()
        try:
            with kept_worlds(arguments.worlds or Path(scratch), keeper):
                code = _run_tests(keeper)
            if code or keeper.failed:
                print_line(f"without any mutant {keeper.failed or 'pytest'} fails")
                return 1
            # Comparisons name the test that makes them; from now on pytest does not tell it.
            os.environ["PYTEST_CURRENT_TEST"] = "mutants::again"
            court = Court(keeper)
            chosen = _chosen(court.company, arguments.models, arguments.mutants, arguments.seed)
            verdicts = _verdicts(court, chosen, arguments.report)
        finally:
            keeper.close()
    return int(_reported_share(verdicts) < arguments.least)


def _run_tests(keeper: Keeper) -> int:
    folder = PROJECT_ROOT / "tests" / "integration"
    deselected = " or ".join(LEFT_OUT)
    return pytest.main(
        ["-q", "-p", "no:cacheprovider", "-m", "not long", "-k", f"not ({deselected})"]
        + [str(folder / name) for name in MODULES],
        plugins=[keeper],
    )


def _chosen(build: MutableBuild, models: list[str], number: int, seed: int) -> list[Site]:
    """A sample of the facts behind the cells, what they are made of among marts, and the daily
    tables of charts."""
    names = models or [
        name
        for name, node in build.models.items()
        if node.schema in {"published", "marts"}
        and not node.is_view
        and (name.startswith("fct_") or name.endswith(("_daily", "_hourly", "_monthly")))
        and name != "fct_kpi_cells"
    ]
    return sample({name: sites(name, build.models[name].sql) for name in names}, number, seed)


def _verdicts(court: Court, chosen: list[Site], report: Path | None) -> list[Verdict]:
    verdicts = []
    with report.open("w", encoding="utf-8") if report else tempfile.TemporaryFile("w") as file:
        for number, site in enumerate(chosen, 1):
            begun = time.monotonic()
            verdict = court.tried(site)
            verdicts.append(verdict)
            seconds = round(time.monotonic() - begun, 1)
            line = vars(site) | {"by": verdict.by, "detail": verdict.detail, "seconds": seconds}
            line |= {"before": verdict.mutant.before, "after": verdict.mutant.after}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            if sys.stdout.isatty():
                print_line(f"{number}/{len(chosen)} {site.model} {site.kind}: {verdict.by}")
    return verdicts


def _reported_share(verdicts: list[Verdict]) -> float:
    """Print what became of the mutants; the share noticed of those that change any row."""
    counts = Counter(verdict.by for verdict in verdicts)
    killed = sum(verdict.killed for verdict in verdicts)
    valid = len(verdicts) - counts[INVALID]
    tally = ", ".join(f"{number} {by}" for by, number in sorted(counts.items()))
    print_line(f"{len(verdicts)} mutants: {tally}")
    for verdict in verdicts:
        if verdict.by in {SURVIVED, UNCHANGED}:
            mutant, site = verdict.mutant, verdict.mutant.site
            print_line(f"{verdict.by}: {site.model}, {site.kind} at {site.place}")
            print_line(f"    {mutant.before[:WIDTH]}  ->  {mutant.after[:WIDTH]}")
    changing = valid - counts[UNCHANGED]
    print_line(f"killed {killed} of {valid} valid mutants ({killed / max(valid, 1):.1%}),")
    print_line(f"of {changing} that change any row ({killed / max(changing, 1):.1%})")
    return killed / max(changing, 1)


if __name__ == "__main__":
    sys.exit(main())
