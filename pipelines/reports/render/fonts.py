"""Fonts of the machine: nothing is fetched, and what is missing is said before boxes are printed.

Typst carries a Latin serif in itself; a face for Chinese has to be installed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import ExitCode, HelpmartError

if TYPE_CHECKING:
    from typst import Fonts

EMBEDDED = "Libertinus Serif"
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "SimSun",
)
CJK = re.compile(r"[⺀-鿿豈-﫿＀-￯]")


@dataclass(frozen=True)
class Typefaces:
    """Families in order of preference, and the fonts they were found in."""

    families: tuple[str, ...]
    fonts: Fonts


def find_typefaces(text: str, folders: list[Path]) -> Typefaces:
    """The families to set `text` in.

    Args:
        text: Everything that will be printed; English with a Chinese team name needs both.
        folders: Where to look beside the system's own folders.

    Raises:
        HelpmartError: The text holds Chinese and no family of this machine does.
    """
    import typst

    fonts = typst.Fonts(font_paths=[str(folder) for folder in folders])
    return Typefaces(choose_families(text, fonts.families()), fonts)


def choose_families(text: str, installed: list[str]) -> tuple[str, ...]:
    """The Chinese face first, since its Latin letters fit; the embedded one behind it."""
    found = next((family for family in CHINESE if family in installed), None)
    if found is not None:
        return found, EMBEDDED
    sample = CJK.search(text)
    if sample is None:
        return (EMBEDDED,)
    raise HelpmartError(
        what="no Chinese font is installed, so the PDF can't be set",
        why=f"the report holds Chinese characters such as {sample.group()!r};"
        f" none of {', '.join(CHINESE[:3])} … was found",
        remedy="install one (Debian: `apt-get install fonts-noto-cjk`), or put a font file into the"
        " folder that the setting report_font_folder names; `--format html` needs none",
        exit_code=ExitCode.SETUP_BROKEN,
    )
