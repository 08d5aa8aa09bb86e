"""Gunicorn's hook for Superset: connections are never shared across a fork."""

from __future__ import annotations

from typing import Any


def post_fork(_server: Any, worker: Any) -> None:
    from superset.extensions import db

    with worker.app.wsgi().app_context():
        db.engine.dispose()
