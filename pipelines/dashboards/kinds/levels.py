"""Colours by the direction of good: met, near and missed."""

from __future__ import annotations

from typing import Any

from pipelines.dashboards.words import Language, Strict, Text

GOOD, FAIR, BAD = "#12a594", "#f2a516", "#d92d44"
# Behind a figure, so that it stays readable.
GOOD_TINT, FAIR_TINT, BAD_TINT = "#c4e9e4", "#fce7bf", "#f8cdd2"
LEVEL_COLOURS = "helpmart_levels"

Rule = dict[str, Any]


class Levels(Strict):
    """From where on a value is good, and from where on fair.

    A `fair` above `good` means that less is better.
    """

    good: float
    fair: float

    @property
    def direction(self) -> str:
        return "up" if self.good >= self.fair else "down"

    def rules(self, column: str) -> list[Rule]:
        """Superset's conditional formatting of one column."""
        if self.direction == "up":
            between = {"operator": "≤ x <", "targetValueLeft": self.fair}
            return [
                _rule(column, GOOD_TINT, operator="≥", targetValue=self.good),
                _rule(column, FAIR_TINT, **between, targetValueRight=self.good),
                _rule(column, BAD_TINT, operator="<", targetValue=self.fair),
            ]
        between = {"operator": "< x ≤", "targetValueLeft": self.good}
        return [
            _rule(column, GOOD_TINT, operator="≤", targetValue=self.good),
            _rule(column, FAIR_TINT, **between, targetValueRight=self.fair),
            _rule(column, BAD_TINT, operator=">", targetValue=self.fair),
        ]


class Statuses(Strict):
    """Which members of a text column are good, fair and bad, as the page names them."""

    good: tuple[Text | str, ...] = ()
    fair: tuple[Text | str, ...] = ()
    bad: tuple[Text | str, ...] = ()

    def rules(self, column: str, language: Language) -> list[Rule]:
        """Superset's conditional formatting of one column."""
        coloured = ((self.good, GOOD_TINT), (self.fair, FAIR_TINT), (self.bad, BAD_TINT))
        return [
            _rule(column, tint, operator="=", targetValue=_of(member, language))
            for members, tint in coloured
            for member in members
        ]


Colours = Levels | Statuses


def rules_of(colours: dict[str, Colours], language: Language) -> list[Rule]:
    """Superset's conditional formatting of a table."""
    rules: list[Rule] = []
    for column, each in colours.items():
        rules += each.rules(column) if isinstance(each, Levels) else each.rules(column, language)
    return rules


def _rule(column: str, tint: str, **what: Any) -> Rule:
    return {"column": column, "colorScheme": tint, "useGradient": False, **what}


def _of(member: Text | str, language: Language) -> str:
    return member.of(language) if isinstance(member, Text) else member
