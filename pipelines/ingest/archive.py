"""The archive: the original bytes of every file taken, under their SHA-256.

A file enters under a temporary name and is renamed once its bytes are on disk, so that what has an
archive name is whole.
"""

from __future__ import annotations

import hashlib
import os
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipelines.ingest.parsing.streams import Limits, open_member, open_plain
from pipelines.ingest.raw import sync

if TYPE_CHECKING:
    from pipelines.settings import Settings

CHUNK_SIZE = 1 << 20
_UNFINISHED = "incoming-"


class FileChangedError(Exception):
    """The file was still being written while it was copied."""


@dataclass(frozen=True)
class Archived:
    """An archived file, with what its inbox entry was when it was copied."""

    path: Path
    sha256: str
    size: int
    modified_at: datetime
    identity: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """What is read as one file: an archived file, or one member of an archived zip."""

    path: Path
    name: str
    member: str
    content_sha256: str
    archive_sha256: str
    size: int
    modified_at: datetime

    @property
    def is_packed(self) -> bool:
        """True if its bytes have to be unpacked before they are read."""
        return bool(self.member) or self.name.lower().endswith(".gz")

    @contextmanager
    def open(self, limits: Limits) -> Iterator[BinaryIO]:
        """The unpacked bytes."""
        if self.member:
            with open_member(self.path, self.member, limits) as stream:
                yield stream
        else:
            with open_plain(self.path, self.name, limits) as stream:
                yield stream


class Archive:
    """The archive folder of an installation."""

    def __init__(self, settings: Settings) -> None:
        self.root = settings.paths.archive

    def path(self, sha256: str) -> Path:
        """Where bytes with this hash lie."""
        return self.root / sha256[:2] / sha256

    def store(self, source: Path) -> Archived:
        """Copy a file into the archive.

        Raises:
            FileChangedError: it is no regular file any more, or changed during the copy.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        unfinished = self.root / f"{_UNFINISHED}{uuid.uuid4().hex}"
        try:
            sha256, status = _copy(source, unfinished)
            final = self.path(sha256)
            final.parent.mkdir(parents=True, exist_ok=True)
            unfinished.replace(final)
            sync(final.parent)
        finally:
            unfinished.unlink(missing_ok=True)
        modified_at = datetime.fromtimestamp(status.st_mtime, UTC)
        return Archived(final, sha256, status.st_size, modified_at, _identity(status))

    def sweep(self) -> None:
        """Remove copies that a killed load left unfinished."""
        for path in self.root.glob(f"{_UNFINISHED}*"):
            path.unlink()


def is_same_file(path: Path, archived: Archived) -> bool:
    """True if the inbox still holds the very file that was archived."""
    try:
        return _identity(path.lstat()) == archived.identity
    except FileNotFoundError:
        return False


def sha256_of(stream: BinaryIO) -> str:
    """The hash of a stream, read to its end."""
    digest = hashlib.sha256()
    while data := stream.read(CHUNK_SIZE):
        digest.update(data)
    return digest.hexdigest()


def file_id_of(source: str, account_id: str, content_sha256: str, *named: str) -> str:
    """The id of a file: the same bytes for the same account are the same file.

    Unless its name is part of what it says: `named` are the values that a table takes from it.
    """
    text = "\0".join((source, account_id, content_sha256, *named))
    return hashlib.sha256(text.encode()).hexdigest()


def _copy(source: Path, target: Path) -> tuple[str, os.stat_result]:
    digest = hashlib.sha256()
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise FileChangedError(str(error)) from error
    with os.fdopen(descriptor, "rb") as reading, target.open("wb") as writing:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise FileChangedError("it is no regular file")
        while data := reading.read(CHUNK_SIZE):
            digest.update(data)
            writing.write(data)
        writing.flush()
        os.fchmod(writing.fileno(), 0o640)
        os.fsync(writing.fileno())
        after = os.fstat(descriptor)
    if _identity(before) != _identity(after) or after.st_size != target.stat().st_size:
        raise FileChangedError("it changed while it was copied")
    return digest.hexdigest(), after


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
