"""The pages of an installation: what the person who starts them is told."""

from __future__ import annotations

from pipelines.dashboards.environment import PASSWORD_BYTES, ensure_secret, password_name
from pipelines.dashboards.policies import load_policies
from pipelines.services import untold_passwords
from pipelines.settings import Settings


def test_passwords_that_a_run_made_are_told_once(settings: Settings) -> None:
    users = [user.username for user in load_policies().users]
    made = {name: ensure_secret(settings, password_name(name), PASSWORD_BYTES)[0] for name in users}
    assert dict(untold_passwords(settings)) == made
    assert untold_passwords(settings) == []
