"""Whether a run would publish anything that readers do not see already."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.settings import Settings

CODE_FOLDERS = ("dbt_project", "expectations", "pipelines", "superset")
CODE_ENDINGS = {".py", ".sql", ".yml", ".yaml", ".csv", ".svg"}
CHOICES = {"reporting_zone", "as_of", "ticket_url", "agent_pseudonyms", "smallest_group"}
GENERATED = {"target", "logs", "__pycache__", "dbt_packages"}


def inputs_digest(settings: Settings) -> str:
    """A hash over everything a build is a function of: raw files, code, settings."""
    digest = hashlib.sha256()
    for path in sorted(_code_files()):
        digest.update(str(path.relative_to(PROJECT_ROOT)).encode() + b"\0" + path.read_bytes())
    for path in sorted(settings.paths.raw.glob("*/*/*.parquet")):
        digest.update(f"{path.relative_to(settings.paths.raw)}\0".encode())
    chosen = settings.model_dump(mode="json", include=CHOICES)
    digest.update(json.dumps(chosen, sort_keys=True).encode())
    return digest.hexdigest()


def _code_files() -> Iterator[Path]:
    for folder in CODE_FOLDERS:
        for path in (PROJECT_ROOT / folder).rglob("*"):
            if path.suffix in CODE_ENDINGS and not GENERATED.intersection(path.parts):
                yield path


def _memory(settings: Settings) -> Path:
    return settings.home / "run" / "published_inputs.json"


def remember_inputs(settings: Settings, build_id: str, digest: str) -> None:
    """Keep what the build that was just published is made of."""
    memory = _memory(settings)
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps({"build_id": build_id, "digest": digest}), encoding="utf-8")


def nothing_new(settings: Settings) -> str | None:
    """The current build's id if a run without new files would publish the same again, else None."""
    from pipelines.publish import current_build

    current = current_build(settings)
    memory = _memory(settings)
    if current is None or not memory.exists():
        return None
    known = json.loads(memory.read_text(encoding="utf-8"))
    if known != {"build_id": current.build_id, "digest": inputs_digest(settings)}:
        return None
    return current.build_id
