"""The dbt profile and variables that follow from the settings; written, never hand-edited."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import PROJECT_ROOT, Settings

PROJECT_DIR = PROJECT_ROOT / "dbt_project"
SERVING_ALIAS = "helpmart"


def profiles_dir(settings: Settings) -> Path:
    """The folder of the generated profile, beside dbt's target folder."""
    return settings.paths.dbt_target.parent


def write_profile(settings: Settings) -> Path:
    """Write `profiles.yml` for this installation and return its folder."""
    output: dict[str, Any] = {
        "type": "duckdb",
        "path": str(settings.paths.warehouse_file),
        "schema": "main",
        # One statement at a time, each on all cores: dbt's own threads share the interpreter and
        # only made statements wait for one another (no less wall time, twice the model time).
        "threads": 1,
        "attach": [{"path": str(settings.paths.serving_file), "alias": SERVING_ALIAS}],
        "plugins": [{"module": "pipelines.text.dbt_plugin", "alias": "text"}],
        "settings": {"TimeZone": "UTC"},
        "config_options": {
            "memory_limit": settings.memory_limit,
            "threads": settings.threads,
            "temp_directory": str(settings.paths.warehouse / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    }
    profile = {"helpmart": {"target": "local", "outputs": {"local": output}}}
    folder = profiles_dir(settings)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile, sort_keys=False), encoding="utf-8")
    return folder


def dbt_variables(settings: Settings) -> str:
    """The variables of the dbt project as JSON.

    Nothing in here changes from run to run, or every run would have to parse the project in full;
    the build id therefore travels in the environment (macro `build_id`).
    """
    return json.dumps(
        {
            "raw_root": str(settings.paths.raw),
            "reporting_zone": settings.reporting_zone,
            "as_of": settings.as_of,
            "ticket_url": settings.ticket_url,
        },
        sort_keys=True,
    )
