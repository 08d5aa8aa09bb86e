"""File system steps that survive a crash: what returned is on disk, and a swap is one rename."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

LEFTOVER_PREFIX = "."


def sync_file(path: Path) -> None:
    """The file's bytes are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """The folder's entries (creations, renames, removals) are on disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename_folder(source: Path, target: Path) -> None:
    """`target` appears complete or not at all; both lie in the same parent."""
    sync_folder(source)
    source.rename(target)
    sync_folder(target.parent)


def point_link(link: Path, target: Path) -> None:
    """`link` leads to `target`, with no instant at which it leads nowhere.

    The link is relative, so that a state folder may be moved or mounted elsewhere.
    """
    fresh = link.with_name(f"{LEFTOVER_PREFIX}{link.name}-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
    fresh.replace(link)
    sync_folder(link.parent)


def remove(path: Path) -> None:
    """Nothing is left at `path`, be it a file, a link or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> list[Path]:
    """Drop what an interrupted publish left unfinished: everything hidden in `folder`."""
    if not folder.is_dir():
        return []
    found = sorted(folder.glob(f"{LEFTOVER_PREFIX}*"))
    for path in found:
        remove(path)
    return found
