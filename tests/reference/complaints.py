"""Complaints and public reviews from the catalogue's words: plain Python over canonical rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tests.reference.commerce import local_day

Row = dict[str, Any]
SOLVED_WITHIN, RETURNS_WITHIN = timedelta(30), timedelta(90)
BASELINE_DAYS = 90


def complaints(
    rows: Iterable[Row], causes: Mapping[str, str], as_of: Mapping[tuple[str, str], datetime]
) -> list[Row]:
    """A record a case; `person` and `shop` come with the rows, the cause is looked up in words."""
    records = []
    for row in rows:
        received, closed = row["received_at"], row["closed_at"]
        now = as_of[row["source_system"], row["account_id"]]
        is_solved = row["status"] == "closed"
        took = (closed - received).total_seconds() if is_solved and closed else None
        is_matured = received + SOLVED_WITHIN <= now
        in_time = is_solved and (closed is None or closed <= received + SOLVED_WITHIN)
        records.append(
            {
                "day": local_day(received),
                "solved_day": local_day(closed) if is_solved and closed else None,
                "source": row["source_system"],
                "shop": row["shop"] or row["account_id"],
                "cause": causes[row["cause"]],
                "person": row["person"],
                "received_at": received,
                "where": (row["source_system"], row["account_id"]),
                "one": 1,
                "key": row["complaint_key"],
                "matured": int(is_matured),
                "in_time": int(is_matured and in_time),
                "seconds": took if took is None or took >= 0 else None,
                "solved_known": int(
                    is_solved
                    and row["person"] is not None
                    and causes[row["cause"]] != "unknown"
                    and received + RETURNS_WITHIN <= now
                ),
            }
        )
    _mark_returns(records)
    return records


def _mark_returns(records: list[Row]) -> None:
    """Whether the same person complains of the same cause again in time."""
    by_person = defaultdict(list)
    for record in records:
        by_person[record["person"], record["cause"]].append(record)
    for same in by_person.values():
        same.sort(key=lambda record: (record["received_at"], record["key"]))
        for record, following in zip(same, [*same[1:], None], strict=True):
            came_back = (
                following is not None
                and following["received_at"] <= record["received_at"] + RETURNS_WITHIN
            )
            record["returned"] = int(came_back and record["solved_known"])


def negative_reviews(mentions: Iterable[Row], service_topics: set[str]) -> list[Row]:
    """Bad posts about what service can do something about, by local day."""
    return [
        {
            "day": local_day(row["posted_at"]),
            "source": row["source_system"],
            "shop": row["account_id"],
            "platform": row["platform"] or "unknown",
            "one": 1,
        }
        for row in mentions
        if row["sentiment"] == "negative" and (row["topic"] or "").lower() in service_topics
    ]


def avoided_reviews(
    feeds: Iterable[tuple[str, str, str]], bad: Iterable[Row], first: date, last: date
) -> list[Row]:
    """By feed and whole day after the baseline, what was expected less what came."""
    counted: Counter[tuple[str, str, str, date]] = Counter(
        (row["source"], row["shop"], row["platform"], row["day"]) for row in bad
    )
    begins = first + timedelta(BASELINE_DAYS)
    records = []
    for source, shop, platform in feeds:
        before = sum(
            number
            for (*feed, day), number in counted.items()
            if tuple(feed) == (source, shop, platform) and day < begins
        )
        for number in range((last - begins).days):
            day = begins + timedelta(number)
            came = counted[source, shop, platform, day]
            records.append(
                {
                    "day": day, "source": source, "shop": shop, "platform": platform,
                    "avoided": before / BASELINE_DAYS - came,
                }
            )  # fmt: skip
    return records
