"""dbt's commands in this process, and the parsed project that one command hands to the next.

What belongs here: how dbt is called and left. What is to be built belongs to `dbt_runner`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines.errors import HelpmartError
from pipelines.settings import Settings
from pipelines.transform.profile import dbt_variables, write_profile

LOCATION = "external_location"
MANIFEST = "manifest.json"
# Beside the manifest: the version of the project that it was written of.
VERSION = "manifest.version"

# By folder and version of the project: the raw folder that the manifest reads, and the manifest.
_parsed: dict[tuple[Path, str], tuple[Path, Any]] = {}


def run_dbt(
    settings: Settings,
    project: Path,
    arguments: list[str],
    *,
    environment: Mapping[str, str] | None = None,
    **runner: Any,
) -> Any:
    """What dbt gave back for one command, its database files closed; `runner` is for dbtRunner.

    Raises:
        HelpmartError: dbt could not start at all. A node that failed is a result.
    """
    from dbt.cli.main import dbtRunner

    settings.paths.warehouse.mkdir(parents=True, exist_ok=True)
    written = settings.paths.dbt_target / VERSION
    written.unlink(missing_ok=True)
    version = project_version(settings, project)
    with _environment({"DO_NOT_TRACK": "1", **(environment or {})}), _released_database():
        outcome = dbtRunner(**runner).invoke(arguments + _common_arguments(settings, project))
    if outcome.exception is not None:
        raise HelpmartError(
            what=f"dbt {arguments[0]} could not run",
            where=str(project),
            why=str(outcome.exception).strip(),
            remedy="the whole trace is in logs/dbt/dbt.log of the state folder",
        ) from outcome.exception
    written.write_text(version, encoding="utf-8")
    return outcome


def project_version(settings: Settings, project: Path) -> str:
    """Changes with every file and variable of the project, but for raw's place, and with DuckDB."""
    import duckdb

    variables = json.loads(dbt_variables(settings)) | {"raw_root": ""}
    parts = (duckdb.__version__, json.dumps(variables))
    digest = hashlib.sha256("\0".join(parts).encode())
    for path in sorted(path for path in project.rglob("*") if path.is_file()):
        digest.update(f"\0{path.relative_to(project)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def parsed_manifest(settings: Settings, project: Path, version: str) -> Any:
    """dbt's manifest of this version of the project, parsed once in a process.

    Parsing takes as long as building a small installation. Of what differs between installations
    only the place of the raw files is fixed in parsing, so it is put right here.
    """
    raw = settings.paths.raw
    key = (project, version)
    if key not in _parsed:
        _parsed[key] = raw, run_dbt(settings, project, ["parse"]).result
    before, manifest = _parsed[key]
    for source in manifest.sources.values():
        place = source.config[LOCATION].replace(f"'{before}/", f"'{raw}/")
        source.config[LOCATION] = place
        source.relation_name = place.replace("{name}", source.name)
    _parsed[key] = raw, manifest
    return manifest


def write_artifacts(settings: Settings, project: Path) -> Path:
    """See to it that dbt's manifests are those of the project as it is now; their folder.

    What a manifest is of is told by what the files hold, not by when they were written: an
    installation may have been used with another copy of the project.
    """
    target, version = settings.paths.dbt_target, project_version(settings, project)
    if not _is_written(target, version):
        manifest = parsed_manifest(settings, project, version)
        if not _is_written(target, version):
            from dbt.parser.manifest import write_manifest

            target.mkdir(parents=True, exist_ok=True)
            write_manifest(manifest, str(target))
            (target / VERSION).write_text(version, encoding="utf-8")
    return target


def _is_written(target: Path, version: str) -> bool:
    told = target / VERSION
    is_whole = told.is_file() and (target / MANIFEST).is_file()
    return is_whole and told.read_text("utf-8") == version


def _common_arguments(settings: Settings, project: Path) -> list[str]:
    return [
        "--log-level",
        "none",
        "--log-level-file",
        "debug",
        "--no-version-check",
        "--no-send-anonymous-usage-stats",
        "--no-use-colors",
        "--project-dir",
        str(project),
        "--profiles-dir",
        str(write_profile(settings)),
        "--target-path",
        str(settings.paths.dbt_target),
        "--log-path",
        str(settings.paths.logs / "dbt"),
        "--vars",
        dbt_variables(settings),
    ]


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _released_database() -> Iterator[None]:
    """dbt-duckdb keeps its connection for a next command; publishing needs the files closed."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    try:
        yield
    finally:
        if DuckDBConnectionManager._ENV is not None:
            DuckDBConnectionManager.env().close()
        DuckDBConnectionManager.close_all_connections()
