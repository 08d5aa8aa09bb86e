"""Landing large files beside DuckDB and others reading the same files; see benchmarks/README.md."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.apart import cpu_seconds, peak_mb, run_apart
from pipelines.console import print_line, print_table
from pipelines.ingest.contracts import SourceContract
from pipelines.ingest.load import load_inbox
from pipelines.settings import Settings

FORMATS = ("ndjson", "ndjson.gz", "csv", "csv.gz")
THREADS = 2
MEMORY_LIMIT = "1GB"
CHUNK_ROWS = 200_000
# It is no dependency of this project: its environment is the caller's.
DLT_PYTHON = "HELPMART_BENCHMARK_DLT_PYTHON"
_BEGIN = "timestamp '2024-01-01'"

# Name, type in the contract, type in DuckDB, and how the n-th value is made up.
Columns = tuple[tuple[str, str, str, str], ...]
TICKETS: Columns = (
    ("id", "id", "BIGINT", "100000 + n"),
    ("created_at", "timestamp", "TIMESTAMP", "stamp(n * 30)"),
    ("updated_at", "timestamp", "TIMESTAMP", "stamp(n * 30 + n % 86400)"),
    ("status", "text", "VARCHAR", "['new', 'open', 'pending', 'hold', 'solved'][n % 5 + 1]"),
    ("priority", "text", "VARCHAR", "['low', 'normal', 'high', 'urgent', null][n % 5 + 1]"),
    ("channel", "text", "VARCHAR", "['email', 'chat', 'web', '电话'][n % 4 + 1]"),
    ("requester_id", "id", "BIGINT", "500000 + n % 90001"),
    ("assignee_id", "id", "BIGINT", "700 + n % 211"),
    ("group_id", "id", "BIGINT", "20 + n % 11"),
    ("subject", "text", "VARCHAR", "'退款 Refund, \"order\" ' || hash(n)::varchar"),
    ("is_public", "bool", "BOOLEAN", "n % 3 > 0"),
    ("reopens", "int", "INTEGER", "n % 4"),
)
EVENTS: Columns = (
    ("id", "id", "BIGINT", "9000000 + n"),
    ("ticket_id", "id", "BIGINT", "100000 + n % {tickets}"),
    ("created_at", "timestamp", "TIMESTAMP", "stamp(n * 3)"),
    ("author_id", "id", "BIGINT", "700 + n % 211"),
    ("kind", "text", "VARCHAR", "['status', 'group_id', 'assignee_id'][n % 3 + 1]"),
    ("value", "text", "VARCHAR", "['open', 'pending', 'solved', '37'][n % 4 + 1]"),
    ("previous", "text", "VARCHAR", "case when n % 5 > 0 then 'open' end"),
)
ENTITIES = {"tickets": TICKETS, "events": EVENTS}


def contract(layout: str) -> SourceContract:
    """The contract of the generated files, as JSON or as tables."""
    entities: dict[str, Any] = {
        entity: {
            "title": entity,
            "files": [f"{entity}*"],
            "key": ["id"],
            "columns": {name: kind for name, kind, _, _ in columns},
            **({"table": {}} if layout == "csv" else {}),
        }
        for entity, columns in ENTITIES.items()
    }
    return SourceContract.model_validate(
        {
            "source": layout,
            "title": {"en": layout, "zh": layout},
            "time_zone": "UTC",
            "extensions": [f".{layout}"],
            "entities": entities,
        }
    )


def write_file(path: Path, columns: Columns, rows: int, tickets: int) -> None:
    """Generate a file; its format follows from its name."""
    connection = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY_LIMIT})
    connection.execute(
        f"create macro stamp(s) as strftime({_BEGIN} + to_seconds(s % 60000000), "
        "'%Y-%m-%dT%H:%M:%SZ')"
    )
    made = ", ".join(f"{how.format(tickets=tickets)} as {name}" for name, _, _, how in columns)
    packed = ", compression gzip" if path.suffix == ".gz" else ""
    kind = "format csv, header" if ".csv" in path.name else "format json"
    connection.execute(
        f"copy (select {made} from range({rows}) as r(n)) to '{path}' ({kind}{packed})"  # noqa: S608
    )
    connection.close()


def read_by_duckdb(path: Path, entity: str, scratch: Path) -> None:
    """The file into typed Parquet, told every type."""
    types = ", ".join(f"'{name}': '{kind}'" for name, _, kind, _ in ENTITIES[entity])
    reader = (
        f"read_csv('{path}', columns = {{{types}}}, header = true, auto_detect = false)"
        if ".csv" in path.name
        else f"read_json('{path}', columns = {{{types}}}, format = 'newline_delimited')"
    )
    connection = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY_LIMIT})
    target = scratch / "typed.parquet"
    connection.execute(f"copy (from {reader}) to '{target}' (compression zstd)")


def read_by_helpmart(path: Path, entity: str, scratch: Path) -> None:
    """The file through archive, contract, quarantine and ledger into the raw layer."""
    layout = "csv" if ".csv" in path.name else "ndjson"
    known = {layout: contract(layout)}
    home = scratch / "home"
    settings = Settings(home=home, quiet_seconds=0, threads=THREADS, memory_limit=MEMORY_LIMIT)
    inbox = settings.paths.inbox / layout
    inbox.mkdir(parents=True)
    path.rename(inbox / path.name)
    try:
        report = load_inbox(settings, run_id="benchmark", contracts=known)
    finally:
        archived = next(found for found in settings.paths.archive.rglob("*") if found.is_file())
        archived.rename(path)
    [row] = report.files
    if row.loaded + row.skipped != row.seen:
        raise RuntimeError(f"{entity}: {row.seen} seen, {row.loaded} loaded, {row.reasons}")


def read_by_pandas(path: Path, entity: str, scratch: Path) -> None:
    """The file in chunks into typed Parquet."""
    # Imported here, since what the others take of memory is measured too.
    import pandas as pd  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    stamps = [name for name, kind, _, _ in ENTITIES[entity] if kind == "timestamp"]
    options: dict[str, Any] = {"chunksize": CHUNK_ROWS}
    chunks = (
        pd.read_csv(path, parse_dates=stamps, **options)
        if ".csv" in path.name
        else pd.read_json(path, lines=True, convert_dates=stamps, **options)
    )
    writer = None
    for chunk in chunks:
        table = pa.Table.from_pandas(chunk, preserve_index=False)
        writer = writer or pq.ParquetWriter(scratch / "typed.parquet", table.schema)
        writer.write_table(table.cast(writer.schema))
    if writer:
        writer.close()


def read_by_dlt(path: Path, entity: str, scratch: Path) -> None:
    """The file into Parquet by dlt, told every type, in the environment that `--dlt` names."""
    names = {"BIGINT": "bigint", "INTEGER": "bigint", "BOOLEAN": "bool", "TIMESTAMP": "timestamp"}
    columns = {name: names.get(kind, "text") for name, _, kind, _ in ENTITIES[entity]}
    script = Path(__file__).with_name("ingest_by_dlt.py")
    command = [os.environ[DLT_PYTHON], str(script), str(path), json.dumps(columns), str(scratch)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


READERS: dict[str, Callable[[Path, str, Path], None]] = {
    "duckdb": read_by_duckdb,
    "helpmart": read_by_helpmart,
    "pandas": read_by_pandas,
    "dlt": read_by_dlt,
}


WITHIN = [tool for tool in READERS if tool != "dlt"]


def read_in_this_process(tool: str, path: Path, entity: str) -> dict[str, float]:
    """Seconds, seconds of CPU, and the most memory that this process ever had, in MB."""
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        before = cpu_seconds()
        begun = time.perf_counter()
        READERS[tool](path, entity, Path(scratch))
        seconds = time.perf_counter() - begun
        cpu = cpu_seconds() - before
    return {"seconds": seconds, "cpu": cpu, "peak_mb": peak_mb()}


def compare(path: Path, entity: str, tools: list[str], rounds: int) -> list[dict[str, Any]]:
    """Medians of each tool over rounds in turn, with the ratio to DuckDB of the same run."""
    runs: dict[str, list[dict[str, float]]] = {tool: [] for tool in tools}
    for _ in range(rounds):
        for tool in tools:
            runs[tool].append(run_apart("benchmarks.ingest", "--read", tool, str(path), entity))
    middle = {
        tool: {key: statistics.median(run[key] for run in found) for key in found[0]}
        for tool, found in runs.items()
    }
    return [
        {
            "file": path.name,
            "tool": tool,
            **{key: round(value, 2) for key, value in figures.items()},
            "time ratio": round(figures["seconds"] / middle["duckdb"]["seconds"], 2),
            "CPU ratio": round(figures["cpu"] / middle["duckdb"]["cpu"], 2),
        }
        for tool, figures in middle.items()
    ]


def run(
    folder: Path, rows: dict[str, int], formats: list[str], tools: list[str], rounds: int
) -> list[dict[str, Any]]:
    """One file after the other, each deleted when it is measured."""
    found = []
    for layout in formats:
        for entity, count in rows.items():
            path = folder / f"{entity}.{layout}"
            write_file(path, ENTITIES[entity], count, max(rows["tickets"], 1))
            found += compare(path, entity, tools, rounds)
            path.unlink()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--tools", nargs="+", choices=WITHIN, default=WITHIN)
    parser.add_argument("--dlt", metavar="PYTHON", help="compare dlt, which this Python has")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are made (default: temporary)")
    parser.add_argument("--read", nargs=3, metavar=("TOOL", "FILE", "ENTITY"), help="one reading")
    arguments = parser.parse_args()
    if arguments.read:
        tool, file, entity = arguments.read
        print_line(json.dumps(read_in_this_process(tool, Path(file), entity)))
        return
    if arguments.dlt:
        os.environ[DLT_PYTHON] = arguments.dlt
    others = [*arguments.tools, *(["dlt"] if arguments.dlt else [])]
    tools = ["duckdb", *(tool for tool in others if tool != "duckdb")]
    rows = {"tickets": arguments.tickets, "events": arguments.events}
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        found = run(Path(folder), rows, arguments.formats, tools, arguments.rounds)
    print_table(found, list(found[0]), empty="", title="Ingest")


if __name__ == "__main__":
    main()
