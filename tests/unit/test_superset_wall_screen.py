"""A wall screen shows what was loaded since it was opened."""

from __future__ import annotations

import sys

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import LoginManager, UserMixin, login_user

from pipelines.dashboards.environment import SUPERSET_FOLDER

sys.path.insert(0, str(SUPERSET_FOLDER))
from helpmart_superset import web


@pytest.fixture
def visitor() -> FlaskClient:
    """A browser at a server with one dashboard, and a way to sign in."""
    app = Flask("pages")
    app.secret_key = "of the test"
    LoginManager(app).user_loader(lambda _number: UserMixin())
    app.after_request(web.renew_wall_screen)
    app.add_url_rule("/superset/dashboard/overview/", view_func=lambda: "page")
    app.add_url_rule("/other", "other", lambda: "page")
    person = UserMixin()
    person.id = 1
    app.add_url_rule("/login", "login", lambda: str(login_user(person)))
    return app.test_client()


def test_a_page_that_nobody_signed_in_for_opens_itself_anew(visitor: FlaskClient) -> None:
    assert visitor.get("/superset/dashboard/overview/").headers["Refresh"] == "600"


def test_no_other_page_does(visitor: FlaskClient) -> None:
    assert "Refresh" not in visitor.get("/other").headers
    assert "Refresh" not in visitor.get("/superset/dashboard/none/").headers
    visitor.get("/login")
    assert "Refresh" not in visitor.get("/superset/dashboard/overview/").headers
