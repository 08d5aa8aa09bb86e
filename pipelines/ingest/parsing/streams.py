"""Bytes of an archived file as a stream, with archives opened under guard.

Nothing is unpacked to disk and nothing is held in memory: a bomb is stopped when what came out
passes a limit, whatever its headers claim. An archive inside an archive is not opened.
"""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from pipelines.ingest.parsing.rejections import FileRejectedError

MEBIBYTE = 1 << 20
BUFFER_SIZE = MEBIBYTE
# The end of a zip archive: where its list of entries is, and how long.
_END_MARK, _END_SIZE = b"PK\x05\x06", 22
_LONGEST_END = _END_SIZE + 0xFFFF + 20
_LOCATOR_MARK, _LARGE_END_SIZE = b"PK\x06\x07", 56
_SAID_ELSEWHERE = 0xFFFFFFFF
NESTED_SUFFIXES = frozenset(
    {".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".7z", ".rar", ".jar"}
)


@dataclass(frozen=True)
class Limits:
    """How far an archive may unfold. Exports of JSON unfold 5 to 40 times.

    `child_memory` and `child_seconds` of processor time are what reading a workbook or Parquet file
    may take; `child_silence` is how many seconds it may go on without a row.
    """

    max_ratio: float = 100.0
    ratio_after: int = 16 * MEBIBYTE
    max_total: int = 64 * 1024 * MEBIBYTE
    max_entries: int = 1000
    max_directory: int = 16 * MEBIBYTE
    max_record: int = 64 * MEBIBYTE
    child_memory: int = 2048 * MEBIBYTE
    child_seconds: int = 600
    child_silence: float = 120


@dataclass(frozen=True)
class Member:
    """One regular file inside an archive."""

    name: str
    size: int
    compressed_size: int
    modified_at: datetime


class Readable(Protocol):
    """What unpacks on being read."""

    def read(self, size: int, /) -> bytes: ...


class GuardedStream(io.RawIOBase):
    """Passes unpacked bytes on until they exceed the limits, then refuses the file."""

    def __init__(self, inner: Readable, packed_size: int, limits: Limits) -> None:
        self._inner = inner
        self._packed_size = max(packed_size, 1)
        self._limits = limits
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer))
        except EOFError as error:
            raise FileRejectedError("truncated", f"the archive ends too early: {error}") from error
        except (OSError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
            raise FileRejectedError("unreadable_archive", f"unpacking failed: {error}") from error
        self._seen += len(data)
        self._check()
        buffer[: len(data)] = data
        return len(data)

    def _check(self) -> None:
        limits = self._limits
        if self._seen > limits.max_total:
            raise FileRejectedError(
                "unreadable_archive", f"it unpacks to more than {limits.max_total} bytes"
            )
        if self._seen > limits.ratio_after and self._seen > limits.max_ratio * self._packed_size:
            raise FileRejectedError(
                "unreadable_archive", f"it unpacks to over {limits.max_ratio:g} times its size"
            )


@contextmanager
def open_plain(path: Path, name: str, limits: Limits) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked if its name ends in `.gz`."""
    with path.open("rb") as file:
        if name.lower().endswith(".gz"):
            unpacked = gzip.GzipFile(fileobj=file, mode="rb")
            yield _guarded(unpacked, path.stat().st_size, limits)
        else:
            yield io.BufferedReader(io.FileIO(file.fileno(), closefd=False), BUFFER_SIZE)


@contextmanager
def open_member(path: Path, member: str, limits: Limits) -> Iterator[BinaryIO]:
    """The bytes of one member of a zip archive."""
    with _zip(path) as archive:
        info = archive.getinfo(member)
        try:
            unpacked = archive.open(info)
        except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError) as error:
            raise FileRejectedError("unreadable_archive", f"{member}: {error}") from error
        with unpacked:
            yield _guarded(unpacked, info.compress_size, limits)


def zip_members(path: Path, limits: Limits) -> list[Member]:
    """The regular files of a zip archive, in the order of their names.

    Raises:
        FileRejectedError: one entry is suspicious; then none of the archive is read.
    """
    _refuse_long_directory(path, limits)
    with _zip(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > limits.max_entries:
        raise FileRejectedError(
            "unreadable_archive", f"{len(entries)} entries, allowed are {limits.max_entries}"
        )
    for entry in entries:
        _refuse_suspicious(entry)
    _refuse_repeated_names(entries)
    if sum(entry.file_size for entry in entries) > limits.max_total:
        raise FileRejectedError(
            "unreadable_archive", f"its entries claim more than {limits.max_total} bytes"
        )
    return sorted((_member(entry) for entry in entries), key=lambda member: member.name)


def _refuse_long_directory(path: Path, limits: Limits) -> None:
    """Python reads an archive's list of entries at once, so that its length is looked at before."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _LONGEST_END))
        tail = file.read()
        at = tail.rfind(_END_MARK)
        if at < 0 or at + _END_SIZE > len(tail):
            return
        [length] = struct.unpack_from("<I", tail, at + 12)
        if length == _SAID_ELSEWHERE and tail[at - 20 : at - 16] == _LOCATOR_MARK:
            [offset] = struct.unpack_from("<Q", tail, at - 12)
            file.seek(min(offset, size))
            record = file.read(_LARGE_END_SIZE)
            if len(record) == _LARGE_END_SIZE:
                [length] = struct.unpack_from("<Q", record, 40)
    if length > limits.max_directory:
        raise FileRejectedError(
            "unreadable_archive", f"its list of entries has over {limits.max_directory} bytes"
        )


@contextmanager
def _zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise FileRejectedError("unreadable_archive", f"no readable zip file: {error}") from error
    with archive:
        yield archive


def _guarded(unpacked: Readable, packed_size: int, limits: Limits) -> BinaryIO:
    return io.BufferedReader(GuardedStream(unpacked, packed_size, limits), BUFFER_SIZE)


def _refuse_suspicious(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise FileRejectedError(
            "unreadable_archive", f"entry {entry.filename!r} points out of the archive"
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FileRejectedError("unreadable_archive", f"entry {entry.filename!r} is a link")
    if entry.flag_bits & 0x1:
        raise FileRejectedError("unreadable_archive", f"entry {entry.filename!r} is encrypted")
    if path.suffix.lower() in NESTED_SUFFIXES:
        raise FileRejectedError(
            "unreadable_archive", f"entry {entry.filename!r} is an archive itself"
        )


def _refuse_repeated_names(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) != len(set(names)):
        raise FileRejectedError("unreadable_archive", "two entries have the same name")


def _member(entry: zipfile.ZipInfo) -> Member:
    try:
        modified_at = datetime(*entry.date_time, tzinfo=UTC)
    except ValueError:
        modified_at = datetime(1980, 1, 1, tzinfo=UTC)
    return Member(entry.filename, entry.file_size, entry.compress_size, modified_at)
