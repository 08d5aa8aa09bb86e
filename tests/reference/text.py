"""Moods, phrase checks, needs and experience scores in plain Python, from the catalogue's words.

Takes plain rows: scored messages, tickets, rules. How a text gets its score is not repeated here;
that is proved on labelled messages. Records are dictionaries, parameters are those of the seed.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

Row = Mapping[str, Any]
DAY_SECONDS = 86_400


def mean(values: Iterable[float]) -> float | None:
    kept = list(values)
    return sum(kept) / len(kept) if kept else None


def shift_of(scores: list[float], smallest: int) -> float | None:
    """Mean of the last third less that of the first; a third is one message at least."""
    if len(scores) < smallest:
        return None
    third = max(1, len(scores) // 3)
    first, last = scores[:third], scores[-third:]
    return sum(last) / third - sum(first) / third


def searchable(text: str) -> str:
    """Lower case, letters and digits alone, a space around each word."""
    return f" {re.sub(r'[^a-z0-9À-ɏ㐀-鿿]+', ' ', text.lower()).strip()} "


def holds(text: str, rule: Row) -> bool:
    """English phrases as whole words, Chinese ones anywhere."""
    said = searchable(text)
    phrases = [searchable(phrase) for phrase in rule["phrases"].split("|")]
    if rule["language"] == "zh":
        phrases = [phrase.strip() for phrase in phrases]
    return any(phrase in said for phrase in phrases)


def topic_of(clues: Iterable[tuple[str, str | None]], rules: list[Row]) -> tuple[str, str]:
    """Topic and the kind of clue that told it; clues are given in the order of their weight."""
    for kind, text in clues:
        if not text or not text.strip():
            continue
        matching = [rule for rule in rules if holds(text, rule)]
        told = min(matching, key=lambda rule: rule["priority"])["topic"] if matching else None
        if told is None and kind == "category":
            told = text.strip().lower()
        if told not in {None, "unknown"}:
            return str(told), kind
    return "unknown", "none"


def reviewee_of(replies: list[Row]) -> str:
    """Whoever wrote most of the replies; of equals, whoever wrote first."""
    counts = Counter(reply["author_id"] for reply in replies)
    first = {author: min(r["message_no"] for r in replies if r["author_id"] == author)
             for author in counts}  # fmt: skip
    return str(min(counts, key=lambda author: (-counts[author], first[author])))


def language_of(replies: list[Row]) -> str:
    """Of most of the replies; of equals, the one that comes first in the alphabet."""
    counts = Counter(str(reply["language"]) for reply in replies)
    return min(counts, key=lambda name: (-counts[name], name))


def why_unreviewed(messages: list[Row], smallest_words: float) -> str | None:
    customers = [message for message in messages if message["is_customer_message"]]
    replies = [message for message in messages if message["is_human_reply"]]
    if not customers and not replies:
        return "no_text"
    if not customers:
        return "no_customer_message"
    if not replies:
        return "no_reply"
    words = sum(message["word_count"] for message in messages)
    return "too_short" if words < smallest_words else None


def checks_of(
    messages: list[Row], rules: list[Row], *, is_late: bool, upset_below: float
) -> list[tuple[Row, bool]]:
    """The rules that apply to a conversation, each with whether its phrase was found."""
    replies = [message for message in messages if message["is_human_reply"]]
    agent = reviewee_of(replies)
    own = [reply for reply in replies if reply["author_id"] == agent]
    order = sorted(own, key=lambda reply: reply["message_no"])
    numbers = sorted(reply["message_no"] for reply in replies)
    outbursts = [
        message["message_no"]
        for message in messages
        if message["is_customer_message"]
        and message["sentiment_score"] is not None
        and message["sentiment_score"] < upset_below
    ]
    opens = order[0]["message_no"] == numbers[0]
    closes = order[-1]["message_no"] == numbers[-1]
    after = [reply for reply in own if outbursts and reply["message_no"] > min(outbursts)]
    looked_at: dict[str, list[Row]] = {
        "opening": order[:1] if opens else [],
        "closing": order[-1:] if closes else [],
        "upset": after,
        "delay": order[:1] if opens and is_late else [],
        "always": own,
    }
    language = language_of(own)
    return [
        (rule, any(rule["rule_id"] in reply["phrase_rule_ids"] for reply in where))
        for rule in rules
        if rule["language"] == language and (where := looked_at[rule["situation"]])
    ]


def quality_score(checks: list[tuple[Row, bool]]) -> float:
    """0 to 100; 0 if a critical rule is broken."""
    met = {rule["rule_id"]: found == (rule["kind"] == "required") for rule, found in checks}
    if any(rule["is_critical"] and not met[rule["rule_id"]] for rule, _ in checks):
        return 0.0
    whole = sum(rule["weight"] for rule, _ in checks)
    kept = sum(rule["weight"] for rule, _ in checks if met[rule["rule_id"]])
    return float(100 * kept / whole)


def experience_index(ticket: Row, mood: float | None, weights: Mapping[str, float]) -> float:
    """100 without any strain: waiting, outcome, reopens, mood, repeat."""
    waited = ticket["first_response_calendar_seconds"]
    strains = {
        "waiting": 1.0 if waited is None else min(1.0, waited / ticket["response_target_seconds"]),
        "outcome": 0.0 if ticket["is_solved"] else 1.0,
        "reopens": min(ticket["reopen_count"] or 0, 2) / 2,
        "sentiment": (1 - (mood or 0.0)) / 2,
        "repeat": float(ticket["is_repeat"]),
    }
    strain = sum(weights[name] * value for name, value in strains.items())
    return 100 * (1 - strain / sum(weights.values()))


def repeats(tickets: Iterable[Row], days: float) -> set[str]:
    """Tickets whose customer opened another within so many days before."""
    of_customer: dict[str, list[Row]] = defaultdict(list)
    for ticket in tickets:
        if ticket["customer_key"] is not None:
            of_customer[ticket["customer_key"]].append(ticket)
    found = set()
    for own in of_customer.values():
        own.sort(key=lambda ticket: (ticket["created_at"], ticket["ticket_key"]))
        for before, ticket in pairwise(own):
            passed = (ticket["created_at"] - before["created_at"]).total_seconds()
            if int(passed) <= days * DAY_SECONDS:
                found.add(ticket["ticket_key"])
    return found


def experience_scores(
    indexes: Mapping[str, float], ratings: Mapping[str, float], bins: int, prior: float
) -> dict[str, float]:
    """Scores of one account's tickets: each half is calibrated by the ratings of the other.

    Args:
        indexes: The index of each ticket, by its key.
        ratings: 100 or 0, of those that are rated.
        bins: Groups by the share of tickets with a smaller index.
        prior: Ratings at the mean of the half that each group is given.
    """
    place: dict[str, tuple[int, int]] = {}
    ordered = sorted(indexes.values())
    smaller = {value: n for n, value in reversed(list(enumerate(ordered)))}
    for key, value in indexes.items():
        rank = smaller[value] / (len(ordered) - 1) if len(ordered) > 1 else 0.0
        digest = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
        place[key] = ord(digest[0]) % 2, min(int(rank * bins), bins - 1)
    by_half: dict[int, list[float]] = defaultdict(list)
    by_bin: dict[tuple[int, int], list[float]] = defaultdict(list)
    for key, rating in ratings.items():
        if key in place:
            by_half[place[key][0]].append(rating)
            by_bin[place[key]].append(rating)
    scores = {}
    for key, (half, group) in place.items():
        others = by_half.get(1 - half)
        if others:
            own = by_bin.get((1 - half, group), [])
            middle = sum(others) / len(others)
            scores[key] = (sum(own) + prior * middle) / (len(own) + prior)
    return scores
