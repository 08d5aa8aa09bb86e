"""Which encoding a text file is in: a byte order mark decides, else the contract's list, strictly.

Nothing is guessed: an encoding is taken only if the whole file fits it.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO

from pipelines.ingest.parsing.rejections import FileRejectedError

OpenStream = Callable[[], AbstractContextManager[BinaryIO]]

CHUNK_SIZE = 1 << 20
# The mark of UTF-32 begins with that of UTF-16, so that it comes first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONGEST_MARK = 4


def decided_encoding(open_stream: OpenStream, candidates: Sequence[str]) -> str:
    """The encoding of a file.

    Args:
        open_stream: opens the file anew from its beginning.
        candidates: encodings to try without a byte order mark, in order.

    Raises:
        FileRejectedError: it fits none of them; tells the first byte that does not fit the first.
    """
    with open_stream() as stream:
        head = stream.read(_LONGEST_MARK)
    marked = [name for mark, name in _MARKS if head.startswith(mark)]
    tried = marked[:1] or list(candidates)
    offsets = []
    for encoding in tried:
        with open_stream() as stream:
            offset = _misfit(stream, encoding)
        if offset is None:
            return encoding
        offsets.append(offset)
    names = ", ".join(tried)
    why = f"byte {offsets[0]} (counted from 0) is not {tried[0]}"
    if len(tried) > 1:
        why += f", and the whole fits none of {names}"
    raise FileRejectedError("undecodable", why)


def _misfit(stream: BinaryIO, encoding: str) -> int | None:
    """The offset of the first byte that does not fit an encoding; None if all do."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    while True:
        data = stream.read(CHUNK_SIZE)
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            return max(0, done - pending + error.start)
        done += len(data)
        if not data:
            return None
