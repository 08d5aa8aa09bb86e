"""The warehouse's clock against plain Python, to the second, over seeded worlds."""

from __future__ import annotations

import pytest

from tests.property.clock_worlds import World, clocked, connect, random_world
from tests.reference.clocks import business_seconds, business_seconds_in_force


@pytest.fixture(scope="module", params=[1, 2])
def world(request: pytest.FixtureRequest) -> World:
    return random_world(seed=request.param, calendars=250, spans_each=10)


def test_every_span_is_as_long_as_plain_python_says(world: World) -> None:
    measured = clocked(connect(world))
    differing = []
    for span in world.spans:
        in_force = world.in_force(span.ticket)
        expected = (
            int((span.to_at - span.from_at).total_seconds()),
            business_seconds_in_force(in_force, span.from_at, span.to_at),
            business_seconds(in_force[-1][1], span.from_at, span.to_at),
        )
        if measured[span.no] != expected:
            differing.append((span, measured[span.no], expected))
    assert len(measured) == len(world.spans)
    assert differing == []
