"""What helpmart knows by itself as Parquet, which dbt reads as source `helpmart`.

raw/helpmart/{files,checks,runs} is the ledger, raw/helpmart/statutory_{days,years} the calendar of
each country that a declared business calendar names, raw/helpmart/published_values what readers see
now of complete months, so that the next build can say what it restates.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.ingest.calendars.export import statutory_tables
from pipelines.ingest.ledger import Ledger
from pipelines.ingest.raw import sync

if TYPE_CHECKING:
    from pipelines.settings import Settings

SOURCE = "helpmart"


def export_for_dbt(settings: Settings) -> list[Path]:
    """Write the files anew, each complete or not at all; their paths.

    Raises:
        HelpmartError: a landed calendar names a country of which no statutory days are known.
    """
    statutory = statutory_tables(settings)
    with Ledger(settings.paths.ledger) as ledger:
        tables = {
            "files": [_file_values(row) for row in ledger.files()],
            "checks": [asdict(row) for row in ledger.checks()],
            "runs": [asdict(row) for row in ledger.runs()],
            "statutory_days": statutory.days,
            "statutory_years": statutory.years,
            "published_values": _published_values(settings.paths.published_file),
        }
    folder = settings.paths.raw / SOURCE
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / f"{name}.parquet", name, rows) for name, rows in tables.items()]


def _published_values(file: Path) -> list[dict[str, Any]]:
    """Values of complete months in the published build; none where there is no such build."""
    import duckdb

    if not file.is_file():
        return []
    with duckdb.connect(str(file.resolve()), read_only=True) as connection:
        try:
            cursor = connection.execute(_SHOWN)
        except duckdb.CatalogException:
            # A build from before there were such values has nothing to be compared with.
            return []
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_SHOWN = """
select kpi_id, period_type, period_start, grain, unit_value, value, n, build_id
from published.kpi_values
where period_type = 'month' and grain in ('total', 'channel', 'team', 'shop') and not is_partial
"""


def _file_values(row: Any) -> dict[str, Any]:
    import orjson

    values = asdict(row)
    values["reasons"] = orjson.dumps(values["reasons"]).decode()
    values["drift"] = orjson.dumps(values["drift"]).decode()
    return values


def _write(path: Path, table: str, rows: list[dict[str, Any]]) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    unfinished = path.with_suffix(".unfinished")
    pq.write_table(
        pa.Table.from_pylist(rows, schema=_schemas()[table]), unfinished, compression="zstd"
    )
    sync(unfinished)
    unfinished.replace(path)
    return path


def _schemas() -> dict[str, Any]:
    import pyarrow as pa

    text, count, instant = pa.string(), pa.int64(), pa.timestamp("us", tz="UTC")
    files = [
        *((name, text) for name in ("file_id", "name", "source", "account_id", "entity", "status")),
        *((name, count) for name in ("seen", "loaded", "quarantined", "duplicate", "skipped")),
        ("reasons", text),
        ("detail", text),
        ("run_id", text),
        ("received_at", instant),
        ("modified_at", instant),
        ("size", count),
        *(
            (name, text)
            for name in ("content_sha256", "archive_sha256", "member", "encoding", "drift")
        ),
    ]
    checks = [
        *((name, text) for name in ("run_id", "border", "table", "name", "expectation", "column")),
        ("severity", text),
        ("success", pa.bool_()),
        ("observed", text),
        ("unexpected_count", count),
        ("why", text),
        ("owner", text),
        ("sample_keys", pa.list_(text)),
        ("checked_at", instant),
    ]
    runs = [
        ("run_id", text),
        ("started_at", instant),
        ("finished_at", instant),
        *((name, text) for name in ("state", "build_id", "error")),
    ]
    place = [("country", text), ("subdivision", text)]
    days = [*place, ("date", pa.date32()), ("kind", text), ("name", text)]
    schemas = {
        "files": files,
        "checks": checks,
        "runs": runs,
        "statutory_days": days,
        "statutory_years": [*place, ("year", count)],
        "published_values": [
            ("kpi_id", text),
            ("period_type", text),
            ("period_start", pa.date32()),
            ("grain", text),
            ("unit_value", text),
            ("value", pa.float64()),
            ("n", count),
            ("build_id", text),
        ],
    }
    return {name: pa.schema(columns) for name, columns in schemas.items()}
