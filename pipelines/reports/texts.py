"""The fixed wordings of reports in both languages, from `texts.yml`, without a digit in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from pipelines.transform.semantic import Language

FILE = Path(__file__).parent / "texts.yml"
SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
STYLES = frozenset({"", "signed", "size"})


@dataclass(frozen=True)
class Piece:
    """Words, or a slot with the style in which its figure is written."""

    words: str = ""
    slot: str = ""
    style: str = ""


class BrokenTextError(ValueError):
    """A wording that no report may use."""


@cache
def load_texts() -> dict[str, dict[str, str]]:
    """By key, then language; refused where a language lacks, slots differ or a digit stands.

    Raises:
        BrokenTextError: Naming the key.
    """
    found: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for key, texts in found.items():
        check_text(key, texts)
    return found


def check_text(key: str, texts: dict[str, str]) -> None:
    """Raise unless the wording says the same in both languages and holds no number."""
    if set(texts) != {"en", "zh"}:
        raise BrokenTextError(f"{key}: English and Chinese are needed, found {sorted(texts)}")
    slots = [sorted(piece.slot for piece in pieces(texts[each]) if piece.slot) for each in texts]
    if slots[0] != slots[1]:
        raise BrokenTextError(f"{key}: the languages have other slots: {slots[0]} and {slots[1]}")
    for language, text in texts.items():
        words = "".join(piece.words for piece in pieces(text))
        if re.search(r"\d", words):
            raise BrokenTextError(f"{key}, {language}: a number must be a figure with a source")
        unknown = {piece.style for piece in pieces(text)} - STYLES
        if unknown:
            raise BrokenTextError(f"{key}, {language}: unknown styles {sorted(unknown)}")


def pieces(text: str) -> Iterator[Piece]:
    """The words and slots of a wording, in order."""
    end = 0
    for match in SLOT.finditer(text):
        if match.start() > end:
            yield Piece(words=text[end : match.start()])
        yield Piece(slot=match[1], style=match[2] or "")
        end = match.end()
    if end < len(text):
        yield Piece(words=text[end:])


def wording(key: str, language: Language) -> str:
    """The text of a key."""
    return load_texts()[key][language]
