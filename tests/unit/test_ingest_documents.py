"""JSON text as a stream of values: whatever its layout, and whatever is broken in it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from pipelines.ingest.parsing import documents
from pipelines.ingest.parsing.documents import (
    BlankLine,
    Malformed,
    ObjectEnd,
    Value,
    is_line_per_value,
    read_document,
    read_lines,
)
from pipelines.ingest.parsing.rejections import FileRejectedError

LISTS = frozenset({"tickets", "users"})
WRAPPERS = frozenset({"ticket"})
LARGE = 1 << 20


def document(text: str | bytes, max_record: int = LARGE) -> Iterator[documents.Found]:
    return read_document(stream(text), LISTS, max_record)


def lines(text: str | bytes, max_record: int = LARGE) -> list[documents.Found]:
    return list(read_lines(stream(text), max_record))


def stream(text: str | bytes) -> BinaryIO:
    return io.BytesIO(text if isinstance(text, bytes) else text.encode())


def refusal(text: str | bytes, max_record: int = LARGE) -> FileRejectedError:
    with pytest.raises(FileRejectedError) as caught:
        list(document(text, max_record))
    return caught.value


@pytest.fixture
def tiny_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every value lie across the border of two reads."""
    monkeypatch.setattr(documents, "CHUNK_SIZE", 3)


def test_each_line_is_a_value_and_blank_ones_are_told() -> None:
    found = lines('{"a":1}\r\n\n  \n[2]')

    assert found == [Value({"a": 1}), BlankLine(), BlankLine(), Value([2])]


def test_a_byte_order_mark_is_no_part_of_the_first_value() -> None:
    assert lines(b'\xef\xbb\xbf{"a":1}\n') == [Value({"a": 1})]
    assert next(document(b'\xef\xbb\xbf{"tickets":[1]}')) == Value(1, "tickets")
    assert lines(b"\xef\xbb\xbf") == []
    assert list(document(b"\xef\xbb\xbf")) == []


def test_a_line_that_is_no_json_is_told_and_the_next_is_read() -> None:
    broken, good = lines('{"a":1,}\n{"b":2}\n')

    assert isinstance(broken, Malformed)
    assert (broken.reason, broken.text) == ("not_json", '{"a":1,}\n')
    assert good == Value({"b": 2})


@pytest.mark.parametrize("text", ["NaN\n", '{"a":"\\ud800"}\n', '{"a":"\x01"}\n', "oops\n"])
def test_what_only_looks_like_json_is_malformed(text: str) -> None:
    [found] = lines(text)

    assert isinstance(found, Malformed)


def test_a_last_line_that_ends_inside_its_value_is_truncated() -> None:
    good, cut = lines('{"a":1}\n{"ticket":{"id":5,"subject":"half')

    assert good == Value({"a": 1})
    assert isinstance(cut, Malformed)
    assert cut.reason == "truncated"


def test_a_line_longer_than_any_record_is_refused_without_being_held() -> None:
    long = '{"a":"' + "x" * 500 + '"}\n'
    first, found, last = lines('{"b":1}\n' + long + '{"c":1}\n', max_record=100)

    assert isinstance(found, Malformed)
    assert found.reason == "record_too_large"
    assert len(found.text) <= 101
    assert (first, last) == (Value({"b": 1}), Value({"c": 1}))


def test_a_byte_that_is_no_utf8_is_told_with_its_place_in_the_file() -> None:
    with pytest.raises(FileRejectedError) as caught:
        lines(b'\xef\xbb\xbf{"a":1}\n{"b":"\xb3\xcc"}\n')

    assert caught.value.reason == "undecodable"
    assert "byte 17 " in caught.value.why


def test_a_document_tells_the_place_of_a_byte_that_is_no_utf8(tiny_chunks: None) -> None:
    error = refusal(b'{"tickets":[{"b":"ok \xe9"}]}')

    assert error.reason == "undecodable"
    assert "byte 21 " in error.why


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf16_is_not_taken_for_text(encoding: str) -> None:
    content = ("\ufeff" if encoding != "utf-16" else "") + '{"subject":"退款"}'
    with pytest.raises(FileRejectedError, match="undecodable"):
        lines(content.encode(encoding))


def test_the_elements_of_lists_are_handed_on_one_by_one(tiny_chunks: None) -> None:
    text = '{"count": 2, "tickets": [{"id": 1}, {"id": 2}], "users": [], "next_page": null}'

    *elements, end = document(text)

    assert elements == [Value({"id": 1}, "tickets"), Value({"id": 2}, "tickets")]
    assert end == ObjectEnd({"count": 2, "next_page": None}, had_lists=True)


def test_text_that_looks_like_structure_inside_strings_is_left_alone(tiny_chunks: None) -> None:
    record = {"subject": 'a "quoted" ]} {[ \\ end', "body": "退款🙂\n"}

    assert next(document(json.dumps({"tickets": [record]}, ensure_ascii=False))) == Value(
        record, "tickets"
    )


@pytest.mark.parametrize("text", ['[{"a":1},{"a":2}]', '{"a":1}\n{"a":2}', '{"a":1}{"a":2}'])
def test_a_bare_list_and_several_objects_are_read(text: str, tiny_chunks: None) -> None:
    found = list(document(text))

    values = [f.data if isinstance(f, Value) else f.rest for f in found if not isinstance(f, str)]
    assert values == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("broken", ['{"id": 1,}', '{"id": 1 "x": 2}', "oops", '{"id": NaN}'])
def test_a_broken_element_is_told_alone(broken: str, tiny_chunks: None) -> None:
    found = list(document(f'{{"tickets": [{{"id": 0}}, {broken}, {{"id": 2}}]}}'))

    assert [type(f) for f in found] == [Value, Malformed, Value, ObjectEnd]
    assert found[2] == Value({"id": 2}, "tickets")


@pytest.mark.parametrize("keep", range(1, 44))
def test_a_document_cut_anywhere_is_refused_as_a_whole(keep: int, tiny_chunks: None) -> None:
    whole = '{"tickets": [{"id": 1, "subject": "half"}]}'
    assert len(whole) == 43

    if keep == len(whole):
        assert len(list(document(whole[:keep]))) == 2
    else:
        assert refusal(whole[:keep]).reason == "truncated"


def test_a_page_that_is_no_json_is_one_bad_value() -> None:
    [found] = document("<html><body>Sign in, please [401]</body></html>" * 100)

    assert isinstance(found, Malformed)


def test_an_object_without_a_key_in_quotes_is_refused() -> None:
    assert refusal('{"tickets": [], oops: 1}').reason == "not_json"
    assert refusal('{"tickets" []}').reason == "not_json"
    assert refusal('{"tickets": [], ]: 1}').reason == "not_json"


def test_a_value_that_never_ends_is_given_up(tiny_chunks: None) -> None:
    assert refusal('{"tickets": ["' + "x" * 1000, max_record=100).reason == "record_too_large"


def test_a_deep_nest_does_not_break_the_reader() -> None:
    found = list(document('{"tickets": [' + "[" * 100_000 + "]" * 100_000 + "]}"))

    assert isinstance(found[0], Malformed)


@pytest.mark.parametrize(
    ("head", "by_line"),
    [
        ('{"ticket":{}}\n{"ticket":{}}\n', True),
        ('oops\n{"ticket":{}}\n', True),
        ('\ufeff{"id":1}\n{"id":2}', True),
        ('{"ticket":{}}\n', True),
        ('{"tickets":[{"id":1}]}', False),
        ('{"tickets":[\n{"id":1},\n{"id":2}\n]}', False),
        ('[\n  {"id": 1}\n]', False),
        ("", False),
    ],
)
def test_the_start_of_a_file_shows_its_layout(head: str, by_line: bool) -> None:
    assert is_line_per_value(head.encode(), WRAPPERS) is by_line
