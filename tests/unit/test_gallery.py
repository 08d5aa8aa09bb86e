"""The gallery shows every page, and nothing that is not there or too heavy."""

from __future__ import annotations

import re

import pytest

from pipelines.settings import PROJECT_ROOT
from tests.gallery import MOST_BYTES, ON_A_PHONE, PICTURES, gallery

PAGE = PROJECT_ROOT / "docs" / "gallery.md"
NAMES = [*(f"{picture.name}.png" for picture in gallery()), f"{ON_A_PHONE}-phone.png"]


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_taken_small_and_shown(name: str) -> None:
    assert 0 < (PICTURES / name).stat().st_size <= MOST_BYTES
    assert f"](images/gallery/{name})" in PAGE.read_text(encoding="utf-8")


def test_the_page_shows_no_other_picture() -> None:
    shown = re.findall(r"\]\(images/gallery/(.*?)\)", PAGE.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(NAMES)
    assert {path.name for path in PICTURES.iterdir()} == set(NAMES)
