"""The parts of the Superset plug-in that need no Superset."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from pipelines.dashboards.colours import PALETTE
from pipelines.dashboards.environment import SUPERSET_FOLDER
from pipelines.dashboards.layout import AUTO_PERIOD

sys.path.insert(0, str(SUPERSET_FOLDER))
from helpmart_superset import branding, default_period, front_end
from helpmart_superset.default_period import last_full_weeks


def test_the_default_period_ends_with_the_last_full_week() -> None:
    period = last_full_weeks(date(2026, 1, 5), date(2026, 10, 19))
    assert str(period) == "2026-07-27 : 2026-10-26"


@pytest.mark.parametrize(("weeks", "shown"), [(1, 1), (2, 1), (3, 1), (8, 4), (26, 13), (99, 13)])
def test_the_period_before_lies_in_the_data_too(weeks: int, shown: int) -> None:
    first = date(2026, 1, 5)
    last = date.fromordinal(first.toordinal() + 7 * (weeks - 1))
    period = last_full_weeks(first, last)
    assert (period.end - period.start).days == 7 * shown
    if weeks > 1:
        assert (period.start - first).days >= (period.end - period.start).days


def test_bundle_and_plugin_agree_on_the_marker_of_the_default_period() -> None:
    assert AUTO_PERIOD == default_period.AUTO


def test_every_text_that_is_replaced_in_the_front_end_is_there() -> None:
    import superset

    folder = Path(superset.__file__).parent / "static" / "assets"
    installed = [path.read_bytes() for path in folder.glob("*.js")]
    for old in front_end.REPLACEMENTS:
        assert any(old in script for script in installed), old
    for script in front_end.changed_scripts().values():
        assert b"scarf.sh" not in script


def test_the_palettes_hold_enough_different_colours_and_the_bundle_uses_them() -> None:
    assert len(set(branding.PALETTE)) == 8
    assert tuple(branding.PALETTE[: len(PALETTE)]) == PALETTE


def test_superset_stays_on_the_release_line_that_allows_duckdb() -> None:
    """The release after 6.1 blocks DuckDB; going there needs an answer to that first."""
    from importlib.metadata import version

    assert version("apache-superset").startswith("6.1.")
