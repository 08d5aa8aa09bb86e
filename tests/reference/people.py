"""People and training, from the catalogue's words, in plain Python over canonical rows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
DIMENSIONS = {"环境": "environment", "工作内容": "work", "薪酬": "pay", "成长": "growth"}


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from that of `first` to that of `last`."""
    count = (last.year - first.year) * 12 + last.month - first.month
    start = first.year * 12 + first.month - 1
    return [date((start + k) // 12, (start + k) % 12 + 1, 1) for k in range(count + 1)]


def team_of(roster: Iterable[Row], employee: str, day: date, *, until_left: bool = True) -> str:
    """The employee's team on a day; unknown before joining and after leaving."""
    for version in roster:
        if version["employee_key"] != employee or not version["valid_from"] <= day:
            continue
        left = version["left_date"] if until_left else None
        if day < version["valid_to"] and (left is None or day <= left):
            return version["team_name"] or "unknown"
    return "unknown"


def headcounts(roster: Iterable[Row], events: Iterable[Row], first: date, last: date) -> list[Row]:
    """A record an employee, version and month: the share of its days, and who left."""
    reasons = {e["employee_key"]: e for e in events if e["event_type"] == "left"}
    newest: dict[str, date] = {}
    versions = list(roster)
    for version in versions:
        key = version["employee_key"]
        newest[key] = max(newest.get(key, version["valid_from"]), version["valid_from"])
    records = []
    for month in months_between(first, last):
        after = _next_month(month)
        days = [
            month + timedelta(days=k) for k in range((min(after, last + timedelta(1)) - month).days)
        ]
        for version in versions:
            left = version["left_date"]
            ends = (
                version["valid_to"]
                if left is None
                else min(version["valid_to"], left + timedelta(1))
            )
            there = sum(version["valid_from"] <= day < ends for day in days)
            if not there:
                continue
            is_last = version["valid_from"] == newest[version["employee_key"]]
            is_leaver = is_last and left is not None and days[0] <= left <= days[-1]
            reason = reasons.get(version["employee_key"], {}).get("is_voluntary")
            records.append(
                {
                    "day": month,
                    "team": version["team_name"] or "unknown",
                    "headcount": there / len(days),
                    "opening": int(version["valid_from"] <= month),
                    "left": int(is_leaver),
                    "voluntary": int(is_leaver and reason is True),
                    "involuntary": int(is_leaver and reason is False),
                }
            )
    return records


def attrition(records: list[Row], leavers: str = "left", base: str = "headcount") -> float | None:
    """Leavers by the mean headcount of the months."""
    months = len({record["day"] for record in records})
    people = sum(record[base] for record in records)
    return sum(record[leavers] for record in records) / (people / months) if people else None


def annualised(records: list[Row]) -> float | None:
    """Leavers of a year at the pace of these months, by the mean headcount."""
    people = sum(record["headcount"] for record in records)
    return 12 * sum(record["left"] for record in records) / people if people else None


def hours_a_head(records: list[Row]) -> float | None:
    """Hours of training by the mean headcount of the months."""
    heads = [record for record in records if record["headcount"] is not None]
    people, months = sum(row["headcount"] for row in heads), len({row["day"] for row in heads})
    return float(sum(row["hours"] for row in records) / (people / months)) if people else None


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def responses(answers: Iterable[Row], roster: Iterable[Row], smallest: int) -> list[Row]:
    """Who answered and who was asked, by survey and team; small teams are one group."""
    who: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    asked: dict[tuple[str, str], date] = {}
    for row in answers:
        key = (row["survey_id"], row["team_name"])
        who[key].add(row["respondent_id"])
        asked[key] = max(asked.get(key, row["asked_date"]), row["asked_date"])
    employees: defaultdict[str, list[Row]] = defaultdict(list)
    for version in roster:
        employees[version["employee_key"]].append(version)
    groups: defaultdict[tuple[str, str], Row] = defaultdict(
        lambda: {"answered": 0, "invited": set(), "day": date.min}
    )
    for (survey, team), respondents in who.items():
        group = groups[survey, "withheld" if len(respondents) < smallest else team]
        day = asked[survey, team]
        group["answered"] += len(respondents)
        group["invited"] |= {
            key for key, own in employees.items() if team_of(own, key, day) == team
        }
        group["day"] = max(group["day"], day)
    # A team that the roster does not know invited at least who answered.
    return [
        {"day": row["day"], "team": team, "answered": row["answered"]}
        | {"invited": max(len(row["invited"]), row["answered"])}
        for (_, team), row in groups.items()
    ]


def survey_groups(answers: Iterable[Row], smallest: int) -> list[Row]:
    """Answers of groups that may be shown; small teams together are one group, or nothing."""
    rows = list(answers)
    who: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        who[row["survey_id"], row["team_name"]].add(row["respondent_id"])
    groups: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        is_small = len(who[row["survey_id"], row["team_name"]]) < smallest
        team = "withheld" if is_small else row["team_name"]
        dimension = DIMENSIONS.get(row["dimension"], "recommendation")
        groups[row["survey_id"], team, dimension].append(row)
    shown = []
    for (_, team, dimension), members in groups.items():
        if len({row["respondent_id"] for row in members}) < smallest:
            continue
        for row in members:
            low, high, score = (float(row[k]) for k in ("scale_min", "scale_max", "score"))
            is_scored = dimension != "recommendation"
            shown.append(
                {
                    "day": row["asked_date"],
                    "team": team,
                    "category": dimension,
                    "score": 1 + 4 * (score - low) / (high - low) if is_scored else None,
                    "recommends": None if is_scored else (score >= 9) - (score <= 6),
                }
            )
    return shown


def effect(changes: Iterable[Row], arm: str = "arm") -> tuple[float, float] | None:
    """Difference in differences and its standard error: mean change of the trained less that of the
    control group, each person once."""
    sides: dict[str, list[float]] = {"trained": [], "control": []}
    for row in changes:
        sides[row[arm]].append(row["after"] - row["before"])
    if any(len(side) < 2 for side in sides.values()):
        return None
    means = {name: sum(side) / len(side) for name, side in sides.items()}
    variance = sum(
        sum((value - means[name]) ** 2 for value in side) / (len(side) - 1) / len(side)
        for name, side in sides.items()
    )
    return means["trained"] - means["control"], math.sqrt(variance)
