"""A report in one language: every inline as runs of text that say what they are.

The renderers for PDF and HTML read nothing else, so that both hold the same words and numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pipelines.reports.content import Inline, Listing, Name, Paragraph, Sentence, Words
from pipelines.reports.figures import Figure
from pipelines.reports.periods import Period, Span
from pipelines.reports.render.formatting import Style, date_text, figure_text, instant_text
from pipelines.reports.texts import pieces, wording
from pipelines.transform.semantic import Language

RunKind = Literal["words", "name", "figure", "date", "period"]
SEPARATORS: dict[Language, tuple[str, str]] = {"en": (", ", " "), "zh": ("、", "")}


@dataclass(frozen=True)
class Run:
    """A piece of text; `id` is that of the figure, empty for anything else."""

    kind: RunKind
    text: str
    id: str = ""


@dataclass(frozen=True)
class Voice:
    """One language and the zone in which instants are told."""

    language: Language
    zone: ZoneInfo

    def sentence(self, sentence: Sentence) -> Iterator[Run]:
        """The wording with its slots filled, piece by piece."""
        for piece in pieces(wording(sentence.key, self.language)):
            if piece.words:
                yield Run("words", piece.words)
            else:
                yield from self.inline(sentence.slots[piece.slot], _style(piece.style))

    def paragraph(self, paragraph: Paragraph) -> list[Run]:
        """Sentences one after another, with a space where the language has one."""
        runs: list[Run] = []
        for number, sentence in enumerate(paragraph.sentences):
            if number and SEPARATORS[self.language][1]:
                runs.append(Run("words", SEPARATORS[self.language][1]))
            runs += self.sentence(sentence)
        return runs

    def inline(self, inline: Inline, style: Style = "") -> Iterator[Run]:
        """Any inline as runs."""
        if isinstance(inline, Sentence):
            yield from self.sentence(inline)
        elif isinstance(inline, Listing):
            yield from self._listing(inline.items)
        elif isinstance(inline, Words):
            yield Run("words", wording(inline.key, self.language))
        else:
            yield self._atom(inline, style)

    def text(self, inline: Inline, style: Style = "") -> str:
        """The same as one string, for charts, headings and file names."""
        return "".join(run.text for run in self.inline(inline, style))

    def _listing(self, items: Iterable[Inline]) -> Iterator[Run]:
        for number, item in enumerate(items):
            if number:
                yield Run("words", SEPARATORS[self.language][0])
            yield from self.inline(item)

    def _atom(self, inline: Name | Figure | date | datetime | Period | Span, style: Style) -> Run:
        if isinstance(inline, Name):
            return Run("name", inline.en if self.language == "en" else inline.zh)
        if isinstance(inline, Figure):
            return self.figure(inline, style)
        if isinstance(inline, datetime):
            return Run("date", instant_text(inline, self.zone))
        if isinstance(inline, date):
            return Run("date", date_text(inline))
        return Run("period", inline.label(self.language))

    def figure(self, figure: Figure, style: Style = "") -> Run:
        """A number with the id of what it was read from."""
        return Run("figure", figure_text(figure, self.language, style), figure.id)


def _style(style: str) -> Style:
    return "signed" if style == "signed" else "size" if style == "size" else ""
