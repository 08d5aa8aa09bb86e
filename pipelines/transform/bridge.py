"""How a KPI got from one period to another: its change, split over the members of each dimension.

What belongs here: choosing periods and reading `kpi_bridges` for them. What does not: the split,
which the same macro of dbt computes for this view and for the published tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings
from pipelines.transform.explain import GRAINS, Period, parse_period
from pipelines.transform.published_file import (
    SCHEMA,
    did_you_mean,
    find_kpi,
    open_published,
    read_dictionary,
)

EFFECTS = ("mix_effect", "rate_effect", "entry_effect", "exit_effect")


@dataclass(frozen=True)
class Split:
    """The change by one dimension, members by the size of what they add.

    The effects are sums over the members, None for counts; `residual` is the change minus them.
    """

    grain: str
    strength: float
    mix_effect: float | None
    rate_effect: float | None
    entry_effect: float | None
    exit_effect: float | None
    residual: float
    against_share: float
    is_paradox: bool
    members: list[dict[str, Any]]


@dataclass(frozen=True)
class Bridge:
    """A KPI in two periods and why they differ, best explanation first, people last."""

    kpi_id: str
    base_period: Period
    period: Period
    base_value: float
    value: float
    change: float
    splits: list[Split]


def bridge(
    settings: Settings, kpi_id: str, *, base: str, period: str, by: str | None = None
) -> Bridge:
    """The exact split of a change between two periods of the published build.

    Args:
        settings: Which installation.
        kpi_id: An id of the dictionary.
        base: 2026-09-14, 2026-W37, 2026-09 or 2026-Q3, where the change starts from.
        period: The same, where it leads to.
        by: A grain of `kpi_values`; all that the KPI has where it is None.

    Raises:
        HelpmartError: An unknown KPI, period or grain, a KPI that has no split, or no value.
    """
    spans = parse_period(base), parse_period(period)
    if by is not None and by not in GRAINS[1:]:
        raise _usage(f"{by!r} is no dimension", did_you_mean(by, GRAINS))
    with open_published(settings) as connection:
        find_kpi(read_dictionary(connection), kpi_id)
        (kind,) = connection.execute(
            f"select bridge_kind from {SCHEMA}.kpi_dictionary where kpi_id = ?",  # noqa: S608
            [kpi_id],
        ).fetchone() or ("none",)
        if kind == "none":
            raise _usage(
                f"{kpi_id} has no split",
                "its members don't add up to the total, as of a percentile or a product",
            )
        # Grain by grain in the order of the tables; a label or person is unique, so joins don't
        # multiply members.
        found = connection.execute(
            f"""
            select
                bridges.*,
                coalesce(people.person_name, labels.name_en, bridges.unit_value) as name
            from {SCHEMA}.kpi_bridges as bridges
            left join {SCHEMA}.dim_people as people
                on bridges.grain = 'agent' and people.person_key = bridges.unit_value
            left join {SCHEMA}.dim_labels as labels
                on labels.kind = bridges.grain and labels.member = bridges.unit_value
            where bridges.kpi_id = ?
                and bridges.base_period_type = ? and bridges.base_period_start = ?
                and bridges.period_type = ? and bridges.period_start = ?
                and coalesce(bridges.grain = ?, true)
            order by
                bridges.grain = 'agent', bridges.strength desc, bridges.grain,
                abs(bridges.total_effect) desc, bridges.unit_value
            """,  # noqa: S608
            [kpi_id, *(part for span in spans for part in (span.kind, span.start)), by],
        )
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    if not rows:
        raise HelpmartError(
            what=f"{kpi_id} cannot be compared between {base} and {period}",
            why="one of the periods has no value, or the KPI has no such dimension",
            remedy=f"`helpmart kpi query {kpi_id} --period {spans[1].kind}` shows what there is",
            exit_code=ExitCode.NOT_FOUND,
        )
    before, after = rows[0]["total_base_value"], rows[0]["total_value"]
    splits = [
        _split(grain, list(own), after - before)
        for grain, own in groupby(rows, key=lambda row: row["grain"])
    ]
    return Bridge(kpi_id, *spans, before, after, after - before, splits)


def _split(grain: str, members: list[dict[str, Any]], change: float) -> Split:
    first = members[0]
    sums = {effect: _total(row[effect] for row in members) for effect in EFFECTS}
    parts = _total(sums.values())
    if parts is None:
        parts = sum(row["total_effect"] for row in members)
    return Split(
        grain=grain,
        strength=first["strength"],
        **sums,
        residual=change - parts,
        against_share=first["against_share"],
        is_paradox=first["is_paradox"],
        members=[{key: row[key] for key in _SHOWN} for row in members],
    )


_SHOWN = (
    "unit_value", "name", "member_kind", "presence", "base_value", "value", "base_share", "share",
    "base_numerator", "base_denominator", "numerator", "denominator", *EFFECTS, "total_effect",
    "is_against",
)  # fmt: skip


def _total(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _usage(what: str, why: str) -> HelpmartError:
    return HelpmartError(
        what=what,
        why=why,
        remedy="`helpmart kpi bridge --help` shows what may be asked",
        exit_code=ExitCode.USAGE,
    )
