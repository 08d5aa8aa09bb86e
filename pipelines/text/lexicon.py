"""The open lexicon: phrases with what they do to a mood, as a tree of words.

The files beside this module hold a phrase a row: its kind and weight. Polarity is -3 to 3 (0 keeps
a longer phrase from being read word by word), a negation or an intensifier multiplies the polarity
that follows, a contrast multiplies what came before it.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pipelines.text.words import words_of

FOLDER = Path(__file__).parent / "lexicon"
KINDS = frozenset({"polarity", "negation", "intensifier", "contrast"})


class Entry(NamedTuple):
    """What a phrase does."""

    kind: str
    weight: float


@dataclass(slots=True)
class Node:
    """A place in the tree: the words that may follow, and what ends here."""

    following: dict[str, Node] = field(default_factory=dict)
    entry: Entry | None = None


class Lexicon(NamedTuple):
    """The tree of phrases, and the hash of the files that it was read from."""

    root: dict[str, Node]
    digest: str


class LexiconError(ValueError):
    """A row of a lexicon cannot be used; says which."""


def read_lexicon(folder: Path = FOLDER) -> Lexicon:
    """Every file of the folder as one tree."""
    root = Node()
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        content = path.read_text(encoding="utf-8")
        digest.update(content.encode())
        for number, row in enumerate(csv.DictReader(content.splitlines()), start=2):
            try:
                _add(root, words_of(row["phrase"]), _entry(row))
            except (KeyError, ValueError) as error:
                raise LexiconError(f"{path.name}, line {number}: {error}") from error
    return Lexicon(root.following, digest.hexdigest())


def _entry(row: dict[str, str]) -> Entry:
    if row["kind"] not in KINDS:
        raise ValueError(f"kind {row['kind']!r} is none of {', '.join(sorted(KINDS))}")
    return Entry(row["kind"], float(row["weight"]))


def _add(root: Node, words: Iterable[str], entry: Entry) -> None:
    node = root
    for word in words:
        node = node.following.setdefault(word, Node())
    if node is root:
        raise ValueError("the phrase has no words")
    if node.entry is not None:
        raise ValueError("the phrase stands in the lexicon already")
    node.entry = entry
