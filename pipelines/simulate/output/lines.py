"""Export files of fixed bytes: the same records give the same file on every day."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path, PurePath
from typing import IO, Any, cast

import orjson

# A third of the time of level 6 for a tenth more bytes.
COMPRESSION = 3
BUFFER_BYTES = 1 << 18
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


class LineFile:
    """An NDJSON file, plain, gzipped or the one member of a zip, by the ending of its name.

    `name` is what a loader calls it: a member of a zip stands after an exclamation mark.
    """

    def __init__(self, folder: Path, name: str) -> None:
        member = f"{PurePath(name).stem}.ndjson"
        self.name = f"{name}!{member}" if name.endswith(".zip") else name
        self._closing: list[IO[bytes] | zipfile.ZipFile] = []
        self._stream = self._open(folder / name, member)
        self._waiting = bytearray()

    def write(self, record: Any) -> None:
        """One record on a line of its own."""
        self.write_line(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))

    def write_line(self, line: bytes) -> None:
        self._waiting += line
        if len(self._waiting) > BUFFER_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        for handle in reversed(self._closing):
            handle.close()

    def _flush(self) -> None:
        self._stream.write(self._waiting)
        self._waiting.clear()

    def _open(self, path: Path, member: str) -> IO[bytes]:
        if path.suffix == ".zip":
            archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
            info = zipfile.ZipInfo(member, ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            stream = archive.open(info, "w", force_zip64=True)
            self._closing = [archive, stream]
            return stream
        plain = path.open("wb")
        self._closing = [plain]
        if path.suffix != ".gz":
            return plain
        packed = cast(
            "IO[bytes]",
            gzip.GzipFile(
                filename="", mode="wb", compresslevel=COMPRESSION, fileobj=plain, mtime=0
            ),
        )
        self._closing.append(packed)
        return packed


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
