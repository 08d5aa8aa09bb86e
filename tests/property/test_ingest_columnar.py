"""The quick way of reading lines says of any file exactly what the parser says of it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipelines.ingest.columnar import batches, blocks, lines
from pipelines.ingest.contracts import SourceContract
from tests.columnar_world import outcome

CONTRACT = SourceContract.model_validate(
    {
        "source": "desk",
        "title": {"en": "Desk", "zh": "客服"},
        "time_zone": "Europe/London",
        "extensions": [".ndjson"],
        "ignored_collections": ["ignored"],
        "entities": {
            "tickets": {
                "title": "Tickets",
                "wrappers": ["ticket"],
                "collections": ["tickets"],
                "files": ["tickets*"],
                "key": ["id"],
                "version": ["updated_at", "generated", "day"],
                "columns": {
                    "id": {"type": "id", "required": True},
                    "updated_at": {"type": "timestamp", "past": True, "aliases": ["changed"]},
                    "generated": {"type": "int", "past": True},
                    "subject": {"type": "text", "pii": True, "aliases": ["title", "name"]},
                    "status": {"type": "text", "required": True},
                    "due_at": "timestamp",
                    "score": "decimal",
                    "open": "bool",
                    "day": "date",
                    "via": "json",
                },
                "children": {
                    "notes": {
                        "entity": "notes",
                        "link": {"ticket_id": "id", "ticket_at": "updated_at"},
                        "position": "place",
                    },
                    "remarks": {"entity": "notes", "link": {"ticket_id": "id"}},
                },
                "never_land": ["secret"],
                "redact_keys": ["email"],
            },
            "notes": {
                "title": "Notes",
                "wrappers": ["note"],
                "files": ["notes*"],
                "key": ["ticket_id"],
                "columns": {
                    "ticket_id": "id",
                    "ticket_at": {"type": "timestamp", "past": True, "aliases": ["at"]},
                    "place": "int",
                    "kind": {"type": "text", "aliases": ["kind_of"]},
                    "field": "text",
                    "value": "json",
                },
                "changed_field": {
                    "name": "field",
                    "value": "value",
                    "when": {"kind": ["Change"]},
                    "not_fields": ["previous"],
                },
                "never_land": ["html"],
            },
            "people": {
                "title": "People",
                "wrappers": ["person"],
                "files": ["people*"],
                "key": ["id"],
                "columns": {"id": "id", "name": "text", "email": "text", "role": "text"},
                "personal": {"columns": ["name", "email"], "kept_when": {"role": ["agent"]}},
                "redact_keys": ["email"],
            },
        },
    }
)

PLAIN: dict[str, list[str]] = {
    "id": ["1", "42", '"7"', '"order-1"', '"550e8400-e29b-41d4-a716-446655440000"'],
    "timestamp": ['"2026-01-05T08:00:00Z"', '"2025-12-31T23:59:59Z"'],
    "int": ["0", "1767600000", '"12"'],
    "decimal": ["1", "1.5", '"2.25"', "-3"],
    "text": [
        '"open"',
        '"客服 é 🙂"',
        r'"a\nb\"c\\"',
        r'"\u5ba2\u00e9\ud83d\ude42\/"',
        '"2 shoes"',
    ],
    "bool": ["true", "false", '"true"'],
    "date": ['"2026-01-05"'],
    "json": ['{"a":1,"b":[true,null]}', "[]", '["x","y"]', '"plain"', "5", "true", '{"email":"x"}'],
}
ODD = [
    "null", "-0", "-0.0", "0.0", "1.10", "1e5", "1E400", "1e-7", "12345678901234567890",
    "9223372036854775807", "9223372036854775808", "123456789.123456789", "1e22", "3.0", "NaN",
    "-Infinity", "nan", "true", "false", "{}", "[]", "[1,]", '{"a":1,}', '{"a":1 , }', "[1, 2]",
    '{"a": {"email": "x", "a": 1, "a": 2}}', '{"a":1.10,"b":1e400}', "[[[[]]]]", "[NaN]",
    '""', '" "', '"null"', '"true"', '"NaN"', '"inf"', '"-inf"', '"1.10"', '"1e5"', '"007"',
    '" 7 "', '"1.03E+13"', '"[x]"', '"{x}"', '"\\\\x"', '"+5"', '"5."', '".5"',
    r'"\u0000"', r'"\u001f"', r'"\u001b"', r'"\u0019"', r'"\u0020"',
    '"\x7f"', '"\u2028"', r'"\ud800"', '"\t"', '"a', "'a'",
    '"2026-01-05T09:00:00+01:00"', '"2026-07-05 09:00:00"', '"2025-10-26T01:30:00"',
    '"2026-03-29T01:30:00"', '"2026-01-05T08:00:00.5Z"', '"2026-01-05"', '"2026-02-30T00:00:00Z"',
    '"2024-02-29T00:00:00Z"', '"0000-01-01T00:00:00Z"', '"2026-01-05T24:00:00Z"',
    '"2026-1-05T08:00:00Z"', '"2026-01-05T08:00:60Z"', '"2031-01-01T00:00:00Z"',
    '"2026-01-05T08:00:0:Z"', "1767600000",
    "1900000000", "253402300800", "-1", '"2026-13-01"', '"Change"', '"agent"', '"20260105"',
]  # fmt: skip
KINDS = {
    entity: {name: column.type for name, column in spec.columns.items()}
    for entity, spec in CONTRACT.entities.items()
}
OTHER_KEYS = {
    "tickets": [
        "changed",
        "title",
        "name",
        "secret",
        "notes",
        "remarks",
        "extra",
        "EXTRA",
        "email",
    ],
    "notes": ["at", "kind_of", "html", "previous", "priority", "mood", "Kind"],
    "people": ["phone", "email ", "Name"],
}
WRAPPERS = {"tickets": "ticket", "notes": "note", "people": "person"}


def damaged(text: str, record: str) -> list[str]:
    """Lines that may stand in place of a record in its wrapper."""
    return [
        *("", " ", "5", "[]", "{}", "x" * 3000),
        *(f" {text}", f"{text} ", f"{text}\r", text[:-1], text[1:], f"{text}{text}"),
        *(f'{{"ticket": {record} }}', f'{{"tickte":{record}}}', f'{{"tickets":[{record}]}}'),
        *(f'{{"note":{record},"x":{record}}}', f'{{"ignored":[{record}]}}'),
        *(f'{{"ticket":{record},}}', text.replace(",", " ,\t", 3)),
    ]


class Writer:
    """Writes files of which most values are plain, and some are anything."""

    def __init__(self, chance: random.Random, oddity: float) -> None:
        self.chance = chance
        self.oddity = oddity

    def odd(self) -> bool:
        return self.chance.random() < self.oddity

    def file(self, entity: str) -> bytes:
        found = [self.line(entity) for _ in range(self.chance.randrange(1, 40))]
        end = b"" if self.odd() else b"\n"
        start = b"\xef\xbb\xbf" if self.odd() else b""
        return start + b"\n".join(found) + end

    def line(self, entity: str) -> bytes:
        if self.odd():
            entity = self.chance.choice(list(WRAPPERS))
        record = self.record(entity)
        text = record if self.odd() else f'{{"{WRAPPERS[entity]}":{record}}}'
        if self.odd():
            text = self.chance.choice(damaged(text, record))
        data = text.encode(errors="surrogatepass")
        if self.odd() and self.odd():
            at = self.chance.randrange(len(data) + 1)
            data = data[:at] + bytes([self.chance.randrange(256)]) + data[at + 1 :]
        return data

    def record(self, entity: str) -> str:
        kinds = KINDS[entity]
        names = [name for name in kinds if not self.odd()]
        names += [key for key in OTHER_KEYS[entity] if self.odd()]
        if self.odd():
            self.chance.shuffle(names)
        if names and self.odd() and self.odd():
            names.append(self.chance.choice(names))
        members = [f'"{name}":{self.value(entity, name)}' for name in names]
        return "{" + ",".join(members) + "}"

    def value(self, entity: str, name: str) -> str:
        if name in ("notes", "remarks") and not self.odd():
            return "[" + ",".join(self.child() for _ in range(self.chance.randrange(4))) + "]"
        if self.odd():
            return self.chance.choice(ODD)
        kind = KINDS[entity].get(name) or self.chance.choice(list(PLAIN))
        return self.chance.choice(PLAIN[kind])

    def child(self) -> str:
        return self.chance.choice(ODD) if self.odd() and self.odd() else self.record("notes")


def both(name: str, content: bytes, max_record: int = 2000) -> tuple[Any, Any]:
    return (
        outcome(CONTRACT, name, content, at_once=False, max_record=max_record),
        outcome(CONTRACT, name, content, at_once=True, max_record=max_record),
    )


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Any:
    """Let files have many blocks, and few records be enough to be read at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_SIZE", 3000)
        patch.setattr(batches, "FEW_RECORDS", 1)
        patch.setattr(lines, "FEW_LINES", 1)
        yield


# A seed says nothing by being small, so there is nothing to shrink.
@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.integers(0, 2**32),
    st.sampled_from([0.0, 0.01, 0.05, 0.2]),
    st.sampled_from(["tickets", "notes", "people"]),
    st.booleans(),
)
def test_any_file_is_read_as_the_parser_reads_it(
    seed: int, oddity: float, entity: str, claimed: bool
) -> None:
    content = Writer(random.Random(seed), oddity).file(entity)
    slow, quick = both(f"{entity if claimed else 'export'}.ndjson", content)

    assert quick == slow


@pytest.mark.parametrize("entity", ["tickets", "notes", "people"])
def test_plain_records_are_read_at_once(entity: str) -> None:
    content = Writer(random.Random(7), 0.0).file(entity) * 5
    slow, quick = both(f"{entity}.ndjson", content)

    assert quick == slow
    assert quick.at_once >= len(quick.rows) * 0.8 > 0


def lines_with(wrapper: str, key: str, values: list[str]) -> bytes:
    """One line for each value, under the same key of a record that is plain otherwise."""
    found = []
    for value in values:
        members = {"id": "1", "status": '"open"', "kind": '"x"', key: value}
        record = ",".join(f'"{name}":{text}' for name, text in members.items())
        found.append(f'{{"{wrapper}":{{{record}}}}}\n'.encode())
    return b"".join(found)


@pytest.mark.parametrize("kind", sorted(PLAIN))
def test_no_odd_value_of_any_type_is_read_otherwise(kind: str) -> None:
    entity, name = next(
        (entity, name) for entity, kinds in KINDS.items() for name in kinds if kinds[name] == kind
    )
    values = [*ODD, *(text for texts in PLAIN.values() for text in texts)]
    slow, quick = both(f"{entity}.ndjson", lines_with(WRAPPERS[entity], name, values))

    assert quick == slow


@pytest.mark.parametrize("wrapper", ["ticket", "note"])
@pytest.mark.parametrize("key", ["extra", "secret", "notes", "subject", "html"])
def test_no_odd_value_in_what_is_dropped_or_kept_as_it_is_changes_the_account(
    wrapper: str, key: str
) -> None:
    slow, quick = both("tickets.ndjson", lines_with(wrapper, key, ODD))

    assert quick == slow
