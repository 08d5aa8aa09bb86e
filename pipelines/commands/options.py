"""Options that every command takes, and the settings they lead to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipelines.settings import Settings

Home = Annotated[
    Path | None,
    typer.Option("--home", help="State folder (default: HELPMART_HOME, else var/ beside the code)"),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text")]


def settings_for(home: Path | None) -> Settings:
    """The settings of the installation that the user means.

    Raises:
        HelpmartError: `helpmart.toml` or a `HELPMART_*` variable holds something unusable.
    """
    from pydantic import ValidationError

    from pipelines.errors import ExitCode, HelpmartError
    from pipelines.settings import SETTINGS_FILE, load_settings

    try:
        return load_settings(home)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        raise HelpmartError(
            what=f"the setting {name!r} can't be used",
            where=f"{SETTINGS_FILE} or the variable HELPMART_{name.upper()}",
            why=first["msg"],
            remedy="correct or remove it; README.md names the settings",
            exit_code=ExitCode.USAGE,
        ) from error
