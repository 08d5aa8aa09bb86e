"""Long-running pages are started once, found again, and stopped by who they are."""

from __future__ import annotations

import json
import os
import sys

import pytest

from pipelines.errors import HelpmartError
from pipelines.processes import Service, running_pid, start, stop, wait_until_up
from pipelines.settings import Settings

FOREVER = "import time\nwhile True: time.sleep(0.05)"
STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + FOREVER


def service(code: str) -> Service:
    return Service("page", [sys.executable, "-c", code], dict(os.environ))


def test_a_service_that_runs_is_not_started_twice(settings: Settings) -> None:
    first = start(settings, service(FOREVER))
    try:
        assert start(settings, service(FOREVER)) == first
        assert running_pid(settings, "page") == first
    finally:
        assert stop(settings, "page")
    assert running_pid(settings, "page") is None


def test_a_service_that_ignores_the_request_to_stop_is_killed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.processes.STOP_SECONDS", 1.0)
    start(settings, service(STUBBORN))
    assert stop(settings, "page")


def test_a_pid_that_now_belongs_to_somebody_else_is_not_ours(settings: Settings) -> None:
    start(settings, service(FOREVER))
    record = settings.home / "run" / "page.json"
    known = json.loads(record.read_text())
    try:
        record.write_text(json.dumps({"pid": os.getpid(), "start_time": known["start_time"]}))
        assert running_pid(settings, "page") is None
    finally:
        record.write_text(json.dumps(known))
        assert stop(settings, "page")


def test_stopping_what_does_not_run_changes_nothing(settings: Settings) -> None:
    assert not stop(settings, "page")


def test_a_service_that_ends_at_once_is_reported_with_its_log(settings: Settings) -> None:
    broken = service("raise SystemExit('no port')")
    start(settings, broken)
    with pytest.raises(HelpmartError, match="did not start") as caught:
        wait_until_up(settings, broken, lambda: False)
    assert "page.log" in caught.value.where
    assert b"no port" in (settings.paths.logs / "page.log").read_bytes()
