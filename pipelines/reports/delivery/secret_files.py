"""Secrets that a person puts into the secrets folder: refused while others may read them."""

from __future__ import annotations

import stat

from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings

OTHERS = 0o077


def read_secret_file(settings: Settings, name: str) -> str | None:
    """The stripped content, or None where there is no such file.

    Raises:
        HelpmartError: Others than the owner may read it; the content is in no message.
    """
    path = settings.paths.secrets / name
    if not path.is_file():
        return None
    if stat.S_IMODE(path.stat().st_mode) & OTHERS:
        raise HelpmartError(
            what=f"the secret {name} is readable by others and is not used",
            where=str(path),
            remedy=f"chmod 600 {path}",
            exit_code=ExitCode.SETUP_BROKEN,
        )
    return path.read_text(encoding="utf-8").strip()
