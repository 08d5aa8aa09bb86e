"""Quality as people judge it, from the catalogue's words: what each review adds to its KPIs.

Plain Python over canonical rows. A review is in unless it was taken back; a failed
critical category makes it nothing; what was not deducted was in order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]


@dataclass(frozen=True)
class Card:
    """What the scorecard judges: item to category, and what a deduction in a category means."""

    categories: Mapping[str, str]
    judged: frozenset[str]
    information: frozenset[str]
    errors: frozenset[str]
    critical: frozenset[str]
    pass_mark: float
    dispute_days: int
    disputed: Mapping[str, bool]
    overturned: frozenset[str]


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The local date of a UTC instant that carries no zone."""
    return at.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()


def judged_reviews(
    reviews: Iterable[Row], items: Iterable[Row], card: Card, zone: ZoneInfo, as_of: date
) -> list[Row]:
    """A record a review that stands, with its figures."""
    failed = failed_categories(items, card)
    records = []
    for review in reviews:
        if review["is_deleted"]:
            continue
        found = failed[review["review_key"]]
        is_critical = bool(review["is_fatal"]) or bool(found & card.critical)
        score = _score(review, is_critical)
        day = local_day(review["reviewed_at"], zone)
        is_matured = day + timedelta(days=card.dispute_days) <= as_of
        state = review["appeal_state"]
        is_disputed = card.disputed.get(state, True) if state is not None else False
        records.append(
            {
                "day": day,
                "one": 1,
                "agent": (review["source_system"], review["account_id"], review["agent_id"]),
                "area": review["question_type"] or "unknown",
                "score": score,
                "passed": int(score is not None and score >= card.pass_mark and not is_critical),
                "critical": int(is_critical),
                "error": int(bool(found & card.errors)),
                "accurate": int(not found & card.information),
                "matured": int(is_matured),
                "disputed": int(is_matured and is_disputed),
                "overturned": int(is_matured and is_disputed and state in card.overturned),
                # Besides what the card judges, the sheet may deduct for something else.
                "verdicts": {name: name in found for name in card.judged | found},
            }
        )
    return records


def _score(review: Row, is_critical: bool) -> float | None:
    if is_critical:
        return 0.0
    if not review["max_score"]:
        return None
    full = float(review["max_score"])
    return 100 * min(max(float(review["total_score"]), 0.0), full) / full


def failed_categories(items: Iterable[Row], card: Card) -> defaultdict[str, set[str]]:
    """The categories with a deduction, by review."""
    failed: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        if item["item_kind"] == "deduction":
            name = item["item"].strip().lower()
            failed[item["review_key"]].add(card.categories.get(name, "other"))
    return failed


def verdicts(reviews: Iterable[Row], items: Iterable[Row], card: Card, zone: ZoneInfo) -> list[Row]:
    """A record a category that two people judged: the first review of a reviewee's conversation and
    the next one by somebody else."""
    failed = failed_categories(items, card)
    by_talk: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for review in reviews:
        if not review["is_deleted"]:
            by_talk[review["conversation_id"], review["agent_id"]].append(review)
    records = []
    for talk in by_talk.values():
        talk.sort(key=lambda review: (review["reviewed_at"], review["review_key"]))
        first = talk[0]
        second = next((r for r in talk if r["reviewer_id"] != first["reviewer_id"]), None)
        if second is None:
            continue
        ours, theirs = failed[first["review_key"]], failed[second["review_key"]]
        for category in card.judged | (ours & theirs):
            records.append(
                {
                    "day": local_day(second["reviewed_at"], zone),
                    "reviewed_day": local_day(first["reviewed_at"], zone),
                    "agent": (first["source_system"], first["account_id"], first["agent_id"]),
                    "category": category,
                    "one": 1,
                    "same": int((category in ours) == (category in theirs)),
                    "first": category in ours,
                    "second": category in theirs,
                }
            )
    return records


def kappa(records: list[Row]) -> float | None:
    """Cohen's kappa: agreement beyond what the raters' own shares would give by chance."""
    n = len(records)
    if not n:
        return None
    observed = sum(r["first"] == r["second"] for r in records) / n
    first, second = sum(r["first"] for r in records) / n, sum(r["second"] for r in records) / n
    chance = first * second + (1 - first) * (1 - second)
    return None if abs(1 - chance) < 1e-12 else (observed - chance) / (1 - chance)
