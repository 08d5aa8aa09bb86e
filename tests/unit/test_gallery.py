"""The gallery shows every page, and nothing that is not there or too heavy."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from pipelines.settings import PROJECT_ROOT
from tests.gallery import MOST_BYTES, ON_A_PHONE, PICTURES, gallery, reduced

PAGE = PROJECT_ROOT / "docs" / "gallery.md"
NAMES = [*(f"{picture.name}.png" for picture in gallery()), f"{ON_A_PHONE}-phone.png"]


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_taken_small_and_shown(name: str) -> None:
    assert 0 < (PICTURES / name).stat().st_size <= MOST_BYTES
    assert f"](images/gallery/{name})" in PAGE.read_text(encoding="utf-8")


def test_a_colour_of_few_pixels_stays() -> None:
    page = Image.new("RGB", (600, 360), "white")
    for number, hue in enumerate([(0, 94, 255), (242, 140, 40), (27, 37, 64)]):
        for row in range(256):
            shade = tuple(255 - (255 - part) * row // 255 for part in hue)
            page.paste(shade, (200 * number, 100 + row, 200 * number + 200, 101 + row))
    dot = (18, 165, 148)
    page.paste(dot, (20, 20, 26, 26))
    with Image.open(io.BytesIO(reduced(page))) as small:
        assert small.convert("RGB").getpixel((23, 23)) == dot


def test_the_page_shows_no_other_picture() -> None:
    shown = re.findall(r"\]\(images/gallery/(.*?)\)", PAGE.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(NAMES)
    assert {path.name for path in PICTURES.iterdir()} == set(NAMES)
