"""A file into Parquet by dlt, in an environment that has it: `dlt[filesystem,parquet,duckdb]`.

Usage: PYTHON ingest_by_dlt.py FILE COLUMNS SCRATCH
COLUMNS is JSON: the names of the columns and their types as dlt calls them.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

CHUNK_ROWS = 200_000


def load(path: Path, columns: dict[str, str], scratch: Path) -> None:
    """One run of a pipeline: extract, normalise, load into a folder."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    import dlt  # noqa: PLC0415
    from dlt.sources.filesystem import filesystem, read_csv_duckdb, read_jsonl  # noqa: PLC0415

    found = filesystem(bucket_url=path.parent.as_uri(), file_glob=path.name)
    rows = (
        found | read_csv_duckdb(chunk_size=CHUNK_ROWS, use_pyarrow=True)
        if ".csv" in path.name
        else found | read_jsonl(chunksize=CHUNK_ROWS)
    )
    hints = {name: {"name": name, "data_type": kind} for name, kind in columns.items()}
    pipeline = dlt.pipeline(
        pipeline_name="ingest",
        pipelines_dir=str(scratch / "pipelines"),
        destination=dlt.destinations.filesystem(bucket_url=(scratch / "lake").as_uri()),
    )
    pipeline.run(
        rows.with_name("rows").apply_hints(columns=hints), loader_file_format="parquet"
    ).raise_on_failed_jobs()


if __name__ == "__main__":
    load(Path(sys.argv[1]), json.loads(sys.argv[2]), Path(sys.argv[3]))
