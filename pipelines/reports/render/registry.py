"""Every figure of a report, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pipelines.reports.content import Report
from pipelines.reports.figures import Figure


def figures_in(report: Report) -> list[Figure]:
    """Each figure once, in the order in which they are told."""
    return list({figure.id: figure for figure in _walk(report)}.values())


def _walk(thing: Any) -> Iterator[Figure]:
    if isinstance(thing, Figure):
        yield thing
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from _walk(value)
    elif isinstance(thing, (tuple, list)):
        for value in thing:
            yield from _walk(value)
    elif is_dataclass(thing):
        for each in fields(thing):
            yield from _walk(getattr(thing, each.name))
