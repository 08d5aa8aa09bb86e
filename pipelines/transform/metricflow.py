"""MetricFlow over the published build: `python -m pipelines.transform.metricflow query …`.

What belongs here: the folder and environment that `mf` expects, and a way to it without its update
check, which asks the network on every start. What does not: definitions or SQL.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings, load_settings
from pipelines.transform.profile import PROJECT_DIR, profiles_dir

SEMANTIC_MANIFEST = "semantic_manifest.json"


def metricflow_environment(settings: Settings) -> dict[str, str]:
    """Prepare a folder from which `mf` reads the published build; the variables that point there.

    `mf` looks for the semantic manifest in `target` below a dbt project, whatever dbt was told.
    The published file is opened read-only, so readers and a running load stay undisturbed.
    """
    manifest = settings.paths.dbt_target / SEMANTIC_MANIFEST
    published = settings.paths.published_file
    for needed in (manifest, published):
        if not needed.is_file():
            raise HelpmartError(
                what="MetricFlow has nothing to read",
                where=str(needed),
                remedy="run `helpmart run` first",
                exit_code=ExitCode.NOT_FOUND,
            )
    folder = profiles_dir(settings) / "metricflow"
    (folder / "target").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(manifest, folder / "target" / SEMANTIC_MANIFEST)
    shutil.copyfile(PROJECT_DIR / "dbt_project.yml", folder / "dbt_project.yml")
    profile = yaml.safe_dump(_profile(settings, published.resolve()), sort_keys=False)
    (folder / "profiles.yml").write_text(profile, encoding="utf-8")
    return {
        "DBT_PROFILES_DIR": str(folder),
        "DBT_PROJECT_DIR": str(folder),
        "DBT_LOG_PATH": str(settings.paths.logs / "metricflow"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def main(arguments: Sequence[str]) -> None:
    """Run one command of `mf`; an unknown one is refused with the list of those there are."""
    os.environ.update(metricflow_environment(load_settings()))
    from dbt_metricflow.cli.main import cli

    command = cli.commands.get(arguments[0]) if arguments else None
    if command is None:
        raise SystemExit(f"usage: metricflow {{{','.join(sorted(cli.commands))}}} …")
    command.main(args=list(arguments[1:]), prog_name=f"mf {arguments[0]}")


def _profile(settings: Settings, file: Path) -> dict[str, Any]:
    output = {
        "type": "duckdb",
        "path": str(file),
        "schema": "published",
        "threads": settings.threads,
        "settings": {"TimeZone": "UTC"},
        "config_options": {
            "access_mode": "READ_ONLY",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    }
    return {"helpmart": {"target": "published", "outputs": {"published": output}}}


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except HelpmartError as error:
        raise SystemExit(f"{error}") from None
