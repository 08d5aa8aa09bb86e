"""What a check says: where, and what is wrong there."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that would break a dashboard."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def unknown(where: str, kind: str, name: str, known: Collection[str]) -> Iterator[Problem]:
    """A finding when `name` is not among the known, with the nearest of them."""
    if name in known:
        return
    close = difflib.get_close_matches(name, list(known), n=1)
    hint = (
        f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known)) or 'none'}"
    )
    yield Problem(where, f"there is no {kind} {name}; {hint}")
