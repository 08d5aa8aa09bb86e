"""What stands in which chapter, read from `outline.yml`: KPIs, charts, and rules of judgement."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent
Named = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rules(_Strict):
    """When a number allows a judgement."""

    least_cases: int = Field(ge=1)
    least_maturity: float = Field(gt=0, le=1)
    least_driver_share: float = Field(gt=0, lt=1)
    most_problems: int = Field(ge=1)
    most_changes: int = Field(ge=1)
    most_bridges: int = Field(ge=0)
    most_drivers: int = Field(ge=1)
    most_bars: int = Field(ge=2)
    most_actions: int = Field(ge=1)


class Bars(_Strict):
    """A KPI by the members of a grain, for reports on the whole desk."""

    kpi: Named
    by: Literal["channel", "team", "shop", "topic", "cause", "priority", "segment", "course"]


class Part(_Strict):
    """One section of the deep analysis: a table, lines over time, bars by member."""

    title: Named
    table: tuple[Named, ...] = Field(min_length=1)
    trends: tuple[Named, ...] = ()
    bars: tuple[Bars, ...] = ()


class Outline(_Strict):
    """The whole plan of a report."""

    rules: Rules
    headline: tuple[Named, ...]
    volumes: tuple[Named, ...]
    trust: tuple[Named, ...]
    analysis: tuple[Part, ...]
    driver_grains: tuple[Named, ...]

    @property
    def kpi_ids(self) -> frozenset[str]:
        """Every KPI that a report may name."""
        parts = [self.headline, self.volumes, self.trust]
        for part in self.analysis:
            parts += [part.table, part.trends, tuple(bars.kpi for bars in part.bars)]
        return frozenset(name for names in parts for name in names)


@cache
def load_outline() -> Outline:
    """The plan that the code ships with."""
    text = (FOLDER / "outline.yml").read_text(encoding="utf-8")
    return Outline.model_validate(yaml.safe_load(text))
