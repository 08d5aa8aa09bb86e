"""Workers of Superset count requests together."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from pipelines.dashboards.environment import SUPERSET_FOLDER

sys.path.insert(0, str(SUPERSET_FOLDER))
from helpmart_superset import shared_limits


@pytest.fixture
def address(tmp_path: Path) -> str:
    return shared_limits.address(tmp_path / "limits.db")


def test_two_workers_have_one_allowance(address: str) -> None:
    limit = parse("5 per minute")
    workers = [FixedWindowRateLimiter(storage_from_string(address)) for _ in range(2)]
    allowed = [workers[turn % 2].hit(limit, "127.0.0.1") for turn in range(8)]
    assert allowed == [True] * 5 + [False] * 3
    assert not workers[0].test(limit, "127.0.0.1")
    assert workers[1].hit(limit, "127.0.0.2")


def test_a_window_that_has_ended_counts_anew(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = storage_from_string(address)
    clock = iter([100.0, 130.0, 160.0, 160.0, 160.0])
    monkeypatch.setattr(shared_limits.time, "time", lambda: next(clock))
    counted = [storage.incr("somebody", expiry=60) for _ in range(3)]
    assert counted == [1, 2, 1]
    assert storage.get_expiry("somebody") == 220.0
    assert storage.get("somebody") == 1


def test_windows_that_have_ended_are_forgotten(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = storage_from_string(address)
    monkeypatch.setattr(shared_limits.time, "time", lambda: 100.0)
    storage.incr("gone", expiry=60)
    monkeypatch.setattr(shared_limits.time, "time", lambda: 160.0)
    storage.incr("here", expiry=60)
    assert storage.check()
    assert storage.reset() == 1


def test_a_counter_can_be_cleared(address: str) -> None:
    storage = storage_from_string(address)
    storage.incr("somebody", expiry=60)
    storage.clear("somebody")
    assert storage.get("somebody") == 0
