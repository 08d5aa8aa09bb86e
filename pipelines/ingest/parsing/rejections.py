"""Why a record or a file cannot be used, what to do about it, and what may be shown of it.

Every reason of the quarantine is listed here and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FILE_REASONS: dict[str, str] = {
    "unreadable_archive": "Open the archive by hand. If it is whole, unpack it and drop its files.",
    "undecodable": "Export the file again as UTF-8, or convert it, and drop it again.",
    "truncated": "The file ends too early. Transfer or export it again and drop it again.",
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
}

SAMPLE_LENGTH = 240
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")


class RecordRejectedError(Exception):
    """One record cannot be used; its file goes on."""

    def __init__(self, reason: str, field: str = "", why: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.why = why


class FileRejectedError(Exception):
    """The file as a whole cannot be used; nothing of it is loaded."""

    def __init__(self, reason: str, why: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.why = why


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


def masked(text: str) -> str:
    """The shape of a text without its content: letters become x, digits 9, the rest stays."""
    short = text[: SAMPLE_LENGTH + 1]
    shape = _DIGITS.sub(lambda found: "9" * len(found.group()), short)
    shape = _LETTERS.sub(lambda found: "x" * len(found.group()), shape)
    return shape if len(shape) <= SAMPLE_LENGTH else shape[:SAMPLE_LENGTH] + "…"
