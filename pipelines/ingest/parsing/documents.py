"""JSON text as a stream of values: one a line, or the elements of a document's lists.

Memory is bounded by the longest record, not by the file. A value that is no JSON is handed on as
`Malformed`, and reading goes on behind it. Only UTF-8 is read, with or without a byte order mark;
the first byte that is none ends the file with its offset.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson

from pipelines.ingest.parsing.rejections import FileRejectedError

BOM = codecs.BOM_UTF8
PEEKED_LINES = 20
CHUNK_SIZE = 1 << 20

_BLANK = re.compile(r"[ \t\r\n]*")
# A string that the end of the text cuts off matches too, without the closing quote.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*("|\\?\Z)|[{}\[\],]', re.DOTALL)
_decode_at = json.JSONDecoder().raw_decode


@dataclass(slots=True)
class Value:
    """One JSON value of the file: a line, or an element of the list called `collection`."""

    data: Any
    collection: str | None = None


@dataclass(slots=True)
class Malformed:
    """Text where a value should be."""

    text: str
    reason: str
    why: str
    collection: str | None = None


@dataclass(slots=True)
class BlankLine:
    """A line without text."""


@dataclass(slots=True)
class ObjectEnd:
    """The end of a top-level object: its keys with their values, but for lists handed on."""

    rest: dict[str, Any]
    had_lists: bool


Found = Value | Malformed | BlankLine | ObjectEnd


def is_line_per_value(head: bytes, wrappers: frozenset[str]) -> bool:
    """True if the start of a file shows one JSON value a line rather than one document."""
    lines = [line for line in head.removeprefix(BOM).splitlines() if line.strip()]
    for number, line in enumerate(lines[:PEEKED_LINES]):
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if number == 0 and len(lines) > 1:
            return True
        if isinstance(value, dict) and len(value) == 1 and not wrappers.isdisjoint(value):
            return True
    return False


def read_lines(stream: BinaryIO, max_record: int) -> Iterator[Found]:
    """One value for each line of the file."""
    for offset, line in _lines(stream, max_record):
        if found := read_line(line, offset, max_record):
            yield found


def read_line(line: bytes, offset: int, max_record: int) -> Found | None:
    """The value of a line that begins at an offset; None for a byte order mark alone."""
    text = line.removeprefix(BOM) if offset == 0 else line
    if not text and not offset:
        return None
    return _line_value(text, offset + len(line) - len(text), max_record)


def _lines(stream: BinaryIO, max_record: int) -> Iterator[tuple[int, bytes]]:
    """Lines with their end and offset, cut off at a length that no record has."""
    offset = 0
    while line := stream.readline(max_record + 1):
        yield offset, line
        offset += len(line)
        while len(line) > max_record and not line.endswith(b"\n"):
            rest = stream.readline(CHUNK_SIZE)
            offset += len(rest)
            if not rest or rest.endswith(b"\n"):
                break


def _line_value(line: bytes, offset: int, max_record: int) -> Found:
    try:
        return Value(orjson.loads(line))
    except orjson.JSONDecodeError as error:
        if not line.strip():
            return BlankLine()
        text = _decoded(line, offset, max_record)
        if len(line) > max_record:
            return Malformed(text, "record_too_large", f"it has over {max_record} bytes")
        if not line.endswith(b"\n") and _is_cut(text):
            return Malformed(text, "truncated", "the last line ends inside its record")
        return Malformed(text, "not_json", str(error))


def _decoded(data: bytes, offset: int, max_record: int) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(data) > max_record:
            return data.decode(errors="replace")
        raise undecodable(offset + error.start) from error


def undecodable(offset: int) -> FileRejectedError:
    """The refusal of a file that is not UTF-8."""
    return FileRejectedError("undecodable", f"byte {offset} (counted from 0) is not UTF-8")


def _is_cut(text: str) -> bool:
    """True if the text is the beginning of a value rather than a malformed one."""
    return text.lstrip()[:1] in ("{", "[") and _balanced_end(text, 0) is None


def read_document(stream: BinaryIO, lists: frozenset[str], max_record: int) -> Iterator[Found]:
    """The values of a document: elements of its lists, or the value itself.

    Args:
        stream: the bytes of the file.
        lists: keys of a top-level object whose elements are handed on one by one.
        max_record: characters that one element may have.
    """
    yield from _DocumentReader(stream, lists, max_record).read()


class _DocumentReader:
    """A window over the text that grows until the value at its start is complete."""

    def __init__(self, stream: BinaryIO, lists: frozenset[str], max_record: int) -> None:
        self._stream = stream
        self._lists = lists
        self._max_record = max_record
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._bytes_read = 0
        self._text = ""
        self._at = 0
        self._ended = False

    def read(self) -> Iterator[Found]:
        self._fill()
        self._text = self._text.removeprefix("\ufeff")
        while self._next_char():
            yield from self._top_level()

    def _top_level(self) -> Iterator[Found]:
        char = self._next_char()
        if char == "[":
            self._at += 1
            yield from self._elements(None)
        elif char == "{":
            self._at += 1
            yield from self._members()
        else:
            value = self._value(None)
            yield value
            if isinstance(value, Malformed):
                self._drain()

    def _drain(self) -> None:
        """Text that is no JSON from its first character is one bad record, not many."""
        while not self._ended:
            self._at = len(self._text)
            self._fill()
        self._at = len(self._text)

    def _members(self) -> Iterator[Found]:
        rest: dict[str, Any] = {}
        had_lists = False
        while (char := self._required_char()) != "}":
            if char == ",":
                self._at += 1
                continue
            key = self._member_key()
            if key in self._lists and self._required_char() == "[":
                self._at += 1
                had_lists = True
                yield from self._elements(key)
                continue
            value = self._value(None)
            if isinstance(value, Malformed):
                yield value
            elif isinstance(value, Value):
                rest[key] = value.data
        self._at += 1
        yield ObjectEnd(rest, had_lists)

    def _member_key(self) -> str:
        key = self._value(None)
        if not isinstance(key, Value) or not isinstance(key.data, str):
            raise FileRejectedError("not_json", "a key in quotes was expected in the document")
        if self._required_char() != ":":
            raise FileRejectedError("not_json", f"a colon was expected after {key.data!r}")
        self._at += 1
        return key.data

    def _elements(self, collection: str | None) -> Iterator[Found]:
        while (char := self._required_char()) != "]":
            if char == ",":
                self._at += 1
                continue
            yield self._value(collection)
        self._at += 1

    def _value(self, collection: str | None) -> Found:
        """The value at the window's start; grows the window until it is complete."""
        self._required_char()
        while True:
            end = self._end_of_value()
            if end is not None:
                text = self._text[self._at : end]
                self._at = end
                return _parsed(text, collection)
            if self._ended:
                raise FileRejectedError("truncated", "the document ends inside a value")
            if len(self._text) - self._at > self._max_record:
                raise FileRejectedError(
                    "record_too_large", f"a value has over {self._max_record} characters"
                )
            self._fill()

    def _end_of_value(self) -> int | None:
        try:
            end = _decode_at(self._text, self._at)[1]
        except (json.JSONDecodeError, RecursionError):
            return self._end_of_malformed()
        return end if end < len(self._text) or self._ended else None

    def _end_of_malformed(self) -> int | None:
        """Where reading can go on behind text that is no value."""
        if self._text[self._at] in '{["':
            return _balanced_end(self._text, self._at)
        stop = _TOKEN.search(self._text, self._at)
        if stop:
            return max(stop.start(), self._at + 1)
        return len(self._text) if self._ended else None

    def _required_char(self) -> str:
        char = self._next_char()
        if not char:
            raise FileRejectedError("truncated", "the document ends before it is closed")
        return char

    def _next_char(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            blank = _BLANK.match(self._text, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._fill()

    def _fill(self) -> None:
        """Read at least as much again as waits already, so that a long value costs no square."""
        waiting = len(self._text) - self._at
        data = self._stream.read(max(CHUNK_SIZE, waiting))
        self._ended = not data
        try:
            text = self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            pending = len(self._decoder.getstate()[0])
            raise undecodable(self._bytes_read - pending + error.start) from error
        self._bytes_read += len(data)
        self._text = self._text[self._at :] + text
        self._at = 0


def _parsed(text: str, collection: str | None) -> Found:
    try:
        return Value(orjson.loads(text), collection)
    except orjson.JSONDecodeError as error:
        return Malformed(text, "not_json", str(error), collection)


def _balanced_end(text: str, start: int) -> int | None:
    """The index behind the object, list or string that begins at `start`; None if it is cut."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        mark = token.group()
        if mark[0] == '"' and token.group(1) != '"':
            return None
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
        if depth <= 0:
            return token.end()
    return None
