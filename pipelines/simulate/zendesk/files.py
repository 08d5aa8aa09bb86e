"""Export files of fixed bytes: the same records give the same file on every day."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import IO, Any, cast

import orjson

# A third of the time of level 6 for a tenth more bytes.
COMPRESSION = 3
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class LineFile:
    """An NDJSON file, plain, gzipped or the one member of a zip, by the ending of its name."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / name
        self._closing: list[IO[bytes] | zipfile.ZipFile] = []
        self._stream = self._open()

    @property
    def name(self) -> str:
        """As a loader names it: a member of a zip after an exclamation mark."""
        if self.path.suffix == ".zip":
            return f"{self.path.name}!{self._member}"
        return self.path.name

    @property
    def _member(self) -> str:
        return f"{self.path.stem}.ndjson"

    def write(self, record: Any) -> bytes:
        """One record on a line of its own; gives the line back."""
        line = orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
        self._stream.write(line)
        return line

    def write_line(self, line: bytes) -> None:
        self._stream.write(line)

    def close(self) -> None:
        for handle in reversed(self._closing):
            handle.close()

    def _open(self) -> IO[bytes]:
        if self.path.suffix == ".zip":
            archive = zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
            info = zipfile.ZipInfo(self._member, ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            member = archive.open(info, "w", force_zip64=True)
            self._closing = [archive, member]
            return member
        plain = self.path.open("wb")
        self._closing = [plain]
        if self.path.suffix != ".gz":
            return plain
        packed = gzip.GzipFile(
            filename="", mode="wb", compresslevel=COMPRESSION, fileobj=plain, mtime=0
        )
        self._closing.append(cast("IO[bytes]", packed))
        return cast("IO[bytes]", packed)


def write_json(path: Path, content: Any) -> None:
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))


class PageFile:
    """A page of an API: the records under their name, then the paging fields."""

    def __init__(self, folder: Path, name: str, collection: str) -> None:
        self.name = name
        self._stream = (folder / name).open("wb")
        self._stream.write(b'{"' + collection.encode() + b'":[')
        self._count = 0

    def write(self, record: Any) -> None:
        self._stream.write(b",\n" if self._count else b"\n")
        self._stream.write(orjson.dumps(record))
        self._count += 1

    def close(self, **rest: Any) -> None:
        """End the page; `rest` are its paging and inherited fields."""
        self._stream.write(b"\n]," + orjson.dumps({**rest, "count": self._count})[1:])
        self._stream.close()
