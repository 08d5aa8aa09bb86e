"""The pages of an installation: what the person who starts them is told."""

from __future__ import annotations

from pipelines.dashboards.access.policies import load_policies
from pipelines.dashboards.environment import PASSWORD_BYTES, ensure_secret, password_name
from pipelines.services import untold_passwords
from pipelines.settings import Settings


def test_passwords_that_a_run_made_are_told_once(settings: Settings) -> None:
    users = [user.username for user in load_policies().users]
    made = {name: ensure_secret(settings, password_name(name), PASSWORD_BYTES)[0] for name in users}
    assert dict(untold_passwords(settings)) == made
    assert untold_passwords(settings) == []


def test_a_new_users_password_is_told_without_the_others(settings: Settings) -> None:
    for user in load_policies().users:
        ensure_secret(settings, password_name(user.username), PASSWORD_BYTES)
    untold_passwords(settings)
    settings.users_path.write_text(
        "users: [{username: eve, first_name: E, last_name: Ve, email: e@x.example, role: Analyst}]"
    )
    password, _ = ensure_secret(settings, password_name("eve"), PASSWORD_BYTES)
    assert untold_passwords(settings) == [("eve", password)]
