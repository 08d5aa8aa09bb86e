"""An empty Parquet file for each entity, so that a source without files still has its columns.

Also the Arrow schema of a raw file: every declared column as text, then the load's metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.ingest.contracts import METADATA_COLUMNS, Entity, SourceContract, load_contracts

if TYPE_CHECKING:
    from pipelines.settings import Settings

SCHEMA_FILE = "_schema.parquet"


def raw_schema(entity: Entity) -> Any:
    """The Arrow schema of the raw files of an entity."""
    import pyarrow as pa

    types = {"_record_no": pa.int64(), "_extracted_at": pa.timestamp("us")}
    names = [*entity.columns, *METADATA_COLUMNS]
    return pa.schema([(name, types.get(name, pa.string())) for name in names])


def ensure_schema_files(
    settings: Settings, contracts: Mapping[str, SourceContract] | None = None
) -> list[Path]:
    """Write the schema files that are missing or of another contract; the paths written."""
    written = []
    for source, contract in (contracts or load_contracts()).items():
        for name, entity in contract.entities.items():
            path = settings.paths.raw / source / name / SCHEMA_FILE
            if _write_if_different(path, raw_schema(entity)):
                written.append(path)
    return written


def _write_if_different(path: Path, schema: Any) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if path.exists() and pq.read_schema(path).remove_metadata().equals(schema):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    # `schema.empty_table()` would import pandas.
    empty = pa.table([pa.nulls(0, field.type) for field in schema], schema=schema)
    pq.write_table(empty, unfinished, compression="zstd")
    unfinished.replace(path)
    return True
