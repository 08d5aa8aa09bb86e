"""Of errors planted in the KPI models nine in ten are noticed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipelines.settings import PROJECT_ROOT


@pytest.mark.long
def test_nine_of_ten_mutants_are_noticed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutation", "--mutants=100", "--seed=31", "--least=0.9"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
