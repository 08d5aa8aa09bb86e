"""How a number is written: one way a unit and language. Nothing else turns a figure into text."""

from __future__ import annotations

from datetime import date, datetime
from math import floor, log10
from typing import Literal
from zoneinfo import ZoneInfo

from pipelines.reports.figures import Figure
from pipelines.transform.semantic import Language

Style = Literal["", "signed", "size"]
MINUS = "−"
MINUTE, HOUR, DAY = 60, 3600, 86400
HOURS_SHOWN = 48 * HOUR
TINY, NOTHING = 0.05, 0.005
HUNDRED = 100
DIFFERENCES = frozenset({"change", "target_gap", "contribution", "gap"})
DURATIONS: dict[Language, tuple[str, str, str, str]] = {
    "en": (" s", " min", " h", " days"),
    "zh": (" 秒", " 分钟", " 小时", " 天"),
}
POINTS: dict[Language, str] = {"en": " points", "zh": " 个百分点"}
PLACES = {
    "count": 0,
    "currency": 2,
    "currency_per_hour": 2,
    "days": 1,
    "hours": 1,
    "per_hour": 2,
    "percent_points": 1,
    "points": 1,
    "score": 1,
}


def figure_text(figure: Figure, language: Language, style: Style = "") -> str:
    """The figure as readers see it; a dash where there is no value.

    Args:
        figure: What is written.
        language: Units of time and percentage points are words.
        style: `signed` shows the sign of a difference, `size` leaves it out.
    """
    value = figure.value
    if value is None:
        return "–"
    sign = MINUS if value < 0 else "+" if style == "signed" and value > 0 else ""
    body = _body(abs(value), figure, language)
    if style == "size" or not any(digit in body for digit in "123456789"):
        return body
    return sign + body


def _body(size: float, figure: Figure, language: Language) -> str:
    unit = figure.unit
    is_difference = figure.aspect in DIFFERENCES
    if unit == "seconds":
        return _duration(size, language)
    if unit in {"rate", "share"}:
        text = f"{size * HUNDRED:.{2 if NOTHING <= size * HUNDRED < TINY else 1}f}"
        return text + (POINTS[language] if is_difference else "%")
    if unit in {"ratio", "weight"}:
        # A difference says no more than the values that it lies between.
        return _significant(size, 2, most_places=3) if is_difference else _significant(size, 3)
    return f"{size:,.{_places(size, unit)}f}"


def _places(size: float, unit: str) -> int:
    # A contribution to a count may be a fraction of one; a count itself never is.
    if unit == "count":
        return 0 if size == int(size) else 1
    # Where a unit has one place, values below one keep two figures.
    return 2 if PLACES[unit] == 1 and size < 1 else PLACES[unit]


def _significant(size: float, figures: int, most_places: int = 6) -> str:
    """So many figures, so that 0.0148 and 14.8 both keep what they say; never a power of ten."""
    if size >= HUNDRED:
        return f"{size:,.0f}"
    if size == 0:
        return "0"
    places = min(max(figures - 1 - floor(log10(size)), 0), most_places)
    text = f"{size:.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def _duration(size: float, language: Language) -> str:
    """In the one unit that fits, so that columns of durations stay narrow."""
    seconds, minutes, hours, days = DURATIONS[language]
    if size < MINUTE:
        return _decimal(size) + seconds
    if size < HOUR:
        return _decimal(size / MINUTE) + minutes
    if size < HOURS_SHOWN:
        return _decimal(size / HOUR) + hours
    return _decimal(size / DAY) + days


def _decimal(size: float) -> str:
    text = f"{size:,.1f}"
    return text.removesuffix(".0")


def date_text(day: date) -> str:
    """A day, alike in both languages."""
    return f"{day:%Y-%m-%d}"


def instant_text(at: datetime, zone: ZoneInfo) -> str:
    """An instant in the reporting zone, with its name."""
    from datetime import UTC

    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {zone.key}"
