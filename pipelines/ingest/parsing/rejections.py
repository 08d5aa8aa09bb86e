"""Why a record or a file cannot be used, what to do about it, and what may be shown of it.

Every reason of the quarantine is listed here and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

FILE_REASONS: dict[str, str] = {
    "unreadable_archive": "Open the archive by hand. If it is whole, unpack it and drop its files.",
    "undecodable": "Name its encoding in the contract and replay, or export it as UTF-8 again.",
    "truncated": "The file ends too early. Transfer or export it again and drop it again.",
    "missing_column": "Export with this column, or add its new name to `aliases`, then replay.",
    "header_not_found": "Look at its first rows; correct `search_rows` or `aliases`, then replay.",
    "too_many_columns": "Look whether it is a table at all; export it again with fewer columns.",
    "unreadable_table": "Open it by hand. If it is whole, save it anew or as CSV, and drop that.",
}

RECORD_REASONS: dict[str, str] = {
    "not_json": "Export the record again; text before or after it may have been cut.",
    "not_an_object": "A record is an object in braces. Look whether the file is of another kind.",
    "unknown_wrapper": "Tell the contract of the source about this key, then replay the file.",
    "missing_required": "Complete the record in the helpdesk and export it again.",
    "bad_type": "Correct the value in the helpdesk, or the type in the contract, then replay.",
    "id_in_scientific_notation": "A spreadsheet rounded the id and it is lost. Export again.",
    "future_stamp": "Check the clock of the helpdesk or of whoever wrote the file; export again.",
    "record_too_large": "Export this record alone, without attachments or comments.",
    "truncated": "The file ends inside this record. Transfer or export it again.",
    "ambiguous_time": "The clock showed it twice. Export with offsets, or set `ambiguous_time`.",
    "ragged_row": "Its cells are more or fewer than the header's. Look for a delimiter in a text.",
    "bad_quoting": "A quote is not closed, or text follows a closed one. Export the row again.",
    "nul_character": "The row holds a NUL, which no text has. Export or transfer it again.",
}

SAMPLE_LENGTH = 240
_SHOWN_LENGTH = 60
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Drift:
    """One way in which a table differs from its contract, and what was done about it."""

    column: str
    kind: Literal["added", "missing", "renamed", "reordered", "retyped"]
    decision: str


class RecordRejectedError(Exception):
    """One record cannot be used; its file goes on."""

    def __init__(self, reason: str, field: str = "", why: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.why = why


class FileRejectedError(Exception):
    """The file as a whole cannot be used; nothing of it is loaded."""

    def __init__(
        self, reason: str, why: str, *, entity: str = "", drift: tuple[Drift, ...] = ()
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.why = why
        self.entity = entity
        self.drift = drift


@dataclass(frozen=True)
class QuarantinedRecord:
    """One record that was set aside, as an operator sees it; holds no personal data."""

    file_id: str
    entity: str
    record_no: int
    location: str
    reason: str
    field: str
    why: str
    remedy: str
    sample: str


def remedy_for(reason: str) -> str:
    """What an operator can do about a reason."""
    return RECORD_REASONS.get(reason) or FILE_REASONS[reason]


def bad_value(expected: str, value: object) -> RecordRejectedError:
    """The refusal of a value of the wrong type or form; tells its shape, not its content."""
    if isinstance(value, dict | list):
        shown = "an object" if isinstance(value, dict) else "a list"
    else:
        shown = f"the shape {masked(repr(value)[:_SHOWN_LENGTH])}"
    return RecordRejectedError("bad_type", why=f"expected {expected}, found {shown}")


def masked(text: str) -> str:
    """The shape of a text without its content: letters become x, digits 9, the rest stays."""
    short = text[: SAMPLE_LENGTH + 1]
    shape = _DIGITS.sub(lambda found: "9" * len(found.group()), short)
    shape = _LETTERS.sub(lambda found: "x" * len(found.group()), shape)
    return shape if len(shape) <= SAMPLE_LENGTH else shape[:SAMPLE_LENGTH] + "…"
