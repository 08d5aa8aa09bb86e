"""Publishes one build: copy, stamp, verify, rename, swap. Readers see the old build or the new one.

Not here: deciding what is checked. Publishing refuses on its own when a check blocks, whoever
calls it, because a failed step upstream does not reliably stop a step downstream.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.errors import ExitCode, HelpmartError
from pipelines.faults import fault
from pipelines.ingest.parsing.values.pseudonyms import installation_key
from pipelines.publish.builds import (
    FILE_NAME,
    Build,
    Clock,
    current_folder,
    prune,
    read_build,
    require_build_id,
    show_build,
    utc_now,
)
from pipelines.publish.durable import (
    LEFTOVER_PREFIX,
    remove,
    remove_leftovers,
    rename_folder,
    sync_file,
)
from pipelines.publish.pseudonyms import SMALL_FIGURES, pseudonymise, without_samples
from pipelines.publish.stamp import SCHEMA, count_rows, stamp, verify
from pipelines.quality.results import CheckResult, blocking
from pipelines.settings import HomePaths, Settings

# The copy, and the blocks that stamping it rewrites; a full disk is better met before than within.
SPACE_FACTOR = 1.1
SPACE_FLOOR_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Published:
    """What one publication put in front of readers."""

    build: Build
    file: Path
    removed: tuple[str, ...]

    @property
    def build_id(self) -> str:
        return self.build.build_id

    @property
    def data_as_of(self) -> datetime | None:
        return self.build.data_as_of


def publish(
    settings: Settings,
    *,
    build_id: str,
    run_id: str,
    checks: Sequence[CheckResult],
    clock: Clock = utc_now,
) -> Published:
    """Show the serving file's content to readers as build `build_id`.

    Repeating the call after a crash finishes what was left undone; the same id is the same build.

    Raises:
        HelpmartError: a check blocks, no check was made, the serving file is missing or does not
            hold what it should, or the disk is too small. Readers then still see the build before.
    """
    paths = settings.paths
    _refuse_unchecked(require_build_id(build_id), checks)
    sweep(settings)
    before = current_folder(paths)
    folder = paths.builds / build_id
    if not folder.is_dir():
        _make_build(settings, folder, run_id, checks, clock())
    fault("build_renamed")
    show_build(paths, folder)
    fault("link_swapped")
    removed = prune(paths, keep=settings.keep_builds, spare=[before])
    file = folder / FILE_NAME
    return Published(
        build=read_build(folder, is_current=True),
        file=file,
        removed=tuple(removed),
    )


def sweep(settings: Settings) -> list[Path]:
    """Remove what interrupted publications left behind; nothing a reader can see is touched."""
    paths = settings.paths
    folders = (paths.builds, paths.published, paths.health_link.parent)
    return [path for folder in folders for path in remove_leftovers(folder)]


def _refuse_unchecked(build_id: str, checks: Sequence[CheckResult]) -> None:
    failed = blocking(checks)
    if checks and not failed:
        return
    names = ", ".join(f"{check.name} ({check.observed})" for check in failed[:5])
    raise HelpmartError(
        what=f"build {build_id} is not published: "
        + (f"{len(failed)} of {len(checks)} checks failed" if failed else "nothing checked it"),
        where=names,
        why="only a build whose critical checks all pass may reach a dashboard",
        remedy="read the check results (`helpmart status`), mend the data or the rule, run again; "
        "readers still see the build before",
        exit_code=ExitCode.GATE_FAILED,
    )


def _make_build(
    settings: Settings, folder: Path, run_id: str, checks: Sequence[CheckResult], built_at: datetime
) -> None:
    """`folder` holds the complete, verified, durable build; before that it does not exist."""
    import duckdb

    paths = settings.paths
    expected = _close_serving_file(paths.serving_file)
    paths.builds.mkdir(parents=True, exist_ok=True)
    _require_space(paths)
    work = folder.with_name(f"{LEFTOVER_PREFIX}building-{folder.name}")
    work.mkdir()
    file = work / FILE_NAME
    try:
        shutil.copyfile(paths.serving_file, file)
        if settings.agent_pseudonyms:
            stamp(file, folder.name, run_id, without_samples(checks), built_at)
            pseudonymise(file, installation_key(paths.secrets), settings.smallest_group)
            expected = {name: rows for name, rows in expected.items() if name not in SMALL_FIGURES}
        else:
            stamp(file, folder.name, run_id, checks, built_at)
        verify(file, folder.name, expected)
        file.chmod(0o444)
        sync_file(file)
    except (OSError, duckdb.IOException) as error:
        remove(work)
        raise HelpmartError(
            what=f"build {folder.name} could not be written",
            where=str(file),
            why=getattr(error, "strerror", None) or str(error).splitlines()[0],
            remedy="free space or mend the disk, then run again; readers see the build before",
        ) from error
    except HelpmartError:
        remove(work)
        raise
    fault("build_copied")
    rename_folder(work, folder)


def _close_serving_file(serving_file: Path) -> dict[str, int]:
    """Everything written is in the one file; returns the rows of each published table."""
    import duckdb

    if not serving_file.is_file():
        raise HelpmartError(
            what="there is nothing to publish",
            where=str(serving_file),
            why="the models have not been built",
            remedy="run `helpmart build`, or `helpmart run` for the whole load",
            exit_code=ExitCode.NOT_FOUND,
        )
    try:
        with duckdb.connect(str(serving_file)) as connection:
            connection.execute("checkpoint")
            tables = count_rows(connection)
    except duckdb.IOException as error:
        raise HelpmartError(
            what="the serving file cannot be opened for publishing",
            where=str(serving_file),
            why=str(error).splitlines()[0],
            remedy="close the program that holds the file, then run again",
            exit_code=ExitCode.BUSY,
        ) from error
    if "dim_accounts" not in tables:
        raise HelpmartError(
            what="there is nothing to publish",
            where=str(serving_file),
            why=f"schema {SCHEMA} has no table dim_accounts, which says what the data are as of",
            remedy="run `helpmart build` and look at its first error",
        )
    return tables


def _require_space(paths: HomePaths) -> None:
    needed = int(paths.serving_file.stat().st_size * SPACE_FACTOR) + SPACE_FLOOR_BYTES
    free = shutil.disk_usage(paths.builds).free
    if free >= needed:
        return
    raise HelpmartError(
        what="the disk is too full to publish",
        where=str(paths.builds),
        why=f"{needed / 2**20:.0f} MiB needed, {free / 2**20:.0f} MiB free",
        remedy="free space or lower keep_builds; readers still see the build before",
    )
