"""The full build beside the same SQL bare, and a day's 1 % beside it; see benchmarks/README.md."""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.apart import cpu_seconds, peak_mb, run_apart
from benchmarks.daily_load import compiled_models, run_bare
from benchmarks.multiply import multiply
from pipelines.console import print_line, print_table
from pipelines.ingest.export import export_for_dbt
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings
from pipelines.simulate import write_demo
from pipelines.transform.dbt_runner import build

UNTIL = date(2026, 10, 31)
DAYS = 420
SHARE = 0.01
SELECTION = "resource_type:seed resource_type:model"
TICKET_ID = re.compile(r'"ticket_id": ?(\d+)')
OF_TICKETS = ("ticket_audits_*.ndjson.gz", "ticket_metric_events.ndjson.gz")


def hold_back(export: Path, later: Path, share: float) -> tuple[int, int]:
    """Move a day's worth out of an export: new tickets, and older ones that change once more.

    Returns:
        How many tickets come later as new ones, and how many come again with a later state.
    """
    later.mkdir(parents=True)
    ids = sorted(
        json.loads(line)["ticket"]["id"]
        for path in export.glob("tickets_*.ndjson.gz")
        for line in _lines(path)
    )
    half = max(int(len(ids) * share / 2), 1)
    new, changed = set(ids[-half:]), set(ids[: -half : max(len(ids) // half, 1)][:half])
    again = []
    for path in export.glob("tickets_*.ndjson.gz"):
        kept = []
        for line in _lines(path):
            ticket = json.loads(line)["ticket"]
            if ticket["id"] in new:
                again.append(line)
                continue
            kept.append(line)
            if ticket["id"] in changed:
                again.append(json.dumps({"ticket": _moved_on(ticket)}, ensure_ascii=False) + "\n")
        _write(path, kept)
    _write(later / "tickets_day.ndjson.gz", again)
    for pattern in OF_TICKETS:
        for path in sorted(export.glob(pattern)):
            _part(path, later / path.name.replace(".ndjson", "_day.ndjson"), new)
    return len(new), len(changed)


def _moved_on(ticket: dict[str, Any]) -> dict[str, Any]:
    stamp = f"{UNTIL.isoformat()}T12:00:00Z"
    priority = "high" if ticket["priority"] != "high" else "urgent"
    later = int(ticket["generated_timestamp"]) + 400 * 86_400
    return ticket | {"updated_at": stamp, "generated_timestamp": later, "priority": priority}


def _part(path: Path, later: Path, ids: set[int]) -> None:
    kept: list[str] = []
    moved: list[str] = []
    for line in _lines(path):
        found = TICKET_ID.search(line)
        (moved if found and int(found.group(1)) in ids else kept).append(line)
    _write(path, kept)
    _write(later, moved)


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from file


def _write(path: Path, lines: list[str]) -> None:
    if lines:
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
            file.writelines(lines)


def load(home: Path, folder: Path, times: int = 1) -> None:
    """Land one export as an operator would, and multiply what landed."""
    settings = _settings(home)
    shutil.copytree(folder, settings.paths.inbox / "zendesk" / "northwind", dirs_exist_ok=True)
    load_inbox(settings, run_id=f"benchmark-{folder.name}")
    export_for_dbt(settings)
    if times > 1:
        multiply(settings.paths.raw, times)


def measured(home: Path, what: str) -> dict[str, Any]:
    """A build or a bare run in a process of its own."""
    return run_apart("benchmarks.build", "--run", what, str(home))


def run_here(what: str, home: Path) -> dict[str, Any]:
    """Seconds of wall and CPU of the models alone, and the process's peak memory in MB."""
    settings = _settings(home)
    if what == "build":
        before = cpu_seconds()
        begun = time.perf_counter()
        outcome = build(settings, build_id="benchmark", select=SELECTION)
        outcome.raise_on_failure()
        whole, cpu = time.perf_counter() - begun, cpu_seconds() - before
        found = {"seconds": outcome.model_seconds, "whole": whole, "cpu": cpu}
    else:
        with tempfile.TemporaryDirectory(dir=home) as scratch:
            models = compiled_models(settings.paths.dbt_target)
            before = cpu_seconds()
            seconds = run_bare(settings, models, Path(scratch), settings.paths.serving_file)
            found = {"seconds": seconds, "whole": seconds, "cpu": cpu_seconds() - before}
    return {name: round(value, 2) for name, value in found.items()} | {"peak_mb": round(peak_mb())}


def differing_tables(left: Path, right: Path) -> list[str]:
    """Published tables that do not hold the same rows, compared cell by cell."""
    connection = duckdb.connect()
    connection.execute(f"attach '{left}' as a (read_only); attach '{right}' as b (read_only)")
    names = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'a' order by 1"
    ).fetchall()
    return [
        name
        for (name,) in names
        if connection.execute(
            f"(from a.published.{name} except all from b.published.{name})"
            f" union all (from b.published.{name} except all from a.published.{name}) limit 1"
        ).fetchall()
    ]


def _settings(home: Path) -> Settings:
    return Settings(home=home, quiet_seconds=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=2_000_000)
    parser.add_argument("--times", type=int, default=1, help="multiply what landed by this")
    parser.add_argument("--folder", type=Path, help="where all is made (default: temporary)")
    parser.add_argument("--run", nargs=2, metavar=("WHAT", "HOME"), help="one measurement")
    arguments = parser.parse_args()
    if arguments.run:
        what, home = arguments.run
        print_line(json.dumps(run_here(what, Path(home))))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as scratch:
        run(Path(scratch), arguments.tickets, arguments.times)


def run(folder: Path, tickets: int, times: int = 1) -> None:
    """Simulate, build, run bare, load a day, build again, and build the same afresh."""
    export, later = folder / "export", folder / "later"
    # Without the known defects, so that every line can be read here.
    summary = write_demo(
        export, folder / "truth", tickets=tickets, days=DAYS, until=UNTIL, dirt=False
    )
    new, changed = hold_back(export, later, SHARE)
    print_line(
        f"{summary.tickets:,} tickets, {summary.comments:,} comments, "
        f"{summary.field_changes:,} field changes; a day later {new:,} new, {changed:,} changed;"
        f" all of it {times:,} times"
    )
    home, fresh = folder / "home", folder / "fresh"
    load(home, export, times)
    rows = [{"step": "full build", **measured(home, "build")}]
    rows.append({"step": "same SQL bare", **measured(home, "bare")})
    load(home, later, times)
    rows.append({"step": "build after a day", **measured(home, "build")})
    load(fresh, export, times)
    load(fresh, later, times)
    rows.append({"step": "the same afresh", **measured(fresh, "build")})
    print_table(rows, list(rows[0]), empty="", title="Build")
    full, bare, daily, _ = rows
    print_line(f"dbt's models / bare       {full['seconds'] / bare['seconds']:.2f}")
    print_line(f"a day / full build        {daily['seconds'] / full['seconds']:.0%}")
    paths = [_settings(place).paths.serving_file for place in (home, fresh)]
    print_line(f"tables that differ        {differing_tables(*paths) or 'none'}")


if __name__ == "__main__":
    main()
