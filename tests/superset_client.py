"""A person at Superset, over HTTP: signs in with the login form and keeps the session."""

from __future__ import annotations

import re
from typing import Any

import requests
from requests.adapters import HTTPAdapter

CSRF_FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"', re.DOTALL)


class _From(HTTPAdapter):
    """Connects from one loopback address: the rate limit counts each address by itself."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["source_address"] = (self._address, 0)
        super().init_poolmanager(*args, **kwargs)


class Person:
    """One browser session without a browser."""

    def __init__(self, address: str, *, source: str = "127.0.0.2") -> None:
        self.address = address.rstrip("/")
        self.session = requests.Session()
        self.session.mount("http://", _From(source))
        self._csrf = ""

    def sign_in(self, username: str, password: str) -> requests.Response:
        page = self.get("/login/")
        form = {
            "username": username,
            "password": password,
            "csrf_token": CSRF_FIELD.search(page.text).group(1),
        }
        answer = self.session.post(f"{self.address}/login/", data=form, allow_redirects=False)
        if answer.status_code == 302 and "login" not in answer.headers["Location"]:
            self._csrf = self.get("/api/v1/security/csrf_token/").json()["result"]
        return answer

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.address + path, allow_redirects=False, timeout=60)

    def send(self, method: str, path: str, body: Any = None, **kwargs: Any) -> requests.Response:
        headers = {"X-CSRFToken": self._csrf, "Referer": self.address + "/"}
        return self.session.request(
            method,
            self.address + path,
            json=body,
            headers=headers,
            allow_redirects=False,
            timeout=60,
            **kwargs,
        )

    def sql(self, database_id: int, statement: str) -> requests.Response:
        """Run a statement in SQL Lab."""
        body = {
            "database_id": database_id,
            "sql": statement,
            "runAsync": False,
            "queryLimit": 100,
            "schema": "published",
        }
        return self.send("POST", "/api/v1/sqllab/execute/", body)
