"""The mood of a message from -1 to 1, by phrases, negations, intensifiers and contrasts.

A message that no word of ours helps to read - empty, digits, another language - has no score: None
is not 0. A readable message without feeling is 0.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import sqrt

from pipelines.text.lexicon import Entry, Lexicon, Node, read_lexicon
from pipelines.text.words import (
    OTHER_SCRIPT,
    QUESTION_MARKS,
    SENTENCE_STOPS,
    STOPS,
    is_chinese,
    words_of,
)

RULES_VERSION = "1"
# How many words may stand between a negation or an intensifier and what it bears on.
REACH = 5
# A negated complaint is faint praise.
PRAISE_OF_NEGATED_COMPLAINT = 0.4
# At this sum of weights the score is 0.71; a single mild word gives 0.45.
HALF_WAY = 4.0
POSITIVE_FROM, NEGATIVE_TO = 0.25, -0.25
# Frequent words that tell English from other languages in Latin letters.
ENGLISH = frozenset(
    words_of(
        "the a an is are was i you my your it this that to of and for in on with have has do does"
        " not when where what how why can could would will please order hello hi hey yes no ok okay"
    )
)


@dataclass(slots=True)
class _Reading:
    """Where the reader stands within a message."""

    total: float = 0.0
    praise_of_sentence: float = 0.0
    negation: float = 0.0
    negated_at: int = -REACH
    intensity: float = 1.0
    intensified_at: int = -REACH

    def end_clause(self) -> None:
        self.negation, self.intensity = 0.0, 1.0


class Scorer:
    """Scores messages; made once, since reading the lexicon takes longer than many messages."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or read_lexicon()
        self._root = self._lexicon.root

    @property
    def version(self) -> str:
        """Changes with every change of the lexicon or the rules."""
        text = f"{RULES_VERSION}:{self._lexicon.digest}"
        return f"lexicon-{RULES_VERSION}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    def score(self, text: str | None) -> float | None:
        """-1 to 1, or None where the message cannot be read."""
        if not text or OTHER_SCRIPT.search(text):
            return None
        words = words_of(text)
        reading = _Reading()
        is_known = False
        at, root = 0, self._root
        while at < len(words):
            word = words[at]
            node = root.get(word)
            entry, end = self._longest(node, words, at + 1) if node is not None else (None, at + 1)
            if entry is not None:
                is_known = True
                self._apply(entry, at, end, reading)
            elif word in STOPS or word in QUESTION_MARKS:
                self._stop(word, reading)
            elif not is_known:
                is_known = word in ENGLISH or is_chinese(word)
            at = end
        if not is_known:
            return None
        return round(reading.total / sqrt(reading.total**2 + HALF_WAY), 4) + 0.0

    @staticmethod
    def _longest(node: Node, words: list[str], at: int) -> tuple[Entry | None, int]:
        """The longest phrase from here and its end; else nothing, and one word further."""
        found, end, size = node.entry, at, len(words)
        after = at
        while after < size:
            following = node.following.get(words[after])
            if following is None:
                break
            node, after = following, after + 1
            if node.entry is not None:
                found, end = node.entry, after
        return found, end

    @staticmethod
    def _apply(entry: Entry, at: int, end: int, reading: _Reading) -> None:
        kind, weight = entry
        if kind == "polarity":
            if weight == 0:
                return
            value = weight
            if reading.negation and at - reading.negated_at < REACH:
                value *= reading.negation if value > 0 else -PRAISE_OF_NEGATED_COMPLAINT
            elif at - reading.intensified_at < REACH:
                value *= reading.intensity
            reading.end_clause()
            reading.total += value
            if value > 0:
                reading.praise_of_sentence += value
        elif kind == "negation":
            reading.negation, reading.negated_at = weight, end
        elif kind == "intensifier":
            reading.intensity, reading.intensified_at = weight, end
        else:
            reading.total *= weight
            reading.praise_of_sentence *= weight
            reading.end_clause()

    @staticmethod
    def _stop(word: str, reading: _Reading) -> None:
        """Who asks whether something is good has not praised it."""
        reading.end_clause()
        if word in QUESTION_MARKS:
            reading.total -= reading.praise_of_sentence
        if word in QUESTION_MARKS or word in SENTENCE_STOPS:
            reading.praise_of_sentence = 0.0


def label(score: float | None) -> str | None:
    """positive, neutral or negative; None where there is no score."""
    if score is None:
        return None
    if score >= POSITIVE_FROM:
        return "positive"
    return "negative" if score <= NEGATIVE_TO else "neutral"
