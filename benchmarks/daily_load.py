"""The whole daily job beside the same SQL run bare in DuckDB; see benchmarks/README.md."""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.console import print_line, print_table
from pipelines.orchestration.run import run_daily_load
from pipelines.settings import Settings
from pipelines.simulate import write_demo
from pipelines.text.dbt_plugin import register
from pipelines.transform.left_out import recall
from pipelines.transform.profile import PROJECT_DIR

UNTIL = date(2026, 10, 31)
# As in the macro `between_parts`.
BETWEEN_PARTS = "\n\nunion all -- next part\n\n"


class StepTimer:
    """A reporter that keeps how long each step took."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, float]] = []
        self._begun = time.perf_counter()

    def step(self, name: str) -> None:
        self.steps.append((name, time.perf_counter() - self._begun))

    def detail(self, text: str) -> None:
        """Not timed."""

    def durations(self, until: float) -> list[dict[str, Any]]:
        """Seconds and share of each step; what came before the first is start-up."""
        marks = [("Importing and starting", 0.0), *self.steps, ("", until)]
        return [
            {"step": name, "seconds": round(after - at, 2), "share": f"{(after - at) / until:.0%}"}
            for (name, at), (_, after) in itertools.pairwise(marks)
        ]


def compiled_models(target: Path) -> list[dict[str, Any]]:
    """dbt's models in the order in which dbt finished them, with the SQL it ran and its time."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    timed = {result["unique_id"]: result for result in results}
    models = [node for key, node in manifest["nodes"].items() if key in timed]
    for node in models:
        node["seconds"] = timed[node["unique_id"]]["execution_time"]
        node["compiled_code"] = timed[node["unique_id"]].get("compiled_code")
        node["finished"] = max(
            (stage["completed_at"] for stage in timed[node["unique_id"]]["timing"]), default=""
        )
    wanted = [node for node in models if node["resource_type"] in {"model", "seed"}]
    return sorted(wanted, key=lambda node: node["finished"])


def run_bare(
    settings: Settings, models: list[dict[str, Any]], folder: Path, published: Path
) -> float:
    """Execute the same SQL in one fresh session; seeds are copied first and not timed."""
    connection = duckdb.connect(str(folder / "warehouse.duckdb"))
    register(connection)
    connection.execute(f"attach '{folder / 'helpmart.duckdb'}' as helpmart")
    connection.execute(f"set threads = {settings.threads}; set timezone = 'UTC'")
    connection.execute(f"attach '{settings.paths.warehouse_file}' as built_warehouse (read_only)")
    connection.execute(f"attach '{published}' as built (read_only)")
    for node in models:
        target = f'"{node["database"]}"."{node["schema"]}"'
        connection.execute(f"create schema if not exists {target}")
        if node["resource_type"] == "seed":
            built = "built" if node["database"] == "helpmart" else "built_warehouse"
            relation = f'{built}."{node["schema"]}"."{node["alias"]}"'
            connection.execute(f'create table {target}."{node["alias"]}" as from {relation}')
    _stand_in_for_what_dbt_left_out(settings, models, connection)
    begun = time.perf_counter()
    for node in models:
        if node["resource_type"] == "model" and node["config"]["materialized"] != "ephemeral":
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            relation = f'"{node["database"]}"."{node["schema"]}"."{node["alias"]}"'
            first, *others = node["compiled_code"].split(BETWEEN_PARTS)
            connection.execute(f"create {kind} {relation} as {first}")
            for part in others:
                connection.execute(f"insert into {relation} by name {part}")
    connection.execute("checkpoint; checkpoint helpmart")
    seconds = time.perf_counter() - begun
    connection.close()
    return seconds


def _stand_in_for_what_dbt_left_out(
    settings: Settings, models: list[dict[str, Any]], connection: duckdb.DuckDBPyConnection
) -> None:
    ran = {(node["schema"], node["alias"]) for node in models}
    for view in recall(settings, PROJECT_DIR).views.values():
        if (view.schema, view.name) not in ran:
            connection.execute(f'create schema if not exists "{view.schema}"')
            connection.execute(view.stand_in())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=420)
    parser.add_argument("--home", type=Path, help="keep the installation here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(home=arguments.home or Path(scratch) / "home", quiet_seconds=0)
        begun = time.perf_counter()
        summary = write_demo(
            settings.paths.inbox / "zendesk" / "northwind",
            settings.home / "truth",
            tickets=arguments.tickets,
            days=arguments.days,
            until=UNTIL,
        )
        print_line(
            f"simulated in {time.perf_counter() - begun:.1f} s: {summary.tickets:,} tickets, "
            f"{summary.comments:,} comments, {summary.field_changes:,} field changes"
        )
        timer = StepTimer()
        begun = time.perf_counter()
        outcome = run_daily_load(settings, timer)
        total = time.perf_counter() - begun
        print_table(
            timer.durations(total), ["step", "seconds", "share"], empty="", title="Daily job"
        )
        models = compiled_models(settings.paths.dbt_target)
        slowest = sorted(models, key=lambda node: -float(node["seconds"]))[:12]
        print_table(
            [{"model": node["name"], "seconds": round(node["seconds"], 2)} for node in slowest],
            ["model", "seconds"],
            empty="",
            title="Slowest models",
        )
        bare_folder = Path(scratch) / "bare"
        bare_folder.mkdir()
        bare = run_bare(settings, models, bare_folder, settings.paths.published_file.resolve())
        model_seconds = sum(float(node["seconds"]) for node in models)
        print_line(f"outcome            {outcome.state} {outcome.error}")
        print_line(f"whole daily job    {total:.1f} s")
        print_line(f"models in dbt      {model_seconds:.1f} s")
        print_line(
            f"same SQL bare      {bare:.1f} s; dbt models / bare = {model_seconds / bare:.2f}"
        )
        landing = next(row["seconds"] for row in timer.durations(total) if "Landing" in row["step"])
        rest = total - landing
        print_line(
            f"job less landing   {rest:.1f} s; aim: at most 2 x bare + 20 s = {2 * bare + 20:.1f} s"
        )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print_line(f"peak memory        {peak:.1f} GB")


if __name__ == "__main__":
    main()
