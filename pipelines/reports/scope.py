"""Whose rows a report may hold: the whole desk, or one shop, team or person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grain = Literal["total", "shop", "team", "agent"]
TOTAL = "total"


@dataclass(frozen=True)
class Scope:
    """One member of one grain; `member` is as published, a person its `person_key`."""

    grain: Grain = "total"
    member: str = TOTAL

    @property
    def is_whole(self) -> bool:
        return self.grain == "total"
