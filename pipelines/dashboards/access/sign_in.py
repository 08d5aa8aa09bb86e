"""How people prove who they are, as configuration of Superset: passwords, LDAP or OpenID Connect.

Read by Superset's process when it starts. Whatever is incomplete stops the start with a sentence,
since a half-configured directory would let in nobody or, worse, anybody.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from pipelines.dashboards.access.policies import ADMIN, WALL_SCREEN, Policies, load_policies
from pipelines.dashboards.environment import read_secret
from pipelines.directory import Ldap, Oidc
from pipelines.errors import ExitCode, HelpmartError
from pipelines.settings import SETTINGS_FILE, Settings

# Flask-AppBuilder's numbers; its own constants come with the whole framework.
AUTH_DB, AUTH_LDAP, AUTH_OAUTH = 1, 2, 4
PROVIDER = "oidc"
LDAP_SECRET, OIDC_SECRET = "ldap_bind_password", "oidc_client_secret"
NOBODY = "Public"


def sign_in_config(settings: Settings) -> dict[str, Any]:
    """Superset's AUTH_* configuration.

    Raises:
        HelpmartError: a section, secret, package or role is missing; the error says which.
    """
    policies = load_policies()
    config: dict[str, Any] = {"AUTH_ROLE_PUBLIC": WALL_SCREEN if settings.wall_screen else NOBODY}
    if settings.sign_in == "ldap":
        return config | _ldap(settings, settings.ldap or _missing("ldap"), policies)
    if settings.sign_in == "oidc":
        return config | _oidc(settings, settings.oidc or _missing("oidc"), policies)
    return config | {"AUTH_TYPE": AUTH_DB}


def _ldap(settings: Settings, ldap: Ldap, policies: Policies) -> dict[str, Any]:
    _require_package("ldap", "python-ldap")
    return {
        "AUTH_TYPE": AUTH_LDAP,
        "AUTH_LDAP_SERVER": ldap.server,
        "AUTH_LDAP_USE_TLS": ldap.start_tls,
        "AUTH_LDAP_TLS_DEMAND": True,
        "AUTH_LDAP_ALLOW_SELF_SIGNED": False,
        "AUTH_LDAP_TLS_CACERTFILE": str(ldap.ca_file or ""),
        "AUTH_LDAP_SEARCH": ldap.search_base,
        "AUTH_LDAP_SEARCH_FILTER": ldap.search_filter,
        "AUTH_LDAP_BIND_USER": ldap.bind_user,
        "AUTH_LDAP_BIND_PASSWORD": _secret(settings, LDAP_SECRET),
        "AUTH_LDAP_UID_FIELD": ldap.user_field,
        "AUTH_LDAP_GROUP_FIELD": ldap.group_field,
        "AUTH_LDAP_FIRSTNAME_FIELD": ldap.first_name_field,
        "AUTH_LDAP_LASTNAME_FIELD": ldap.last_name_field,
        "AUTH_LDAP_EMAIL_FIELD": ldap.email_field,
        **_roles(ldap, "ldap", policies),
    }


def _oidc(settings: Settings, oidc: Oidc, policies: Policies) -> dict[str, Any]:
    _require_package("authlib", "Authlib")
    issuer = oidc.issuer.rstrip("/")
    return {
        "AUTH_TYPE": AUTH_OAUTH,
        "OAUTH_PROVIDERS": [
            {
                "name": PROVIDER,
                "icon": "fa-key",
                "token_key": "access_token",
                "remote_app": {
                    "client_id": oidc.client_id,
                    "client_secret": _secret(settings, OIDC_SECRET),
                    "server_metadata_url": f"{issuer}/.well-known/openid-configuration",
                    "client_kwargs": {"scope": oidc.scope},
                },
            }
        ],
        "HELPMART_OIDC_CLAIMS": {"username": oidc.username_claim, "groups": oidc.groups_claim},
        **_roles(oidc, "oidc", policies),
    }


def _roles(directory: Ldap | Oidc, section: str, policies: Policies) -> dict[str, Any]:
    """The directory decides about roles at every sign-in; without a group there is no role."""
    unknown = set(directory.groups.values()) - (policies.roles.keys() | {ADMIN}) | (
        set(directory.groups.values()) & {WALL_SCREEN}
    )
    if unknown:
        raise _incomplete(
            f"[{section}] groups lead to {', '.join(sorted(unknown))}, which is no role for people",
            f"known are {', '.join(sorted({*policies.roles, ADMIN} - {WALL_SCREEN}))}",
        )
    return {
        "AUTH_USER_REGISTRATION": True,
        "AUTH_USER_REGISTRATION_ROLE": NOBODY,
        "AUTH_ROLES_SYNC_AT_LOGIN": True,
        "AUTH_ROLES_MAPPING": {group: [role] for group, role in directory.groups.items()},
    }


def _secret(settings: Settings, name: str) -> str:
    path = settings.paths.secrets / name
    try:
        value = read_secret(settings, name).strip()
    except OSError:
        value = ""
    if not value:
        raise _incomplete(
            f"the secret {name} is missing", f"write it into {path} and `chmod 600` that file"
        )
    return value


def _require_package(module: str, package: str) -> None:
    if find_spec(module) is None:
        raise _incomplete(
            f"the package {package} is not installed",
            f"install it into helpmart's environment: `pip install {package}`",
        )


def _missing(section: str) -> Any:
    raise _incomplete(
        f"sign_in is {section!r}, but there is no section [{section}]",
        "add the section; docs/security.md shows one",
    )


def _incomplete(why: str, remedy: str) -> HelpmartError:
    return HelpmartError(
        what="people cannot sign in by the company's directory",
        where=SETTINGS_FILE,
        why=why,
        remedy=remedy,
        exit_code=ExitCode.SETUP_BROKEN,
    )
