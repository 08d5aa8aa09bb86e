"""The HTML of a report: one file without scripts or links, readable in a mail and on a phone."""

from __future__ import annotations

from pathlib import Path

from pipelines.reports.content import Report
from pipelines.reports.render.layout import lay_out
from pipelines.reports.render.spoken import Voice

FOLDER = Path(__file__).parent
FONTS = "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"


def as_html(report: Report, voice: Voice) -> str:
    """The same words, numbers and charts as in the PDF; figures carry `data-figure`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    tree = lay_out(report, voice, FONTS)
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    # Charts are drawn by an XML library here, which escapes what the data say.
    environment.filters["drawing"] = Markup
    return environment.get_template("report.html.j2").render(report=tree, fonts=FONTS)
