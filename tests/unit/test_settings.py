"""Settings: precedence, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from pipelines.commands.options import settings_for
from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings, load_settings


def test_a_toml_file_in_the_home_folder_overrides_defaults(tmp_path: Path) -> None:
    (tmp_path / "helpmart.toml").write_text('reporting_zone = "Europe/London"\nkeep_builds = 3\n')
    settings = load_settings(tmp_path)
    assert (settings.reporting_zone, settings.keep_builds) == ("Europe/London", 3)


def test_the_environment_overrides_the_toml_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "helpmart.toml").write_text("keep_builds = 3\n")
    monkeypatch.setenv("HELPMART_KEEP_BUILDS", "5")
    assert load_settings(tmp_path).keep_builds == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HELPMART_REPORTING_ZONE", "Mars/Olympus"),
        ("HELPMART_KEEP_BUILDS", "0"),
        ("HELPMART_MEMORY_LIMIT", "plenty"),
        ("HELPMART_SUPERSET_LOCALE", "fr"),
    ],
)
def test_an_unusable_setting_is_named_with_a_remedy(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(HelpmartError) as caught:
        settings_for(tmp_path)
    assert caught.value.exit_code == ExitCode.USAGE
    assert name in str(caught.value)


def test_an_unknown_key_in_the_toml_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "helpmart.toml").write_text("keep_build = 3\n")
    with pytest.raises(HelpmartError, match="keep_build"):
        settings_for(tmp_path)


def test_asking_for_paths_creates_nothing(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    assert settings.paths.published_file.name == "helpmart.duckdb"
    assert not settings.home.exists()


def test_typer_is_all_that_the_command_line_imports_to_print_its_help() -> None:
    import subprocess
    import sys

    heavy = {"duckdb", "dagster", "dbt", "great_expectations", "superset", "pydantic", "pandas"}
    code = (
        "import sys, pipelines.cli;"
        f"print(sorted({heavy!r} & {{name.split('.')[0] for name in sys.modules}}))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"


def test_an_account_has_a_zone_under_its_source(tmp_path: Path) -> None:
    zones = {"desk/acme": "Europe/London"}

    assert Settings(home=tmp_path, account_zones=zones).account_zones == zones
    for wrong in ({"acme": "Europe/London"}, {"desk/acme": "Mars/Base"}):
        with pytest.raises(ValidationError):
            Settings(home=tmp_path, account_zones=wrong)
