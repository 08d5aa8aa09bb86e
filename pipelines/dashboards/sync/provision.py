"""Brings Superset in step with the folder `superset/`, and does nothing when it is.

Superset runs in a process of its own, so that its import never enters this one. What was brought
is remembered by a fingerprint of everything that decides the outcome.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.dashboards.access.policies import ROLES_FILE
from pipelines.dashboards.access.worked_out import Access, work_out_access
from pipelines.dashboards.bundle import Tree, generate
from pipelines.dashboards.check import check_all
from pipelines.dashboards.datasets import load_datasets
from pipelines.dashboards.environment import (
    METADATA_FILE,
    PASSWORD_BYTES,
    ensure_keys,
    ensure_secret,
    password_name,
)
from pipelines.dashboards.spec import load_dashboards
from pipelines.dashboards.sync.child import ask_superset, log_of, superset_failed
from pipelines.dashboards.sync.trees import write_tree
from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import Settings

RECORD_FILE = "provisioned.json"
PACKAGES = ("apache-superset", "duckdb-engine", "flask-appbuilder")
DIFFERENCES_SHOWN = 3
FAILED = "the dashboards were not imported"


@dataclass(frozen=True)
class Provisioned:
    """What was done.

    Attributes:
        new_passwords: pairs of user and password, given out this once.
        missing: teams and agents of `users.yml` that the published build does not know.
    """

    changed: bool
    seconds: float
    new_passwords: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    steps: tuple[tuple[str, float], ...] = ()
    missing: tuple[str, ...] = ()


def provision(settings: Settings, *, force: bool = False) -> Provisioned:
    """Migrate, set up users and roles, import the dashboards, remove what left the folder.

    Args:
        settings: the installation.
        force: do it even though nothing has changed, which undoes edits made in Superset.

    Raises:
        HelpmartError: nothing is published, the bundle is wrong, or Superset refused it; its log
            is named.
    """
    started = time.monotonic()
    _require_published(settings)
    tree, access = build_bundle(settings)
    settings.paths.superset.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _one_at_a_time(settings):
        ensure_keys(settings)
        passwords, made = _passwords(settings, access.usernames)
        fingerprint = _fingerprint(tree, access)
        record = _read_record(settings)
        if not force and not made and record.get("fingerprint") == fingerprint:
            seconds = time.monotonic() - started
            return Provisioned(changed=False, seconds=seconds, missing=access.missing)
        former = sorted(set(record.get("users", ())) - set(access.usernames))
        hashes = _hashes(tree)
        brought = {} if force else record.get("files", {})
        changed = [name for name, known in hashes.items() if brought.get(name) != known]
        answer = _run(settings, tree, access.request(passwords, former), changed)
        _forget_passwords(settings, former)
        _record(settings, fingerprint, access, hashes)
    return Provisioned(
        changed=True,
        seconds=time.monotonic() - started,
        new_passwords=tuple((user, passwords[user]) for user in made),
        removed=tuple(answer["removed"]),
        steps=tuple(answer["seconds"].items()),
        missing=access.missing,
    )


def _require_published(settings: Settings) -> None:
    """Dashboards without data would be empty. The health file may come after the first import."""
    path = settings.paths.published_file
    if not path.is_file():
        raise HelpmartError(
            what="there is nothing to show on dashboards yet",
            where=str(path),
            why="no build has been published",
            remedy="drop an export into the inbox and run `helpmart run`",
            exit_code=ExitCode.NOT_FOUND,
        )


def build_bundle(settings: Settings) -> tuple[Tree, Access]:
    """The import tree of this installation and its people, after all checks have passed."""
    dashboards, datasets = load_dashboards(), load_datasets(settings)
    check_all(dashboards, datasets).raise_on_problems()
    access = work_out_access(settings, dashboards, datasets)
    return generate(settings, dashboards, datasets), access


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    with (settings.paths.superset / "provision.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _passwords(settings: Settings, usernames: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Every user's first password, and the users whose password was made just now."""
    passwords, made = {}, []
    for username in usernames:
        secret, is_new = ensure_secret(settings, password_name(username), PASSWORD_BYTES)
        passwords[username] = secret
        if is_new:
            made.append(username)
    return passwords, made


def _forget_passwords(settings: Settings, usernames: Sequence[str]) -> None:
    """Who comes back gets another first password."""
    for username in usernames:
        (settings.paths.secrets / password_name(username)).unlink(missing_ok=True)


def _fingerprint(tree: Tree, access: Access) -> str:
    digest = hashlib.sha256()
    parts = [*tree.items(), *((name, version(name)) for name in PACKAGES)]
    parts.append(("access", json.dumps(asdict(access), sort_keys=True)))
    here = Path(__file__).parent
    for path in (ROLES_FILE, here / "apply.py", here.parent / "access" / "grants.py"):
        parts.append((path.name, path.read_text(encoding="utf-8")))
    for name, text in parts:
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()


def _hashes(tree: Tree) -> dict[str, str]:
    """A fingerprint of each file together with the versions that it is imported by."""
    versions = " ".join(version(name) for name in PACKAGES)
    return {
        name: hashlib.sha256(f"{versions}\0{text}".encode()).hexdigest()
        for name, text in tree.items()
    }


def _read_record(settings: Settings) -> dict[str, Any]:
    """What was brought last; nothing where that or Superset's database is lost."""
    record = settings.paths.superset / RECORD_FILE
    database = settings.paths.superset / METADATA_FILE
    if not record.is_file() or not database.is_file():
        return {}
    known: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    return known


def _record(settings: Settings, fingerprint: str, access: Access, hashes: dict[str, str]) -> None:
    record = settings.paths.superset / RECORD_FILE
    work = record.with_suffix(".tmp")
    users = list(access.usernames)
    content = {"fingerprint": fingerprint, "users": users, "files": hashes}
    work.write_text(json.dumps(content), encoding="utf-8")
    work.replace(record)


def _run(
    settings: Settings, tree: Tree, access: dict[str, Any], changed: list[str]
) -> dict[str, Any]:
    """Apply the tree and the people in a Superset process; gives back its answer."""
    with tempfile.TemporaryDirectory(dir=settings.paths.superset, prefix=".provision-") as name:
        folder = Path(name)
        write_tree(tree, folder / "bundle")
        request, answer = folder / "request.json", folder / "answer.json"
        content = {"bundle": str(folder / "bundle"), "access": access, "changed": changed}
        request.write_text(json.dumps(content), encoding="utf-8")
        result: dict[str, Any] = ask_superset(settings, "apply", answer, request, failed=FAILED)
    if result["differences"]:
        why = "; ".join(result["differences"][:DIFFERENCES_SHOWN])
        raise superset_failed(log_of(settings, "apply"), FAILED, why)
    return result
