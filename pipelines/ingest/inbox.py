"""What lies in the inbox: whose it is, whether it is complete, and what nobody claims.

Layouts: `inbox/<source>/file`, `inbox/<source>/<account>/…/file` and
`inbox/<source>_<account>/…/file`. Without an account it is `default`. Nothing is opened here; names
and stamps decide.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipelines.ingest.contracts import SourceContract, load_contracts

if TYPE_CHECKING:
    from pipelines.settings import Settings

DEFAULT_ACCOUNT = "default"
DONE_SUFFIX = ".done"
UNFINISHED_SUFFIXES = (".part", ".tmp", ".filepart", ".crdownload")
HIDDEN_PREFIXES = (".", "~")


@dataclass(frozen=True)
class InboxFile:
    """A file that a source claims."""

    path: Path
    name: str
    source: str
    account_id: str
    size: int
    mtime_ns: int
    modified_at: datetime


@dataclass(frozen=True)
class Unrecognised:
    """Something in the inbox that stays where it is, and why."""

    path: Path
    name: str
    source: str
    account_id: str
    size: int
    reason: str
    why: str


class InboxState(NamedTuple):
    """The inbox at one moment, each list in the order of names."""

    ready: list[InboxFile]
    settling: list[InboxFile]
    unrecognised: list[Unrecognised]


class _Owner(NamedTuple):
    source: str
    account_id: str


def ready_files(
    settings: Settings,
    now: datetime | None = None,
    contracts: Mapping[str, SourceContract] | None = None,
) -> InboxState:
    """Sort everything in the inbox into ready, still settling, and unrecognised.

    A file is ready once it has not changed for `quiet_seconds`, or has a sibling `<name>.done`.
    """
    known = contracts or load_contracts()
    moment = now or datetime.now(UTC)
    state = InboxState([], [], [])
    root = settings.paths.inbox
    if not root.is_dir():
        return state
    for path in _walk(root):
        found = _classified(path, path.relative_to(root), known)
        if isinstance(found, Unrecognised):
            state.unrecognised.append(found)
        elif isinstance(found, InboxFile):
            complete = _is_complete(found, settings.quiet_seconds, moment)
            (state.ready if complete else state.settling).append(found)
    return state


def printable(name: str) -> str:
    """A file's name safe to store and show: what is no printable character is escaped."""
    decoded = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in decoded)


def is_readable_name(name: str, contract: SourceContract) -> bool:
    """True if the contract reads files with such a name, packed or not."""
    plain = name.lower().removesuffix(".gz")
    return plain.endswith(contract.extensions)


def is_hidden(name: str) -> bool:
    """True for what desktops and archivers leave behind."""
    return name.startswith(HIDDEN_PREFIXES) or name == "__MACOSX"


def done_marker(path: Path) -> Path:
    """The file whose presence says that `path` is complete."""
    return path.with_name(path.name + DONE_SUFFIX)


def has_done_marker(path: Path) -> bool:
    """True if whoever wrote the file said so; a name too long for a marker has none."""
    try:
        return done_marker(path).exists()
    except OSError:
        return False


def _walk(folder: Path) -> Iterator[Path]:
    """Every entry below a folder that is not a folder, by name; links are not followed."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir(follow_symlinks=False):
            if not is_hidden(entry.name):
                yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path)


def _classified(
    path: Path, relative: Path, contracts: Mapping[str, SourceContract]
) -> InboxFile | Unrecognised | None:
    if is_hidden(path.name) or path.name.endswith(DONE_SUFFIX):
        return None
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    owner = _owner(relative, contracts.keys())
    problem = _problem(path.name, status, owner, contracts)
    name = printable(relative.as_posix())
    source, account_id = owner or _Owner("", "")
    if problem:
        reason, why = problem
        return Unrecognised(path, name, source, account_id, status.st_size, reason, why)
    modified_at = datetime.fromtimestamp(status.st_mtime, UTC)
    return InboxFile(
        path, name, source, account_id, status.st_size, status.st_mtime_ns, modified_at
    )


def _problem(
    name: str,
    status: os.stat_result,
    owner: _Owner | None,
    contracts: Mapping[str, SourceContract],
) -> tuple[str, str] | None:
    """Why an entry of the inbox cannot be taken: a reason and a sentence."""
    if stat.S_ISLNK(status.st_mode):
        return "symbolic_link", "it is a symbolic link; drop the file itself"
    if not stat.S_ISREG(status.st_mode):
        return "no_regular_file", "it is a pipe, socket or device; drop a file"
    if name.lower().endswith(UNFINISHED_SUFFIXES):
        return "unfinished", "its name says that it is still being written"
    if owner is None:
        known = ", ".join(sorted(contracts))
        return "no_source", f"it lies in no folder of a source; the sources are: {known}"
    contract = contracts[owner.source]
    if name.lower().endswith(".zip") or is_readable_name(name, contract):
        return None
    readable = ", ".join(contract.extensions)
    return "no_entity", f"source {owner.source} reads {readable}, plain, .gz or inside .zip"


def _owner(relative: Path, sources: Collection[str]) -> _Owner | None:
    """The source and account that the folders of a file name."""
    if len(relative.parts) == 1:
        return None
    top = relative.parts[0]
    if top in sources:
        nested = len(relative.parts) > len(("source", "account"))
        return _Owner(top, printable(relative.parts[1]) if nested else DEFAULT_ACCOUNT)
    prefixes = [name for name in sources if top.startswith(f"{name}_") and top != f"{name}_"]
    if not prefixes:
        return None
    source = max(prefixes, key=len)
    return _Owner(source, printable(top[len(source) + 1 :]))


def _is_complete(file: InboxFile, quiet_seconds: float, now: datetime) -> bool:
    if quiet_seconds == 0 or has_done_marker(file.path):
        return True
    quiet = timedelta(seconds=quiet_seconds)
    if file.modified_at > now + quiet:
        # A stamp from a clock ahead of ours would never settle: go by our own file system's.
        changed_at = datetime.fromtimestamp(file.path.lstat().st_ctime, UTC)
        return now - changed_at >= quiet
    return now - file.modified_at >= quiet
