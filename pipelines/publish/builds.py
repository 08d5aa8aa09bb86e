"""The published builds: which exist, which one is shown, and moving the view between them.

A build is the folder `builds/<build_id>/` with one immutable `helpmart.duckdb`; the one that
readers see is where `published/current` leads.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import ExitCode, HelpmartError
from pipelines.publish.durable import LEFTOVER_PREFIX, point_link, remove, sync_folder
from pipelines.quality.results import CheckCounts
from pipelines.settings import HomePaths, Settings

FILE_NAME = "helpmart.duckdb"
BUILD_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")

# A reader resolves `current` once and may open the file it found until its request ends; a page
# that is being opened keeps to the build it began with.
READER_GRACE_SECONDS = 120.0

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Build:
    """One published build, as its own `published.build_info` tells."""

    build_id: str
    run_id: str
    built_at: datetime
    data_as_of: datetime | None
    code_version: str
    checks: CheckCounts
    size_bytes: int
    is_current: bool


def utc_now() -> datetime:
    """The clock of production; tests pass their own."""
    return datetime.now(UTC)


def new_build_id(now: datetime) -> str:
    """An id that sorts by time and is unique even within one second."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def require_build_id(build_id: str) -> str:
    """The id itself, if it is one; ids become folder names, so nothing else may pass."""
    if BUILD_ID.fullmatch(build_id):
        return build_id
    raise HelpmartError(
        what=f"{build_id!r} is no build id",
        why="a build id looks like 20261121T054312Z-0a1b2c",
        remedy="take one from `helpmart publish list`",
        exit_code=ExitCode.USAGE,
    )


def build_folders(paths: HomePaths) -> list[Path]:
    """The folders of complete builds, newest first."""
    if not paths.builds.is_dir():
        return []
    found = [path for path in paths.builds.iterdir() if BUILD_ID.fullmatch(path.name)]
    return sorted(found, reverse=True)


def current_folder(paths: HomePaths) -> Path | None:
    """The folder that readers see, or None when nothing was published yet."""
    if not paths.current_link.is_symlink():
        return None
    folder = paths.current_link.resolve()
    return folder if (folder / FILE_NAME).is_file() else None


def current_build(settings: Settings) -> Build | None:
    """The build that readers see."""
    folder = current_folder(settings.paths)
    return read_build(folder, is_current=True) if folder else None


def list_builds(settings: Settings) -> list[Build]:
    """All builds that can be shown, newest first."""
    shown = current_folder(settings.paths)
    folders = build_folders(settings.paths)
    return [read_build(path, is_current=path == shown) for path in folders]


def read_build(folder: Path, *, is_current: bool) -> Build:
    """What the build says of itself; a file that cannot be read is an error with its name."""
    import duckdb

    file = folder / FILE_NAME
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            row = connection.execute(
                "select build_id, run_id, built_at, data_as_of, code_version, checks_passed,"
                " checks_failed, checks_warned from published.build_info"
            ).fetchone()
    except duckdb.Error as error:
        raise _unreadable(file, str(error).splitlines()[0]) from error
    if row is None:
        raise _unreadable(file, "published.build_info is empty")
    return Build(
        build_id=row[0],
        run_id=row[1],
        built_at=row[2].replace(tzinfo=UTC),
        data_as_of=row[3].replace(tzinfo=UTC) if row[3] else None,
        code_version=row[4],
        checks=CheckCounts(passed=row[5], failed=row[6], warned=row[7]),
        size_bytes=file.stat().st_size,
        is_current=is_current,
    )


def show_build(paths: HomePaths, folder: Path) -> None:
    """Readers see `folder` from now on; who has the build before open keeps it."""
    paths.published.mkdir(parents=True, exist_ok=True)
    point_link(paths.current_link, folder)


def choose_rollback(paths: HomePaths, build_id: str | None) -> Path:
    """The build to go back to: the one named, or the newest one older than the shown one."""
    folders = build_folders(paths)
    if build_id is not None:
        wanted = paths.builds / require_build_id(build_id)
        if wanted in folders:
            return wanted
        raise _nothing_to_show(f"there is no build {build_id}", paths)
    shown = current_folder(paths)
    older = [path for path in folders if shown is None or path.name < shown.name]
    if older:
        return older[0]
    raise _nothing_to_show("there is no older build to go back to", paths)


def prune(paths: HomePaths, *, keep: int, spare: Iterable[Path | None]) -> list[str]:
    """Remove all but the newest `keep` builds; returns the ids removed.

    Never removed: the shown build, those in `spare`, and a build so young that a reader may still
    be about to open it.
    """
    spared = {current_folder(paths), *spare}
    removed = []
    for folder in build_folders(paths)[keep:]:
        if folder in spared or may_be_opened(folder):
            continue
        doomed = folder.with_name(f"{LEFTOVER_PREFIX}removing-{folder.name}")
        folder.rename(doomed)
        remove(doomed)
        removed.append(folder.name)
    if removed:
        sync_folder(paths.builds)
    return removed


def may_be_opened(folder: Path) -> bool:
    """Whether a folder is so young that a reader who was led to it may still open its file."""
    return folder.stat().st_mtime > time.time() - READER_GRACE_SECONDS


def _unreadable(file: Path, why: str) -> HelpmartError:
    return HelpmartError(
        what="a published build cannot be read",
        where=str(file),
        why=why,
        remedy=f"remove the folder {file.parent.name}, or show another with "
        "`helpmart publish rollback`",
    )


def _nothing_to_show(what: str, paths: HomePaths) -> HelpmartError:
    kept = ", ".join(path.name for path in build_folders(paths)) or "none"
    return HelpmartError(
        what=what,
        where=str(paths.builds),
        why=f"builds kept: {kept}",
        remedy="see `helpmart publish list`; older builds come back by loading again",
        exit_code=ExitCode.NOT_FOUND,
    )
