"""How busy the busiest hour of the week is, in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from tests.reference.demand import Desk, Records, add

WEEKS = 8


def peak_hours(desk: Desk) -> Records:
    """Of each account, channel, window and kind of day: the busiest hour and the open hours."""
    found: Records = {}
    for account in sorted({(t["source_system"], t["account_id"]) for t in desk.tickets}):
        of_account = [t for t in desk.tickets if (t["source_system"], t["account_id"]) == account]
        first, last = of_account[0]["first_date"], of_account[0]["as_of_date"]
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        special = _special(desk, account, days)
        is_open = _open_hours(desk, account)
        for end in days:
            begin = end - timedelta(days=7 * WEEKS - 1)
            if end.isoweekday() == 7 and begin >= first:
                window = [day for day in days if begin <= day <= end]
                for kind, kpi_id in ((False, "peak_hour_index"), (True, "peak_hour_index_special")):
                    dates = [day for day in window if (day in special) == kind]
                    for channel, sides in _peaks(desk, account, dates, is_open):
                        members = {"channel": channel, "source": account[0]}
                        add(found, kpi_id, end, members, part=sides[0], whole=sides[1])
    return found


def _special(desk: Desk, account: tuple[str, str], days: list[date]) -> set[date]:
    holidays = {
        h["local_date"] for h in desk.holidays if (h["source_system"], h["account_id"]) == account
    }
    campaigns = {
        day
        for day in days
        for each in desk.campaigns
        if each["first_day"] <= f"{day:%m-%d}" <= each["last_day"]
    }
    return holidays | campaigns


def _open_hours(desk: Desk, account: tuple[str, str]) -> set[tuple[date, int]] | None:
    """Local hours in some of which a calendar works; None without any calendar."""
    found: set[tuple[date, int]] = set()
    for stretch in desk.open_stretches:
        if (stretch["source_system"], stretch["account_id"]) == account:
            at = desk.local(stretch["starts_at"])
            end = desk.local(stretch["ends_at"])
            while at < end:
                found.add((at.date(), at.hour))
                at = at.replace(minute=0, second=0) + timedelta(hours=1)
    return found or None


def _peaks(
    desk: Desk,
    account: tuple[str, str],
    dates: list[date],
    is_open: set[tuple[date, int]] | None,
) -> Iterator[tuple[str, tuple[float, float]]]:
    wanted = set(dates)
    occurred = Counter(day.isoweekday() for day in dates)
    by_channel: dict[str, Counter[tuple[date, int]]] = defaultdict(Counter)
    for contact in desk.contacts:
        at = desk.local(contact["started_at"])
        if (contact["source_system"], contact["account_id"]) == account and at.date() in wanted:
            by_channel[contact["channel"]][at.date(), at.hour] += 1
    hours = [(day, hour) for day in dates for hour in range(24)]
    opened = [each for each in hours if is_open is None or each in is_open]
    for channel, counts in by_channel.items():
        weekly: Counter[tuple[int, int]] = Counter()
        for (day, hour), count in counts.items():
            weekly[day.isoweekday(), hour] += count
        peak = max(count / occurred[weekday] for (weekday, _), count in weekly.items())
        total = sum(counts[each] for each in opened)
        yield channel, (peak, total / len(opened) if opened else 0.0)
