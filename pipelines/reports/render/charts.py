"""The three charts of a report as vector drawings. Every label with a number is a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.reports.content import (
    BarChart,
    BridgeChart,
    Chart,
    Point,
    Sentence,
    TrendChart,
)
from pipelines.reports.figures import Figure
from pipelines.reports.periods import Span
from pipelines.reports.render.formatting import Style
from pipelines.reports.render.spoken import Voice
from pipelines.reports.render.svg import (
    BAD,
    BAND,
    GOOD,
    GRID,
    MAIN,
    MUTED,
    NEUTRAL,
    UNSURE,
    Anchor,
    Drawing,
    shortened,
    text_width,
)

WIDTH = 500.0
COLOURS = {"met": GOOD, "missed": BAD, "unclear": UNSURE, "unjudged": NEUTRAL}
LABEL, SMALL = 9.0, 8.0
MOST_AXIS_LABELS = 7
LABEL_GAP = 11.0


@dataclass(frozen=True)
class Scale:
    """Maps values to a length."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return (self.start + self.end) / 2
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def draw(chart: Chart, voice: Voice, fonts: str) -> str:
    """The chart as an SVG document in one language."""
    if isinstance(chart, TrendChart):
        return _trend(chart, voice, fonts)
    if isinstance(chart, BarChart):
        return _bars(chart, voice, fonts)
    return _bridge(chart, voice, fonts)


def _label(
    drawing: Drawing, voice: Voice, figure: Figure, x: float, y: float, style: Style = "",
    **look: object,
) -> None:  # fmt: skip
    run = voice.figure(figure, style)
    drawing.text(x, y, run.text, figure_id=run.id, **look)  # type: ignore[arg-type]


def _known(*figures: Figure | None) -> list[float]:
    return [each.value for each in figures if each is not None and each.value is not None]


def _trend(chart: TrendChart, voice: Voice, fonts: str) -> str:
    height, top, bottom, left, right = 152.0, 18.0, 116.0, 10.0, 425.0
    drawing = Drawing(WIDTH, height, fonts)
    drawing.title(voice.text(chart.title))
    seen = [point for point in chart.points if point.value is not None]
    lines = [value for point in seen for value in _known(point.value)] + _known(chart.target)
    lowest, highest = _range(lines, seen)
    up = Scale(lowest, highest, bottom, top)
    across = Scale(0, max(len(chart.points) - 1, 1), left, right)
    floor = bottom + 14
    drawing.line(left, floor, right, floor, colour=GRID)
    places = {point.span: across(number) for number, point in enumerate(chart.points)}
    _band(drawing, seen, places, up)
    path = [(places[point.span], up(value)) for point in seen for value in _known(point.value)]
    for value in _known(chart.target):
        _target_line(drawing, voice, chart, up(value), (left, right, path[-1][1]))
    drawing.path(path, colour=MAIN)
    for point, (x, y) in zip(seen, path, strict=True):
        drawing.dot(x, y, colour=MAIN, hollow=point.is_partial)
    _trend_labels(drawing, voice, seen, path)
    _time_axis(drawing, voice, chart.points, places, floor + 13)
    return drawing.as_svg()


def _range(lines: Sequence[float], seen: Sequence[Point]) -> tuple[float, float]:
    """Of the values, with room for intervals up to as much again as the values spread.

    The interval of a period with two cases would otherwise flatten the whole line.
    """
    low, high = min(lines), max(lines)
    room = max(high - low, abs(high) * 0.02, 1e-9)
    bounds = [value for point in seen for value in _known(point.low, point.high)]
    lowest = max(min([low, *bounds]), low - room)
    highest = min(max([high, *bounds]), high + room)
    return lowest - room * 0.08, highest + room * 0.08


def _band(
    drawing: Drawing, seen: Sequence[Point], places: dict[Span, float], up: Scale
) -> None:  # fmt: skip
    def clipped(value: float) -> float:
        return up(min(max(value, up.low), up.high))

    upper = [(places[p.span], clipped(v)) for p in seen for v in _known(p.high)]
    lower = [(places[p.span], clipped(v)) for p in seen for v in _known(p.low)]
    if len(upper) > 1:
        drawing.area(upper + lower[::-1], colour=BAND)


def _target_line(
    drawing: Drawing, voice: Voice, chart: TrendChart, y: float, ends: tuple[float, float, float]
) -> None:
    """With its label to the right, kept clear of that of the last value, whose height is last."""
    if chart.target is None:
        return
    left, right, last = ends
    drawing.line(left, y, right, y, colour=UNSURE, dashed=True)
    text = voice.text(Sentence("chart_target", {"target": chart.target}))
    place = y
    if abs(y - last) < LABEL_GAP:
        place = last - LABEL_GAP if y <= last else last + LABEL_GAP
    drawing.text(right + 7, place + 3, text, size=SMALL, colour=UNSURE, figure_id=chart.target.id)


def _trend_labels(
    drawing: Drawing, voice: Voice, seen: Sequence[Point], path: Sequence[tuple[float, float]]
) -> None:
    """The last value beside the line, the highest and lowest above and below it."""
    values = [value for point in seen for value in _known(point.value)]
    last = len(values) - 1
    high, low = values.index(max(values)), values.index(min(values))
    for number in sorted({last, high, low}):
        figure = seen[number].value
        if figure is None:
            continue
        x, y = path[number]
        if number == last:
            _label(drawing, voice, figure, x + 7, y + 3, size=LABEL)
        else:
            anchor = "start" if number == 0 else "middle"
            shift = -6 if number == high else 12
            _label(drawing, voice, figure, x, y + shift, anchor=anchor, size=SMALL, colour=MUTED)


def _time_axis(
    drawing: Drawing,
    voice: Voice,
    points: Sequence[Point],
    places: dict[Span, float],
    y: float,
) -> None:
    step = -(-len(points) // MOST_AXIS_LABELS)
    for number, point in enumerate(reversed(points)):
        if number % step == 0:
            drawing.text(
                places[point.span],
                y,
                point.span.label(voice.language),
                anchor="middle" if number < len(points) - 1 else "start",
                size=SMALL,
                colour=MUTED,
            )


def _bars(chart: BarChart, voice: Voice, fonts: str) -> str:
    row, top = 19.0, 16.0 if chart.target is not None else 4.0
    height = top + row * len(chart.bars) + 4
    drawing = Drawing(WIDTH, height, fonts)
    drawing.title(voice.text(chart.title))
    names = [voice.text(bar.name) for bar in chart.bars]
    left = min(max(text_width(name, LABEL) for name in names), 150.0) + 8
    room = [text_width(_bar_text(voice, bar.value, bar.n), LABEL) for bar in chart.bars]
    values = [0.0, *(v for bar in chart.bars for v in _known(bar.value)), *_known(chart.target)]
    along = Scale(min(values), max(values), left, WIDTH - max(room) - 10)
    zero = along(0.0)
    for number, bar in enumerate(chart.bars):
        y, end = top + number * row, along(bar.value.value or 0.0)
        colour = COLOURS[bar.status] if bar.is_firm else NEUTRAL
        drawing.bar(min(zero, end), y + 3, abs(end - zero), row - 7, colour=colour)
    _target_ticks(drawing, voice, chart, along, (top, row))
    tick = along(chart.target.value) if chart.target and chart.target.value is not None else None
    drawing.line(zero, top, zero, height - 4, colour=GRID)
    for number, (bar, name) in enumerate(zip(chart.bars, names, strict=True)):
        y = top + number * row + 12
        drawing.text(0, y, shortened(name, LABEL, left - 8), size=LABEL)
        end = max(zero, along(bar.value.value or 0.0))
        _bar_label(drawing, voice, bar.value, bar.n, _clear_of(tick, end + 5, room[number]), y)
    return drawing.as_svg()


def _clear_of(tick: float | None, x: float, width: float) -> float:
    """Where a label begins that the tick of the target would cross: behind the tick."""
    if tick is None or not x - 2 < tick < x + width:
        return x
    return tick + 4


def _target_ticks(
    drawing: Drawing, voice: Voice, chart: BarChart, along: Scale, rows: tuple[float, float]
) -> None:
    """A tick on every bar where the target lies, named once above them."""
    if chart.target is None or chart.target.value is None:
        return
    x, (top, row) = along(chart.target.value), rows
    for number in range(len(chart.bars)):
        y = top + number * row
        drawing.line(x, y + 1, x, y + row - 2, colour=UNSURE)
    text = voice.text(Sentence("chart_target", {"target": chart.target}))
    anchor: Anchor = "end" if x > WIDTH / 2 else "start"
    figure_id = chart.target.id
    drawing.text(x, 9, text, size=SMALL, colour=UNSURE, figure_id=figure_id, anchor=anchor)


def _bar_text(voice: Voice, value: Figure, n: Figure | None) -> str:
    cases = voice.text(Sentence("chart_cases", {"n": n})) if n is not None else ""
    return f"{voice.figure(value).text}  {cases}"


def _bar_label(
    drawing: Drawing, voice: Voice, value: Figure, n: Figure | None, x: float, y: float
) -> None:
    _label(drawing, voice, value, x, y, size=LABEL)
    if n is not None:
        text = voice.text(Sentence("chart_cases", {"n": n}))
        shift = text_width(voice.figure(value).text, LABEL) + 6
        drawing.text(x + shift, y, text, size=SMALL, colour=MUTED, figure_id=n.id)


def _bridge(chart: BridgeChart, voice: Voice, fonts: str) -> str:
    row, top, left = 19.0, 4.0, 150.0
    height = top + row * (len(chart.steps) + 2) + 4
    drawing = Drawing(WIDTH, height, fonts)
    drawing.title(voice.text(chart.title))
    before, after = chart.before.value or 0.0, chart.after.value or 0.0
    levels = [before]
    for step in chart.steps:
        levels.append(levels[-1] + (step.part.value or 0.0))
    low, high = min([*levels, after]), max([*levels, after])
    room = max(high - low, 1e-9)
    # A bridge shows differences; beginning at zero would hide them beside a large whole.
    along = Scale(low - room * 0.15, high, left, WIDTH - 110)
    base = along(low - room * 0.15)
    rows = [("chart_before", chart.before, before), ("chart_now", chart.after, after)]
    for (key, figure, value), number in zip(rows, (0, len(chart.steps) + 1), strict=True):
        y = top + number * row
        drawing.text(0, y + 12, voice.text(Sentence(key)), size=LABEL)
        drawing.bar(base, y + 3, along(value) - base, row - 7, colour=NEUTRAL)
        _label(drawing, voice, figure, along(value) + 5, y + 12, size=LABEL)
    for number, step in enumerate(chart.steps, start=1):
        y = top + number * row
        start, end = sorted((along(levels[number - 1]), along(levels[number])))
        name = shortened(voice.text(step.name), LABEL, left - 8)
        drawing.text(0, y + 12, name, size=LABEL)
        colour = _step_colour(step.part.value or 0.0, chart.direction)
        drawing.bar(start, y + 3, end - start, row - 7, colour=colour)
        _label(drawing, voice, step.part, end + 5, y + 12, "signed", size=LABEL)
    return drawing.as_svg()


def _step_colour(part: float, direction: str) -> str:
    if direction not in {"up", "down"} or part == 0:
        return NEUTRAL
    return GOOD if (part > 0) == (direction == "up") else BAD
