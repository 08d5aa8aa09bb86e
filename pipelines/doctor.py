"""Looks for what breaks an installation; each finding names its cause and the remedy.

A check is a function from the settings to one `Finding`. It changes nothing, opens nothing for
writing, and never raises: what it can't find out is a finding too.
"""

from __future__ import annotations

import re
import shutil
import socket
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipelines.errors import HelpmartError
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pipelines.settings import Settings

State = Literal["ok", "warning", "broken"]
OLDEST, NEWEST = (3, 11), (3, 12)
NEEDED_BYTES = 2 * 1024**3
LOCKED = re.compile(r"^[A-Za-z0-9_.-]+==[^\\\n]+", re.MULTILINE)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    title: str
    state: State
    cause: str
    remedy: str = ""


Check = Callable[["Settings"], Finding]


def check_python(_: Settings) -> Finding:
    version = sys.version_info[:2]
    if OLDEST <= version <= NEWEST:
        return Finding("Python", "ok", f"{version[0]}.{version[1]}")
    return Finding(
        "Python",
        "broken",
        f"{version[0]}.{version[1]} is not supported",
        "install Python 3.11 or 3.12, then `make clean setup PYTHON=/path/to/it`",
    )


def check_environment(_: Settings) -> Finding:
    """Every installed package has the version of the lock file."""
    lock = PROJECT_ROOT / "requirements.lock"
    if not lock.is_file():
        return Finding("Environment", "broken", "requirements.lock is missing", "git checkout it")
    wrong = [
        f"{name} {installed} (locked {locked})"
        for name, locked in _locked(lock)
        if (installed := _installed(name)) not in (locked, None)
    ]
    missing = [name for name in ("duckdb", "dagster", "apache-superset") if not _installed(name)]
    if not wrong and not missing:
        return Finding("Environment", "ok", "all packages as locked")
    shown = ", ".join((wrong + [f"{name} missing" for name in missing])[:5])
    return Finding("Environment", "broken", shown, "`make clean setup` installs the lock again")


def _locked(lock: Path) -> list[tuple[str, str]]:
    """Names and versions for this Python; the lock may hold another version for another one."""
    from packaging.requirements import Requirement

    lines = LOCKED.findall(lock.read_text(encoding="utf-8"))
    wanted = [Requirement(line.strip()) for line in lines]
    return [
        (item.name, next(iter(item.specifier)).version)
        for item in wanted
        if item.marker is None or item.marker.evaluate()
    ]


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def check_home(settings: Settings) -> Finding:
    nearest = next(path for path in [settings.home, *settings.home.parents] if path.exists())
    if not nearest.is_dir():
        return Finding(
            "State folder", "broken", f"{nearest} is no folder", "choose another with --home"
        )
    if not _writable(nearest):
        return Finding(
            "State folder", "broken", f"{nearest} can't be written to", f"chown or chmod {nearest}"
        )
    return Finding("State folder", "ok", str(settings.home))


def _writable(folder: Path) -> bool:
    import os

    return os.access(folder, os.W_OK | os.X_OK)


def check_disk(settings: Settings) -> Finding:
    nearest = next(path for path in [settings.home, *settings.home.parents] if path.exists())
    free = shutil.disk_usage(nearest).free
    if free < NEEDED_BYTES:
        return Finding(
            "Disk",
            "broken",
            f"{free / 1024**3:.1f} GB free, {NEEDED_BYTES / 1024**3:.0f} GB needed",
            "free some space, or move the state folder with --home",
        )
    return Finding("Disk", "ok", f"{free / 1024**3:.0f} GB free")


def check_contracts(_: Settings) -> Finding:
    from pipelines.ingest.contracts import load_contracts

    return Finding("Source contracts", "ok", f"{len(load_contracts())} read")


def check_expectations(_: Settings) -> Finding:
    from pipelines.quality.suites import load_suites

    count = sum(len(load_suites(border)) for border in ("raw", "published"))
    return Finding("Expectations", "ok", f"{count} suites read")


def check_secrets(settings: Settings) -> Finding:
    """Secrets are readable by their owner only."""
    folder = settings.paths.secrets
    if not folder.exists():
        return Finding("Secrets", "ok", "none yet; the first `helpmart up` makes them")
    loose = [path for path in [folder, *folder.iterdir()] if _others_may_read(path)]
    if loose:
        return Finding(
            "Secrets",
            "broken",
            f"others may read {', '.join(path.name for path in loose)}",
            f"chmod -R go= {folder}",
        )
    return Finding("Secrets", "ok", "readable by their owner only")


def _others_may_read(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def check_ledger(settings: Settings) -> Finding:
    import sqlite3

    if not settings.paths.ledger.exists():
        return Finding("Ledger", "ok", "none yet; the first load makes it")
    try:
        address = f"file:{settings.paths.ledger}?mode=ro"
        with sqlite3.connect(address, uri=True) as connection:
            answer = connection.execute("pragma quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        return Finding(
            "Ledger",
            "broken",
            str(answer),
            f"move {settings.paths.ledger} aside and drop the files of archive/ into the inbox",
        )
    return Finding("Ledger", "ok", "intact")


def check_published(settings: Settings) -> Finding:
    """The published file opens and says which build it is."""
    from pipelines.publish import current_build

    link = settings.paths.current_link
    if link.is_symlink() and not link.exists():
        return Finding(
            "Published build",
            "broken",
            f"{link} points to a build that is gone",
            "`helpmart publish rollback` shows a kept build, `helpmart run --force` a new one",
        )
    build = current_build(settings)
    if build is None:
        return Finding("Published build", "warning", "nothing published yet", "`helpmart run`")
    return Finding("Published build", "ok", build.build_id)


def check_inbox(settings: Settings) -> Finding:
    from pipelines.ingest.inbox import ready_files

    unrecognised = ready_files(settings).unrecognised
    if unrecognised:
        names = ", ".join(Path(file.path).name for file in unrecognised[:3])
        return Finding(
            "Inbox",
            "warning",
            f"{len(unrecognised)} files that no contract claims: {names}",
            "put exports into inbox/<source>/, such as inbox/zendesk/; remove what is no export",
        )
    return Finding("Inbox", "ok", str(settings.paths.inbox))


def check_ports(settings: Settings) -> Finding:
    """The ports are free, or our own pages hold them."""
    taken = [
        f"{port} ({name})"
        for name, port, service in (
            ("Superset", settings.superset_port, "superset"),
            ("Dagster", settings.dagster_port, "dagster-webserver"),
        )
        if _listening(port) and not _ours(settings, service)
    ]
    if taken:
        return Finding(
            "Ports",
            "broken",
            f"taken by another program: {', '.join(taken)}",
            "set HELPMART_SUPERSET_PORT or HELPMART_DAGSTER_PORT to a free one",
        )
    return Finding("Ports", "ok", f"{settings.superset_port} and {settings.dagster_port}")


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _ours(settings: Settings, service: str) -> bool:
    from pipelines.processes import running_pid

    return running_pid(settings, service) is not None


def check_superset_package(_: Settings) -> Finding:
    """A package marker in the top-level `superset/` would hide the real Superset."""
    if (PROJECT_ROOT / "superset" / "__init__.py").exists():
        return Finding(
            "Superset package",
            "broken",
            "superset/__init__.py hides the installed Superset",
            "remove that file",
        )
    return Finding("Superset package", "ok", _installed("apache-superset") or "missing")


def check_last_run(settings: Settings) -> Finding:
    from pipelines.status import read_status

    if not settings.paths.ledger.exists():
        return Finding("Last run", "warning", "no run yet", "`helpmart run`")
    status = read_status(settings)
    if status.last_run is None:
        return Finding("Last run", "warning", "no run yet", "`helpmart run`")
    if status.last_run.state != "published":
        return Finding(
            "Last run",
            "warning",
            f"{status.last_run.state}: {status.last_run.error or '; '.join(status.failed_checks)}",
            "`helpmart status` has the details; mend the cause and run `helpmart run`",
        )
    return Finding("Last run", "ok", "published")


def check_sign_in(settings: Settings) -> Finding:
    """The directory is described whole, and `users.yml` names teams and agents that there are."""
    from pipelines.dashboards.access.policies import load_policies
    from pipelines.dashboards.access.sign_in import sign_in_config
    from pipelines.dashboards.access.users import find_rows, load_people

    sign_in_config(settings)
    policies = load_policies()
    people = load_people(settings, policies)
    if settings.paths.published_file.is_file():
        missing = find_rows(settings, people, policies).missing
        if missing:
            return Finding(
                "Sign-in",
                "warning",
                "; ".join(missing[:3]),
                f"correct {settings.users_path}; until then they see no rows",
            )
    return Finding("Sign-in", "ok", f"by {settings.sign_in}, {len(people)} people in users.yml")


CHECKS: tuple[Check, ...] = (
    check_python,
    check_environment,
    check_superset_package,
    check_home,
    check_disk,
    check_contracts,
    check_expectations,
    check_secrets,
    check_ledger,
    check_inbox,
    check_published,
    check_last_run,
    check_ports,
    check_sign_in,
)


def examine(settings: Settings) -> list[Finding]:
    """Every check in order, the basic ones first; one that fails itself becomes a finding."""
    return [_guarded(check, settings) for check in CHECKS]


def _guarded(check: Check, settings: Settings) -> Finding:
    title = check.__name__.removeprefix("check_").replace("_", " ").capitalize()
    try:
        return check(settings)
    except HelpmartError as error:
        return Finding(title, "broken", f"{error.what} {error.why}".strip(), error.remedy)
    except Exception as error:  # noqa: BLE001 - a broken check is what a doctor is there to report
        return Finding(
            title,
            "broken",
            f"{type(error).__name__}: {error}",
            "`make setup` repairs the environment; else report this line",
        )
