"""A few shapes as SVG 1.1, which both Typst and browsers draw; text keeps its figure's id.

Why our own: nothing in the lock draws vector charts without a browser or a further binary, and
three kinds of chart need little more than lines, bars and labels (docs/decisions/0023).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from xml.etree import ElementTree as ET

Anchor = Literal["start", "middle", "end"]
FIRST_CJK = "\u2e80"
NAMESPACE = "http://www.w3.org/2000/svg"

INK, MUTED, GRID = "#1d2733", "#66727f", "#dde2e8"
MAIN, BAND, NEUTRAL = "#1f5eff", "#d6e4ff", "#9aa5b1"
GOOD, BAD, UNSURE = "#12a594", "#d92d44", "#f28c28"


@dataclass
class Drawing:
    """A canvas of fixed size; coordinates grow to the right and downwards."""

    width: float
    height: float
    fonts: str
    _root: ET.Element = field(init=False)

    def __post_init__(self) -> None:
        self._root = ET.Element(
            "svg",
            xmlns=NAMESPACE,
            width=_number(self.width),
            height=_number(self.height),
            viewBox=f"0 0 {_number(self.width)} {_number(self.height)}",
        )
        self._root.set("font-family", self.fonts)

    def title(self, text: str) -> None:
        """What the picture shows, for those who do not see it."""
        self._root.set("role", "img")
        ET.SubElement(self._root, "title").text = text

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, colour: str, dashed: bool = False
    ) -> None:
        element = self._add("line", x1=x1, y1=y1, x2=x2, y2=y2)
        element.set("stroke", colour)
        element.set("stroke-width", "1")
        if dashed:
            element.set("stroke-dasharray", "4 3")

    def path(self, points: list[tuple[float, float]], *, colour: str) -> None:
        """A line through points."""
        element = self._add("polyline")
        element.set("points", _points(points))
        element.set("fill", "none")
        element.set("stroke", colour)
        element.set("stroke-width", "1.8")
        element.set("stroke-linejoin", "round")

    def area(self, points: list[tuple[float, float]], *, colour: str) -> None:
        """A filled shape."""
        element = self._add("polygon")
        element.set("points", _points(points))
        element.set("fill", colour)

    def bar(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        element = self._add("rect", x=x, y=y, width=max(width, 0.6), height=max(height, 0.6))
        element.set("fill", colour)

    def dot(self, x: float, y: float, *, colour: str, hollow: bool) -> None:
        element = self._add("circle", cx=x, cy=y, r=2.6)
        element.set("fill", "#ffffff" if hollow else colour)
        element.set("stroke", colour)
        element.set("stroke-width", "1.2")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: Anchor = "start",
        size: float = 9,
        colour: str = INK,
        figure_id: str = "",
    ) -> None:
        """A label; one that is a figure carries its id."""
        element = self._add("text", x=x, y=y)
        element.set("font-size", _number(size))
        element.set("text-anchor", anchor)
        element.set("fill", colour)
        # A white rim keeps labels readable on lines and bands.
        element.set("stroke", "#ffffff")
        element.set("stroke-width", "2.5")
        element.set("paint-order", "stroke")
        if figure_id:
            element.set("data-figure", figure_id)
        element.text = text

    def as_svg(self) -> str:
        """The document."""
        return ET.tostring(self._root, encoding="unicode")

    def _add(self, tag: str, **numbers: float) -> ET.Element:
        attributes = {name: _number(value) for name, value in numbers.items()}
        return ET.SubElement(self._root, tag, attributes)


def text_width(text: str, size: float) -> float:
    """About how wide a label is: a CJK character is a square, others a bit over half of one."""
    wide = sum(character >= FIRST_CJK for character in text)
    return size * (wide + 0.56 * (len(text) - wide))


def shortened(text: str, size: float, width: float) -> str:
    """The text, or its beginning with an ellipsis where it is wider than there is room."""
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept + "…"


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
