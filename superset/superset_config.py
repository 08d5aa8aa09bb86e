"""Superset for helpmart: one machine, DuckDB snapshots, SQLite metadata, no Redis, no Celery.

Read by Superset's process alone. Every choice of an installation comes from `pipelines.settings`;
reasons and measurements are in docs/decisions.
"""

from __future__ import annotations

import copy
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from cachelib.file import FileSystemCache
from helpmart_superset import access, branding, locked_duckdb, shared_limits, snapshot, web
from helpmart_superset.metadata import use_wal
from sqlalchemy.pool import QueuePool
from superset.config import TALISMAN_CONFIG as DEFAULT_TALISMAN
from superset.config import THEME_DEFAULT as DEFAULT_THEME

from pipelines.dashboards.access.sign_in import sign_in_config
from pipelines.dashboards.environment import METADATA_FILE, read_secret
from pipelines.settings import load_settings

_settings = load_settings()
_home = _settings.paths.superset

SECRET_KEY = read_secret(_settings, "superset_secret_key")
# Embedding is off, but Superset would otherwise accept tokens signed with a published constant.
GUEST_TOKEN_JWT_SECRET = read_secret(_settings, "superset_guest_key")
GLOBAL_ASYNC_QUERIES_JWT_SECRET = read_secret(_settings, "superset_async_key")

SQLALCHEMY_DATABASE_URI = f"sqlite:///{_home / METADATA_FILE}?check_same_thread=false&timeout=30"
# Pooled and in WAL mode: Superset commits six times a chart, 90 ms a chart instead of 270.
SQLALCHEMY_ENGINE_OPTIONS = {
    "poolclass": QueuePool,
    "pool_size": 10,
    "max_overflow": 20,
    "connect_args": {"timeout": 30},
}
use_wal()

HELPMART_FILES = {
    snapshot.PUBLISHED: _settings.paths.published_file,
    snapshot.HEALTH: _settings.paths.health_file,
}
HELPMART_HOME_SLUG = "service-overview"
HELPMART_STATEMENT_SECONDS = float(os.environ.get("HELPMART_STATEMENT_SECONDS", "30"))

ROW_LIMIT = SQL_MAX_ROW = SAMPLES_ROW_LIMIT = 10_000
SQLLAB_TIMEOUT = SUPERSET_WEBSERVER_TIMEOUT = 60
# The streaming export escapes no formulas; no result reaches this size.
CSV_STREAMING_ROW_THRESHOLD = 10_000_000

RATELIMIT_ENABLED = True
RATELIMIT_APPLICATION = "200 per second"  # one dashboard load is some 60 requests
AUTH_RATE_LIMIT = "5 per minute"
RATELIMIT_STORAGE_URI = shared_limits.address(_home / "limits.db")

CUSTOM_SECURITY_MANAGER = access.HelpmartSecurityManager
# Refuses to start where the company's directory is described in half.
globals().update(sign_in_config(_settings))

PERMANENT_SESSION_LIFETIME = timedelta(hours=8)
SESSION_SERVER_SIDE = True
SESSION_TYPE = "cachelib"
SESSION_CACHELIB = FileSystemCache(str(_home / "sessions"), threshold=2000, mode=0o600)
SESSION_PERMANENT = True
SESSION_COOKIE_SAMESITE = "Lax"


def _cache(name: str, seconds: int, **overrides: Any) -> dict[str, Any]:
    folder = _home / "cache" / name
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "CACHE_TYPE": "FileSystemCache",
        "CACHE_DIR": str(folder),
        "CACHE_THRESHOLD": 5000,
        "CACHE_DEFAULT_TIMEOUT": seconds,
        "CACHE_KEY_PREFIX": f"{name}_",
        **overrides,
    }


_DAY = 86_400
CACHE_CONFIG = _cache("meta", 3600)
DATA_CACHE_CONFIG = _cache("data", _DAY, CACHE_TYPE="helpmart_superset.snapshot.SnapshotCache")
THUMBNAIL_CACHE_CONFIG = _cache("thumbnail", _DAY)
FILTER_STATE_CACHE_CONFIG = _cache("filter", 90 * _DAY, REFRESH_TIMEOUT_ON_RETRIEVAL=True)
EXPLORE_FORM_DATA_CACHE_CONFIG = _cache("explore", 7 * _DAY, REFRESH_TIMEOUT_ON_RETRIEVAL=True)

DB_CONNECTION_MUTATOR = locked_duckdb.lock_connection
DB_SQLA_URI_VALIDATOR = locked_duckdb.validate_uri
SQL_QUERY_MUTATOR = locked_duckdb.select_only
DISALLOWED_SQL_FUNCTIONS = {"duckdb": set(locked_duckdb.DENIED_FUNCTIONS)}
DISALLOWED_SQL_TABLES = {"duckdb": set(locked_duckdb.DENIED_TABLES)}
PREVENT_UNSAFE_DB_CONNECTIONS = True
FLASK_APP_MUTATOR = web.mutate_app

FEATURE_FLAGS = {
    "DASHBOARD_RBAC": True,  # a dashboard names the roles that may open it
    "CHART_PLUGINS_EXPERIMENTAL": True,  # figures with the change against the period before
    "EMBEDDED_SUPERSET": False,
    "ALERT_REPORTS": False,
    "ENABLE_TEMPLATE_PROCESSING": False,  # Jinja in SQL would run as the server
    "CSS_TEMPLATES": False,
    "DRILL_TO_DETAIL": True,
    "TAGGING_SYSTEM": False,
}
FAB_API_SWAGGER_UI = False
FAB_ADD_SECURITY_API = True
TALISMAN_ENABLED = True
TALISMAN_CONFIG = copy.deepcopy(DEFAULT_TALISMAN)
# Only this server: this also stops the telemetry pixel that is built into the front end.
TALISMAN_CONFIG["content_security_policy"].update(
    {
        "img-src": ["'self'", "blob:", "data:"],
        "connect-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
    }
)
CONTENT_SECURITY_POLICY_WARNING = False
ENABLE_CORS = False
CORS_OPTIONS = {"origins": []}

APP_NAME = branding.NAME
APP_ICON = branding.data_uri("logo.svg")
FAVICONS = [{"href": branding.data_uri("icon.svg"), "type": "image/svg+xml"}]
LANGUAGES = {
    "en": {"flag": "us", "name": "English"},
    "zh": {"flag": "cn", "name": "中文"},
}
BABEL_DEFAULT_LOCALE = _settings.superset_locale
THEME_DEFAULT = branding.theme(DEFAULT_THEME)
THEME_DARK = None
ENABLE_UI_THEME_ADMINISTRATION = False
THEME_FONT_URL_ALLOWED_DOMAINS: list[str] = []
EXTRA_CATEGORICAL_COLOR_SCHEMES = branding.COLOUR_SCHEMES
EXTRA_SEQUENTIAL_COLOR_SCHEMES = branding.HEAT_SCHEMES
D3_FORMAT = branding.D3_FORMAT
COMMON_BOOTSTRAP_OVERRIDES_FUNC = branding.bootstrap_overrides
