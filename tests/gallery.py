"""Pictures of the dashboards for docs/gallery.md, taken from an installation that is up.

    HELPMART_HOME=var python -m tests.gallery [FOLDER]

Takes the pages that the gallery names, as an executive meets them, into docs/images/gallery; with
a folder every tab of every page in both languages, to be looked at.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pipelines.dashboards.environment import password_name, read_secret
from pipelines.dashboards.serve import address_of
from pipelines.dashboards.spec import load_dashboards
from pipelines.dashboards.words import LANGUAGES, Language
from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from tests.browser.reading import PAGE, PHONE, Reader, reading

PICTURES = PROJECT_ROOT / "docs" / "images" / "gallery"
READER = "executive"
COLOURS = (256, 192, 128, 64)  # the first that keeps a picture small
MOST_BYTES = 120_000
TALLEST = 1500


@dataclass(frozen=True)
class Picture:
    """A tab of a dashboard, counted from 0."""

    slug: str
    tab: int = 0
    language: Language = "en"

    @property
    def name(self) -> str:
        return f"{self.slug}-{self.language}"


# The tab that says most of a page; else the first.
BEST_TABS = {"metric-catalogue": 1, "people-and-training": 1, "customer-voice": 1}
CHINESE = ("executive-overview", "service-levels", "what-changed")
ON_A_PHONE = "executive-overview"


def gallery() -> Iterator[Picture]:
    """The pictures that the page in docs shows."""
    for board in load_dashboards():
        yield Picture(board.slug, BEST_TABS.get(board.slug, 0))
        if board.slug in CHINESE:
            yield Picture(board.slug, language="zh")


def everything() -> Iterator[Picture]:
    """Every tab in both languages."""
    for board in load_dashboards():
        for language in LANGUAGES:
            for number in range(len(board.tabs)):
                yield Picture(board.slug, number, language)


def main(arguments: list[str]) -> None:
    """Take the pictures."""
    settings = load_settings()
    if arguments:
        folder = Path(arguments[0])
        folder.mkdir(parents=True, exist_ok=True)
        with _reader(settings, PAGE) as reader:
            for picture in everything():
                _open(reader, picture)
                reader.shoot(folder / f"{picture.name}-{picture.tab + 1}.png")
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _reader(settings, PAGE) as reader:
        for picture in gallery():
            _open(reader, picture)
            _keep_small(reader, PICTURES / f"{picture.name}.png")
    with _reader(settings, PHONE) as reader:
        _open(reader, Picture(ON_A_PHONE))
        _keep_small(reader, PICTURES / f"{ON_A_PHONE}-phone.png")


def _reader(settings: Settings, viewport: dict[str, int]) -> AbstractContextManager[Reader]:
    password = read_secret(settings, password_name(READER))
    return reading(address_of(settings), READER, password, viewport)


def _open(reader: Reader, picture: Picture) -> None:
    board = next(board for board in load_dashboards() if board.slug == picture.slug)
    reader.open(board.slug_of(picture.language))
    reader.choose(board.tabs[picture.tab].title.of(picture.language))


def _keep_small(reader: Reader, path: Path) -> None:
    """With as many colours as leave it small, and no longer than a page or two."""
    reader.shoot(path)
    with Image.open(path) as taken:
        picture = taken.convert("RGB").crop((0, 0, taken.width, min(taken.height, TALLEST)))
    path.write_bytes(reduced(picture))


def reduced(picture: Image.Image) -> bytes:
    """A picture with as many colours as leave it small, those of few pixels among them.

    The usual way to choose colours goes by pixels, and turned the green dot of the first line blue.
    """
    for colours in COLOURS:
        small = io.BytesIO()
        fewer = picture.quantize(
            colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
        fewer.save(small, "PNG", optimize=True)
        if small.tell() <= MOST_BYTES:
            break
    return small.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
