"""Settings of a company's own directory, by which people may sign in: LDAP or OpenID Connect.

What belongs here: what an installation says about its directory, and what is refused at once. How
Superset is told belongs to `pipelines.dashboards.access.sign_in`. Passwords are never settings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class _Directory(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    groups: dict[str, str] = Field(
        min_length=1, description="role of Superset by group of the directory; others get no role"
    )


class Ldap(_Directory):
    """`[ldap]` of helpmart.toml."""

    server: str = Field(pattern=r"^ldaps?://[^/]+")
    start_tls: bool = False
    ca_file: Path | None = None
    search_base: str = Field(min_length=3, description="such as ou=people,dc=acme,dc=example")
    search_filter: str = ""
    bind_user: str = Field(min_length=1, description="who may look people up")
    user_field: str = "uid"
    group_field: str = "memberOf"
    first_name_field: str = "givenName"
    last_name_field: str = "sn"
    email_field: str = "mail"

    @model_validator(mode="after")
    def _passwords_travel_encrypted(self) -> Self:
        address = urlsplit(self.server)
        if address.scheme == "ldap" and not self.start_tls and address.hostname not in LOOPBACK:
            raise ValueError("passwords would travel in clear; write ldaps://… or start_tls = true")
        return self


class Oidc(_Directory):
    """`[oidc]` of helpmart.toml."""

    issuer: str = Field(pattern=r"^https?://[^/]+", description="without /.well-known/…")
    client_id: str = Field(min_length=1)
    label: str = "Company account"
    scope: str = "openid email profile"
    username_claim: str = "preferred_username"
    groups_claim: str = "groups"

    @model_validator(mode="after")
    def _tokens_travel_encrypted(self) -> Self:
        address = urlsplit(self.issuer)
        if address.scheme == "http" and address.hostname not in LOOPBACK:
            raise ValueError("tokens would travel in clear; the issuer has to be https://…")
        return self
