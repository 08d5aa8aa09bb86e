"""The errors a user may meet, each with what, where, why and what to do; and the exit codes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """Documented in docs/runbook.md; scripts may rely on these."""

    OK = 0
    FAILED = 1
    USAGE = 2
    GATE_FAILED = 3
    BUSY = 4
    NOT_FOUND = 5
    SETUP_BROKEN = 6


@dataclass
class HelpmartError(Exception):
    """Printed as four lines, never as a traceback; the traceback goes to the log."""

    what: str
    where: str = ""
    why: str = ""
    remedy: str = ""
    exit_code: ExitCode = ExitCode.FAILED

    def __str__(self) -> str:
        parts = [self.what]
        parts += [f"  {label}: {text}" for label, text in self._details() if text]
        return "\n".join(parts)

    def _details(self) -> list[tuple[str, str]]:
        return [("where", self.where), ("why", self.why), ("what to do", self.remedy)]
