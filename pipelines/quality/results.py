"""What one check found: the only shape in which checks travel to the ledger, gates and pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Border = Literal["raw", "dbt", "published"]
Severity = Literal["critical", "warning"]


@dataclass(frozen=True)
class CheckResult:
    """One expectation on one table, judged once.

    `sample_keys` holds the identifiers of a few offending rows and never another column: results
    are shown to people who may not see the data itself.
    """

    border: Border
    table: str
    name: str
    expectation: str
    column: str | None
    severity: Severity
    success: bool
    observed: str
    unexpected_count: int
    why: str
    owner: str
    sample_keys: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """True if publishing must not go on."""
        return not self.success and self.severity == "critical"


class Judged(Protocol):
    """A check's outcome, fresh or read back from the ledger."""

    @property
    def success(self) -> bool: ...
    @property
    def blocks(self) -> bool: ...


@dataclass(frozen=True)
class CheckCounts:
    """How many checks passed, blocked and merely warned."""

    passed: int
    failed: int
    warned: int

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.warned


def count_checks(checks: Iterable[Judged]) -> CheckCounts:
    """Every check counts once: passed, failed (critical) or warned."""
    passed = failed = warned = 0
    for check in checks:
        passed += check.success
        failed += check.blocks
        warned += not check.success and not check.blocks
    return CheckCounts(passed, failed, warned)


def blocking(checks: Sequence[CheckResult]) -> list[CheckResult]:
    """The checks because of which nothing may be published."""
    return [check for check in checks if check.blocks]
