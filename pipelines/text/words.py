"""Cuts a text into words: an English word, a single Chinese character, an emoji, a stop."""

from __future__ import annotations

import re

# Emoji of the planes that phones use; a stop ends a clause, a sentence stop a sentence.
WORD = re.compile(
    r"[a-z]+(?:'[a-z]+)?|[\u3400-\u9fff]|[\u2600-\u27bf\U0001f300-\U0001faff]|[,;:.!?，；：。！？、…\n]"
)
STOPS = frozenset(",;:.!?，；：。！？、…\n")
SENTENCE_STOPS = frozenset(".!?。！？…\n")
QUESTION_MARKS = frozenset("?？吗")
OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f]")
LONGEST_TEXT = 5_000


def words_of(text: str) -> list[str]:
    """The words in order, lower case; what follows the first 5,000 characters is not read."""
    return WORD.findall(text[:LONGEST_TEXT].lower().replace("’", "'"))


def is_chinese(word: str) -> bool:
    return "\u3400" <= word[0] <= "\u9fff"
