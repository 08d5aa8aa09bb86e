"""Words in both languages, and the strictness that every YAML file of the dashboards shares."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.dashboards.environment import SUPERSET_FOLDER

ASSETS_FOLDER = SUPERSET_FOLDER / "assets"
Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class Strict(BaseModel):
    """A part of a YAML file: a key that is not described is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """The same words in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)

    def of(self, language: Language) -> str:
        return self.en if language == "en" else self.zh
