"""The journal keeps when each step ran, also one that broke."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.orchestration.steps import _noted


def journal() -> Any:
    return SimpleNamespace(steps=[], error="")


def test_a_step_is_kept_with_its_name_and_times() -> None:
    @_noted
    def check(_journal: Any, border: str) -> str:
        return border

    run = journal()
    assert [check(run, "raw"), check(run, border="published")] == ["raw", "published"]
    first, second = run.steps
    assert (first.name, second.name) == ("check_raw", "check_published")
    assert first.started_at <= first.finished_at <= second.started_at
    assert first.started_at.tzinfo is not None
    assert first.is_done
    assert run.error == ""


def test_a_step_that_breaks_is_kept_as_such_with_its_reason() -> None:
    @_noted
    def build(_journal: Any) -> None:
        raise RuntimeError("no disk")

    run = journal()
    with pytest.raises(RuntimeError, match="no disk"):
        build(run)
    (step,) = run.steps
    assert (step.name, step.is_done, run.error) == ("build", False, "no disk")
