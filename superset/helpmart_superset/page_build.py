"""A page reads one build until it is opened anew or refreshed, whatever is published meanwhile.

Opening a dashboard gives the browser a signed note of the build that is shown, by the dashboard's
number; the page's charts name that number and get that build, as long as it is kept. Every answer
that was read from a published file says in a header which one.

Signed, since a build that was published before names were hidden may still be kept.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, request
from itsdangerous import BadSignature, TimestampSigner

from helpmart_superset import snapshot
from helpmart_superset.snapshot import HEALTH, PUBLISHED

ANSWER_HEADER = "Helpmart-Build"
COOKIE = "helpmart_build_{dashboard}"
SECONDS = 8 * 3600  # as long as a session
NOTE = re.compile(r"(\d{8}T\d{6}Z-[0-9a-f]{6})\.(\d{8})")
SHOWN_BUILD = "select build_id from main.load_status"


def keep_to_opened_build() -> None:
    """Before a request: a chart of an open page reads what the page was opened with."""
    dashboard = request.args.get("dashboard_id")
    if dashboard is None or _is_refreshed():
        return
    files = _noted_files(request.cookies.get(COOKIE.format(dashboard=dashboard), ""))
    if all(path.is_file() for path in files.values()):
        snapshot.use(files)


def note_opened_build(response: Response, dashboard: object) -> None:
    """The page that was just opened, or refreshed, keeps to the build that is shown now."""
    response.set_cookie(
        COOKIE.format(dashboard=dashboard),
        _signer().sign(snapshot.snapshot_id()).decode(),
        max_age=SECONDS,
        httponly=True,
        samesite="Lax",
    )


def show_as_described() -> None:
    """From now on this request reads the build that the state of the data speaks of.

    A publish swaps the build first and the sentence about it a moment later.
    """
    health = snapshot.real_path(HEALTH)
    described = _described_build(health) if health.is_file() else None
    if described is not None:
        file = _sibling(snapshot.real_path(PUBLISHED), described)
        if file.is_file():
            snapshot.use({PUBLISHED: file, HEALTH: health})


def name_build(response: Response) -> Response:
    """After a request: say which build was read; a refreshed page keeps to it from then on."""
    if not snapshot.was_read():
        return response
    response.headers[ANSWER_HEADER] = snapshot.real_path(PUBLISHED).parent.name
    dashboard = request.args.get("dashboard_id", "")
    if dashboard.isdigit() and _is_refreshed():
        note_opened_build(response, dashboard)
    return response


def _is_refreshed() -> bool:
    return request.args.get("force") == "true"


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.secret_key, salt="helpmart page build")


def _noted_files(note: str) -> dict[str, Path]:
    """The files that a note speaks of; none for a note that is not ours, or too old."""
    try:
        found = NOTE.fullmatch(_signer().unsign(note, max_age=SECONDS).decode())
    except BadSignature:
        return {}
    if found is None:
        return {}
    links = snapshot.published_files()
    return {
        name: _sibling(links[name].resolve(), number)
        for name, number in zip((PUBLISHED, HEALTH), found.groups(), strict=True)
    }


def _sibling(file: Path, number: str) -> Path:
    """The same file of another build."""
    return file.parent.with_name(number) / file.name


@lru_cache(maxsize=4)
def _described_build(health: Path) -> str | None:
    from sqlalchemy import create_engine

    from helpmart_superset.locked_duckdb import locked

    url, params = locked(health)
    with create_engine(url, **params).connect() as connection:
        build: str | None = connection.execute(SHOWN_BUILD).scalar()
    return build
