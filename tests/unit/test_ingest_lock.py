"""One run at a time, and a dead holder blocks nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from pipelines.errors import ExitCode, HelpmartError
from pipelines.ingest.lock import run_lock
from pipelines.settings import Settings

HOLDER = """
import sys, time
from pathlib import Path
from pipelines.ingest.lock import run_lock
from pipelines.settings import Settings
with run_lock(Settings(home=Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_and_told_who_has_the_lock(settings: Settings) -> None:
    with run_lock(settings), pytest.raises(HelpmartError) as caught, run_lock(settings):
        pytest.fail("two runs at once")

    assert caught.value.exit_code == ExitCode.BUSY
    assert f"process {os.getpid()}" in caught.value.why


def test_the_lock_is_free_after_a_run_and_after_a_failed_one(settings: Settings) -> None:
    with pytest.raises(ValueError, match="mine"), run_lock(settings):
        raise ValueError("mine")

    with run_lock(settings):
        pass


def test_a_killed_holder_blocks_nobody(settings: Settings) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(settings.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(HelpmartError) as caught, run_lock(settings):
        pytest.fail("two runs at once")
    assert f"process {holder.pid}" in caught.value.why

    holder.send_signal(signal.SIGKILL)
    holder.communicate()

    with run_lock(settings):
        pass
