"""LDAP and OpenID Connect: Superset's configuration from settings, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask_appbuilder import const
from pydantic import ValidationError

from pipelines.dashboards.access import sign_in
from pipelines.dashboards.access.sign_in import sign_in_config
from pipelines.directory import Ldap, Oidc
from pipelines.errors import HelpmartError
from pipelines.settings import Settings

LDAP = {
    "server": "ldaps://directory.acme.example",
    "search_base": "ou=people,dc=acme,dc=example",
    "bind_user": "cn=helpmart,dc=acme,dc=example",
    "groups": {"cn=leads,dc=acme,dc=example": "Lead", "cn=it,dc=acme,dc=example": "Admin"},
}
OIDC = {
    "issuer": "https://sso.acme.example/realms/staff/",
    "client_id": "helpmart",
    "groups": {"leads": "Lead"},
}


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "find_spec", lambda _name: object())


def described(settings: Settings, **choices: Any) -> Settings:
    known = {"ldap": Ldap, "oidc": Oidc}
    values = {
        name: known[name].model_validate(value) if name in known else value
        for name, value in choices.items()
    }
    return settings.model_copy(update=values)


def keep_secret(settings: Settings, name: str, value: str = "s3cret\n") -> None:
    settings.paths.secrets.mkdir(parents=True, exist_ok=True)
    (settings.paths.secrets / name).write_text(value)


def test_passwords_are_supersets_own_unless_said_otherwise(settings: Settings) -> None:
    assert sign_in_config(settings) == {"AUTH_ROLE_PUBLIC": "Public", "AUTH_TYPE": const.AUTH_DB}


def test_a_wall_screen_gives_strangers_a_role(settings: Settings) -> None:
    config = sign_in_config(described(settings, wall_screen=("service-overview",)))
    assert config["AUTH_ROLE_PUBLIC"] == "Wall screen"


def test_a_directory_by_ldap(settings: Settings) -> None:
    keep_secret(settings, "ldap_bind_password")
    config = sign_in_config(described(settings, sign_in="ldap", ldap=LDAP))
    assert config["AUTH_TYPE"] == const.AUTH_LDAP
    assert config["AUTH_LDAP_SERVER"] == LDAP["server"]
    assert config["AUTH_LDAP_BIND_PASSWORD"] == "s3cret"
    assert config["AUTH_LDAP_TLS_DEMAND"]
    assert not config["AUTH_LDAP_ALLOW_SELF_SIGNED"]
    assert config["AUTH_ROLES_MAPPING"]["cn=leads,dc=acme,dc=example"] == ["Lead"]
    assert config["AUTH_ROLES_SYNC_AT_LOGIN"]
    assert config["AUTH_USER_REGISTRATION_ROLE"] == "Public"


def test_a_directory_by_openid_connect(settings: Settings) -> None:
    keep_secret(settings, "oidc_client_secret")
    config = sign_in_config(described(settings, sign_in="oidc", oidc=OIDC))
    (provider,) = config["OAUTH_PROVIDERS"]
    assert config["AUTH_TYPE"] == const.AUTH_OAUTH
    assert provider["name"] == sign_in.PROVIDER
    assert provider["remote_app"]["client_secret"] == "s3cret"
    assert provider["remote_app"]["server_metadata_url"] == (
        "https://sso.acme.example/realms/staff/.well-known/openid-configuration"
    )
    assert config["AUTH_ROLES_MAPPING"] == {"leads": ["Lead"]}


@pytest.mark.parametrize(
    ("choices", "why"),
    [
        ({"sign_in": "ldap"}, r"no section \[ldap\]"),
        ({"sign_in": "oidc"}, r"no section \[oidc\]"),
        ({"sign_in": "ldap", "ldap": LDAP}, "secret ldap_bind_password is missing"),
        ({"sign_in": "oidc", "oidc": OIDC}, "secret oidc_client_secret is missing"),
    ],
)
def test_half_a_description_is_refused(
    settings: Settings, choices: dict[str, Any], why: str
) -> None:
    with pytest.raises(HelpmartError, match=why):
        sign_in_config(described(settings, **choices))


@pytest.mark.parametrize("role", ["Leads", "Wall screen"])
def test_a_group_leads_to_a_role_for_people(settings: Settings, role: str) -> None:
    keep_secret(settings, "oidc_client_secret")
    wrong = OIDC | {"groups": {"leads": role}}
    with pytest.raises(HelpmartError, match=f"{role}, which is no role for people"):
        sign_in_config(described(settings, sign_in="oidc", oidc=wrong))


def test_an_empty_secret_is_no_secret(settings: Settings) -> None:
    keep_secret(settings, "ldap_bind_password", "\n")
    with pytest.raises(HelpmartError, match="secret ldap_bind_password"):
        sign_in_config(described(settings, sign_in="ldap", ldap=LDAP))


def test_a_package_that_is_missing_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_secret(settings, "ldap_bind_password")
    monkeypatch.setattr(sign_in, "find_spec", lambda _name: None)
    with pytest.raises(HelpmartError, match="python-ldap is not installed") as caught:
        sign_in_config(described(settings, sign_in="ldap", ldap=LDAP))
    assert "pip install" in caught.value.remedy


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (Ldap, LDAP | {"server": "ldap://directory.acme.example"}),
        (Ldap, LDAP | {"server": "directory.acme.example"}),
        (Ldap, LDAP | {"groups": {}}),
        (Ldap, LDAP | {"bind_password": "in the open"}),
        (Oidc, OIDC | {"issuer": "http://sso.acme.example"}),
        (Oidc, OIDC | {"client_id": ""}),
    ],
)
def test_a_directory_in_clear_or_in_half_is_refused(
    kind: type[Ldap | Oidc], wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(wrong)


def test_a_directory_on_this_machine_may_be_plain() -> None:
    assert Ldap.model_validate(LDAP | {"server": "ldap://127.0.0.1:3890"})
    assert Ldap.model_validate(LDAP | {"server": "ldap://ldap.acme.example", "start_tls": True})
