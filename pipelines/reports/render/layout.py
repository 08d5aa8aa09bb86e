"""A report in one language as the plain tree that both templates walk: blocks of runs, charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pipelines.reports.content import (
    BarChart,
    Block,
    Bullets,
    Chart,
    Inline,
    Paragraph,
    Report,
    Sentence,
    Table,
    TableCell,
    Tile,
    Tiles,
    TrendChart,
)
from pipelines.reports.periods import Kind
from pipelines.reports.render.charts import draw
from pipelines.reports.render.spoken import Run, Voice
from pipelines.reports.texts import wording

TITLES: dict[Kind, str] = {
    "monthly": "title_monthly",
    "quarterly": "title_quarterly",
    "half-year": "title_half_year",
}
Tree = dict[str, Any]


def lay_out(report: Report, voice: Voice, chart_fonts: str) -> Tree:
    """Everything that is shown, in order, as JSON values.

    Args:
        report: What is said.
        voice: In which language.
        chart_fonts: Families for labels of charts, as CSS lists them.
    """
    artist = _Artist(voice, chart_fonts)
    return {
        "language": voice.language,
        "title": wording(TITLES[report.period.kind], voice.language),
        "period": report.period.label(voice.language),
        "scope": scope_text(report, voice),
        "data_as_of": _as_of(report, voice),
        "build": f"{report.build_id}",
        "page": wording("page", voice.language),
        "glance_title": wording("at_a_glance", voice.language),
        "contents_title": wording("contents", voice.language),
        "glance": [_runs(voice.paragraph(each)) for each in report.glance],
        "tiles": artist.block(report.tiles),
        "chapters": [
            {
                "title": _runs(voice.sentence(chapter.title)),
                "blocks": [artist.block(block) for block in chapter.blocks],
                "sections": [
                    {
                        "title": _runs(voice.sentence(section.title)),
                        "blocks": [artist.block(block) for block in section.blocks],
                    }
                    for section in chapter.sections
                ],
            }
            for chapter in report.chapters
        ],
    }


def scope_text(report: Report, voice: Voice) -> str:
    """Whose rows the report holds, in words."""
    slots: dict[str, Inline] = {} if report.scope.is_whole else {"member": report.scope_name}
    return voice.text(Sentence(f"scope_{report.scope.grain}", slots))


def _as_of(report: Report, voice: Voice) -> str:
    if report.data_as_of is None:
        return ""
    return voice.text(Sentence("data_as_of", {"at": report.data_as_of}))


class _Artist:
    """Turns blocks into trees, drawing charts on the way."""

    def __init__(self, voice: Voice, chart_fonts: str) -> None:
        self._voice = voice
        self._fonts = chart_fonts

    def block(self, block: Block) -> Tree:
        if isinstance(block, Paragraph):
            return {"kind": "paragraph", "runs": _runs(self._voice.paragraph(block))}
        if isinstance(block, Bullets):
            items = [_runs(self._voice.paragraph(each)) for each in block.items]
            return {"kind": "bullets", "items": items}
        if isinstance(block, Tiles):
            return {"kind": "tiles", "items": [self._tile(each) for each in block.items]}
        if isinstance(block, Table):
            return self._table(block)
        return self._chart(block)

    def _tile(self, tile: Tile) -> Tree:
        voice = self._voice
        change, target = tile.change, tile.target
        return {
            "name": voice.text(tile.name),
            "value": _runs([voice.figure(tile.value)]),
            "change": _runs([voice.figure(change, "signed")]) if change else [],
            "target": _runs(voice.sentence(Sentence("chart_target", {"target": target})))
            if target
            else [],
            "status": tile.status,
            "turn": tile.turn or "",
        }

    def _table(self, table: Table) -> Tree:
        voice = self._voice
        return {
            "kind": "table",
            "title": _runs(voice.sentence(table.title)),
            "columns": [
                {
                    "text": wording(column.key, voice.language),
                    "is_number": column.is_number,
                    "width": column.width,
                }
                for column in table.columns
            ],
            "rows": [[self._cell(cell) for cell in row] for row in table.rows],
            "note": _runs(voice.sentence(table.note)) if table.note else [],
        }

    def _cell(self, cell: TableCell) -> Tree:
        runs = [run for part in cell.parts for run in self._voice.inline(part)]
        return {"runs": _runs(runs), "status": cell.status or ""}

    def _chart(self, chart: Chart) -> Tree:
        voice = self._voice
        note = {TrendChart: "chart_note", BarChart: "bar_note"}.get(type(chart))
        return {
            "kind": "chart",
            "title": _runs(voice.sentence(chart.title)),
            "svg": draw(chart, voice, self._fonts),
            "note": [{"kind": "words", "text": wording(note, voice.language), "id": ""}]
            if note
            else [],
        }


def _runs(runs: Iterable[Run]) -> list[Tree]:
    return [{"kind": run.kind, "text": run.text, "id": run.id} for run in runs]


def runs_of(tree: Any) -> Iterator[Tree]:
    """Every run of a laid-out report, wherever it stands; labels of charts stand in their SVG."""
    if isinstance(tree, dict):
        if set(tree) == {"kind", "text", "id"}:
            yield tree
        else:
            for value in tree.values():
                yield from runs_of(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from runs_of(value)
