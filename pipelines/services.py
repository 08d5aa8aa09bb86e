"""The pages of one installation: Superset, Dagster's page, and Dagster's daemon."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.processes import Service, answers, start, stop, wait_until_up

if TYPE_CHECKING:
    from pipelines.settings import Settings


@dataclass
class Served:
    """What to tell the person who started the pages."""

    addresses: list[tuple[str, str]] = field(default_factory=list)
    new_passwords: list[tuple[str, str]] = field(default_factory=list)


def dagster_services(settings: Settings) -> list[Service]:
    """Dagster's page, which can look but not touch, and the daemon of schedules and sensors."""
    from pipelines.orchestration.instance import dagster_environment
    from pipelines.settings import PROJECT_ROOT

    environment = dagster_environment(settings)
    module = ["-m", "pipelines.definitions", "-d", str(PROJECT_ROOT)]
    port = ["-h", "127.0.0.1", "-p", str(settings.dagster_port), "--read-only"]
    return [
        Service(
            "dagster-webserver",
            [sys.executable, "-m", "dagster_webserver", *module, *port],
            environment,
        ),
        Service(
            "dagster-daemon", [sys.executable, "-m", "dagster._daemon", "run", *module], environment
        ),
    ]


def untold_passwords(settings: Settings) -> list[tuple[str, str]]:
    """Users and passwords that nobody was shown yet: a run by itself may have made them."""
    from pipelines.dashboards.access.policies import load_policies
    from pipelines.dashboards.access.users import load_people
    from pipelines.dashboards.environment import password_name, read_secret

    told = settings.home / "run" / "passwords_told"
    known = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    policies = load_policies()
    names = [user.username for user in policies.users]
    names += [person.username for person in load_people(settings, policies)]
    told.parent.mkdir(parents=True, exist_ok=True)
    told.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    new = [name for name in names if name not in known]
    return [(name, read_secret(settings, password_name(name))) for name in new]


def start_all(settings: Settings, tell: Callable[[str], None]) -> Served:
    """Bring every page up and wait until each answers."""
    from pipelines.dashboards import serve as superset
    from pipelines.dashboards.sync.provision import provision

    served = Served()
    tell("Preparing Superset …")
    for line in provision(settings).missing:
        tell(f"users.yml: {line}")
    served.new_passwords = untold_passwords(settings)
    tell("Starting Superset and Dagster …")
    page, daemon = dagster_services(settings)
    start(settings, page)
    start(settings, daemon)
    dashboards = superset.start(settings)
    address = f"http://127.0.0.1:{settings.dagster_port}/"
    wait_until_up(settings, page, lambda: answers(f"{address}server_info"))
    served.addresses = [("Dashboards", dashboards.address), ("Dagster (read-only)", address)]
    return served


def stop_all(settings: Settings) -> list[str]:
    """Stop what `start_all` started; gives back the names of what ran."""
    from pipelines.dashboards import serve as superset

    stopped = [name for name in ("dagster-daemon", "dagster-webserver") if stop(settings, name)]
    if superset.stop(settings):
        stopped.append("superset")
    return stopped
