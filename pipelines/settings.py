"""The one typed settings object: `helpmart.toml` and `HELPMART_*` variables, with defaults.

What belongs here: every choice an installation may make, and where things live on disk. What does
not: anything that reads data or opens a database.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipelines.directory import Ldap, Oidc

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SETTINGS_FILE = "helpmart.toml"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"{name!r} is no IANA time zone; write for example 'Asia/Shanghai'"
        ) from error
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone)]
AccountName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*/.+$")]


class HomePaths(BaseModel):
    """Where things live below one state folder. Nothing is created by asking for a path."""

    home: Path

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def archive(self) -> Path:
        return self.home / "archive"

    @property
    def raw(self) -> Path:
        return self.home / "raw"

    @property
    def quarantine(self) -> Path:
        return self.home / "quarantine"

    @property
    def ledger(self) -> Path:
        return self.home / "ledger.sqlite"

    @property
    def lock(self) -> Path:
        return self.home / "run.lock"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse"

    @property
    def warehouse_file(self) -> Path:
        """The working database: staging, intermediate and check results. One writer, no readers."""
        return self.warehouse / "warehouse.duckdb"

    @property
    def serving_file(self) -> Path:
        """The database that dbt writes published models into; publishing copies this file."""
        return self.warehouse / "helpmart.duckdb"

    @property
    def published(self) -> Path:
        return self.home / "published"

    @property
    def builds(self) -> Path:
        return self.published / "builds"

    @property
    def current_link(self) -> Path:
        """A symlink to one folder of `builds`; readers resolve it once a request."""
        return self.published / "current"

    @property
    def published_file(self) -> Path:
        return self.current_link / "helpmart.duckdb"

    @property
    def health_link(self) -> Path:
        """A symlink to the newest health file, which is also written when a gate fails."""
        return self.published / "health" / "current"

    @property
    def health_file(self) -> Path:
        return self.health_link / "health.duckdb"

    @property
    def data_docs(self) -> Path:
        return self.home / "quality" / "data_docs"

    @property
    def dbt_target(self) -> Path:
        return self.home / "dbt" / "target"

    @property
    def superset(self) -> Path:
        return self.home / "superset"

    @property
    def dagster(self) -> Path:
        return self.home / "dagster"

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def recipients_file(self) -> Path:
        """Who gets which report by mail; without it nobody does."""
        return self.home / "recipients.yml"

    @property
    def logs(self) -> Path:
        return self.home / "logs"


class Settings(BaseSettings):
    """All choices of one installation.

    Precedence: arguments, `HELPMART_*` environment variables, `helpmart.toml` in the home folder
    or beside the code, defaults.
    """

    model_config = SettingsConfigDict(env_prefix="HELPMART_", extra="forbid")

    home: Path = PROJECT_ROOT / "var"
    reporting_zone: ZoneName = "Asia/Shanghai"
    as_of: str = Field(
        default="",
        description="UTC instant at which open clocks stop; empty: each account's newest event",
    )
    account_zones: dict[AccountName, ZoneName] = Field(
        default_factory=dict,
        description="zone of stamps without an offset, by source/account, instead of the source's",
    )
    quiet_seconds: float = Field(
        default=10.0, ge=0, description="a file is complete once unchanged for this long"
    )
    keep_builds: int = Field(default=7, ge=2, le=365)
    threads: int = Field(default=2, ge=1, le=64)
    memory_limit: str = Field(default="4GB", pattern=r"^\d+(\.\d+)?(MB|GB)$")
    schedule_cron: str = "30 5 * * *"
    schedule_zone: ZoneName = "Asia/Shanghai"
    freshness_hours: float = Field(default=30.0, gt=0)
    max_runtime_seconds: int = Field(default=7200, ge=60)
    superset_port: int = Field(default=8088, ge=0, le=65535)
    dagster_port: int = Field(default=3070, ge=0, le=65535)
    superset_locale: str = Field(default="en", pattern=r"^(en|zh)$")
    report_day: int = Field(
        default=3, ge=1, le=28, description="day after a period's end on which its report is sent"
    )
    report_font_folder: Path | None = Field(
        default=None, description="fonts for reports, beside those of the system"
    )
    mail_host: str = Field(default="", description="SMTP server; empty: no mails")
    mail_port: int = Field(default=587, ge=1, le=65535)
    mail_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="none only to a server on this machine"
    )
    mail_user: str = ""
    mail_from: str = ""
    alert_kpis: list[str] = Field(
        default=["csat_score", "sla_attainment_rate", "resolution_rate", "first_response_time"],
        description="KPIs whose crossing of their target is told",
    )
    alert_period: Literal["day", "week", "month"] = "week"
    alert_language: Literal["en", "zh"] = "en"
    ticket_url: str = Field(
        default="https://example.invalid/agent/tickets/{ticket_id}",
        description="link to a ticket in the helpdesk; {account_id} and {ticket_id} are filled in",
    )

    users_file: Path | None = Field(
        default=None, description="who may sign in; default: users.yml of the state folder"
    )
    sign_in: Literal["password", "ldap", "oidc"] = "password"
    ldap: Ldap | None = None
    oidc: Oidc | None = None
    wall_screen: tuple[str, ...] = Field(
        default=(), description="dashboards that anybody on this network may see, by slug"
    )
    agent_pseudonyms: bool = Field(
        default=False, description="publish pseudonyms in place of agents' names, logins and ids"
    )
    smallest_group: int = Field(
        default=5, ge=2, le=100, description="with pseudonyms, figures of fewer people are left out"
    )

    @model_validator(mode="after")
    def _absolute_home(self) -> Self:
        self.home = self.home.expanduser().resolve()
        return self

    @property
    def paths(self) -> HomePaths:
        return HomePaths(home=self.home)

    @property
    def users_path(self) -> Path:
        return self.users_file or self.home / "users.yml"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.reporting_zone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        home = init_settings().get("home") or env_settings().get("home") or PROJECT_ROOT / "var"
        files = [PROJECT_ROOT / SETTINGS_FILE, Path(home).expanduser() / SETTINGS_FILE]
        toml = TomlConfigSettingsSource(settings_cls, toml_file=files)
        return init_settings, env_settings, toml


def load_settings(home: Path | None = None) -> Settings:
    """The settings of the installation whose state folder is `home` (default: from outside)."""
    return Settings(home=home) if home is not None else Settings()
