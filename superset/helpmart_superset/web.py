"""The app mutator: what helpmart changes in Superset's requests and responses.

Readers land on their dashboard in its language, dashboards open on data, and nobody is shown a
page they cannot use.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, abort, current_app, redirect, request, session
from flask_babel import refresh
from flask_login import current_user

from helpmart_superset import default_period, front_end, locked_duckdb, page_build
from pipelines.dashboards.access.rows import ROWS_ROLE_PREFIX

HOME_PATHS = frozenset({"/", "/superset/welcome/"})
# Superset shows these lists to everyone; a reader's would be empty.
EMPTY_FOR_READERS = frozenset({"/chart/list/", "/theme/list/"})
DASHBOARD_PATH, DASHBOARD_LIST = "/superset/dashboard/", "/dashboard/list/"
DASHBOARD_API = "/api/v1/dashboard/"
# Streams a result as CSV without escaping formulas; every result fits into the ordinary export.
CLOSED_PATHS = frozenset({"/api/v1/sqllab/export_streaming/"})
READER_ROLES = frozenset({"Executive", "Lead", "Agent"})
WALL_SCREEN_SECONDS = 600


def mutate_app(app: Flask) -> None:
    """FLASK_APP_MUTATOR."""
    locked_duckdb.install_statement_timeout()
    _keep_what_is_loaded()
    _bind_celery_tasks()
    _limit_sign_in(app)
    app.before_request(_close_routes)
    app.before_request(_lead_readers_home)
    app.before_request(_hide_drafts_from_readers)
    app.before_request(_speak_the_dashboards_language)
    app.before_request(page_build.keep_to_opened_build)
    app.after_request(page_build.name_build)
    app.after_request(_open_on_what_is_shown)
    app.after_request(renew_wall_screen)
    app.after_request(front_end.serve_changed_script)
    app.after_request(front_end.correct_chinese)
    app.after_request(front_end.add_style_sheet)
    front_end.changed_scripts()


def _keep_what_is_loaded() -> None:
    """The event log commits in the middle of a request; all objects would be read once more."""
    from superset.extensions import db

    db.session.configure(expire_on_commit=False)


def _bind_celery_tasks() -> None:
    """Without this, the first SQL Lab calls after a start race for the tasks and one fails."""
    from superset import sql_lab  # noqa: F401  registers its task
    from superset.extensions import celery_app

    celery_app.finalize(auto=True)
    for task in celery_app.tasks.values():
        task.bind(celery_app)


def _limit_sign_in(app: Flask) -> None:
    """Limit the views that take passwords: Superset 6.1 limits only the page that asks for them."""
    limiter = app.appbuilder.sm.limiter
    limit = limiter.limit(app.config["AUTH_RATE_LIMIT"], methods=["POST"])
    for name in ("AuthDBView", "SecurityApi"):
        limit(app.blueprints[name])


def is_reader() -> bool:
    """Whether the user may look at dashboards and nothing else."""
    if not current_user or not current_user.is_authenticated:
        return False
    names = (role.name for role in current_user.roles)
    roles = {name for name in names if not name.startswith(ROWS_ROLE_PREFIX)}
    return bool(roles) and roles <= READER_ROLES


def _close_routes() -> None:
    if request.path in CLOSED_PATHS:
        abort(404)


def _hide_drafts_from_readers() -> None:
    """Superset's page of a draft without charts opens for everyone and shows its title."""
    slug = _dashboard_slug()
    if slug and is_reader():
        from superset.models.dashboard import Dashboard

        dashboard = Dashboard.get(slug)
        if dashboard is None or not dashboard.published:
            abort(404)


def _dashboard_slug() -> str:
    """The slug or number of the dashboard whose page is asked for, else nothing."""
    if request.method != "GET" or not request.path.startswith(DASHBOARD_PATH):
        return ""
    slug = request.path.removeprefix(DASHBOARD_PATH).strip("/")
    return "" if "/" in slug else slug


def _lead_readers_home() -> Any:
    if request.path in HOME_PATHS | EMPTY_FOR_READERS and is_reader():
        chinese = str(session.get("locale", "")).startswith("zh")
        return redirect(_home(chinese))
    return None


def _home(chinese: bool) -> str:
    """The first dashboard for whom it is shown, else the list of the others."""
    from superset.extensions import security_manager
    from superset.models.dashboard import Dashboard

    slug = f"{current_app.config['HELPMART_HOME_SLUG']}{'-zh' if chinese else ''}"
    dashboard = Dashboard.get(slug)
    if dashboard is None or not security_manager.can_access_dashboard(dashboard):
        return DASHBOARD_LIST
    return f"{DASHBOARD_PATH}{slug}/"


def _speak_the_dashboards_language() -> None:
    """A slug that ends in -zh is read with the Chinese interface, its twin with the English."""
    slug = _dashboard_slug()
    if not slug or slug.isdigit():
        return
    language = "zh" if slug.endswith("-zh") else "en"
    if session.get("locale") != language:
        session["locale"] = language
        refresh()


def _open_on_what_is_shown(response: Response) -> Response:
    """Whoever opens a dashboard keeps to the build that is shown, and starts with its period."""
    if request.method != "GET" or not request.path.startswith(DASHBOARD_API):
        return response
    payload = response.get_json(silent=True) if response.is_json else None
    result = payload.get("result") if isinstance(payload, dict) else None
    if not isinstance(result, dict) or "json_metadata" not in result:
        return response
    page_build.show_as_described()
    page_build.note_opened_build(response, result["id"])
    if default_period.AUTO in str(result["json_metadata"]):  # what is stored keeps the marker
        result["json_metadata"] = default_period.fill_in(result["json_metadata"])
        response.set_data(_dumps(payload))
    return response


def renew_wall_screen(response: Response) -> Response:
    """Nobody is there to open a wall screen anew after a load, so it does that by itself."""
    is_shown = bool(_dashboard_slug()) and response.status_code == HTTPStatus.OK
    if is_shown and not current_user.is_authenticated:
        response.headers["Refresh"] = str(WALL_SCREEN_SECONDS)
    return response


def _dumps(payload: dict[str, Any]) -> str:
    from superset.utils import json

    text: str = json.dumps(payload)
    return text
