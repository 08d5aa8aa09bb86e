"""What a Superset process needs from outside: its environment variables and its secrets.

Superset reads its configuration from an environment variable at import time, so it never runs in
this process: `provision` and `serve` start it with the environment made here.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from pipelines.settings import PROJECT_ROOT, Settings

SUPERSET_FOLDER = PROJECT_ROOT / "superset"
METADATA_FILE = "superset.db"
KEY_NAMES = ("superset_secret_key", "superset_guest_key", "superset_async_key")
KEY_BYTES = 48
PASSWORD_BYTES = 12


def superset_environment(settings: Settings) -> dict[str, str]:
    """The environment of a Superset process of this installation."""
    values = settings.model_dump(mode="json")
    return {
        **os.environ,
        **{
            f"HELPMART_{name.upper()}": _as_text(value)
            for name, value in values.items()
            if value is not None
        },
        "SUPERSET_CONFIG_PATH": str(SUPERSET_FOLDER / "superset_config.py"),
        "SUPERSET_HOME": str(settings.paths.superset),
        "FLASK_APP": "superset.app:create_app()",
        "PYTHONPATH": str(PROJECT_ROOT),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "TZ": "UTC",
        "SCARF_ANALYTICS": "false",
        "SUPERSET_LOG_LEVEL": "INFO",
    }


def _as_text(value: Any) -> str:
    """A setting as its variable holds it: structures as JSON, the rest as it is."""
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def ensure_keys(settings: Settings) -> None:
    """Make the signing keys that are missing; existing ones keep sessions and logins valid."""
    for name in KEY_NAMES:
        ensure_secret(settings, name, KEY_BYTES)


def ensure_secret(settings: Settings, name: str, length: int) -> tuple[str, bool]:
    """The secret of that name and whether it was made just now."""
    path = settings.paths.secrets / name
    if path.is_file():
        return read_secret(settings, name), False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    value = secrets.token_urlsafe(length)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(value)
    return value, True


def read_secret(settings: Settings, name: str) -> str:
    """A stored secret. A missing one is an error: a default key would let anyone sign in."""
    return (settings.paths.secrets / name).read_text(encoding="ascii")


def password_name(username: str) -> str:
    """The name of the secret that holds a user's first password."""
    return f"superset_password_{username}"
