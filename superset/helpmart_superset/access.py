"""The security manager: whoever is fenced sees no row that a filter of ours does not open.

Superset by itself shows all rows of a dataset for which it holds no filter, such as one that an
analyst made yesterday. Here the absence of a filter means no rows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import current_app, g, has_request_context
from superset.security import SupersetSecurityManager

from pipelines.dashboards.access.policies import load_policies
from pipelines.dashboards.access.rows import GROUP, rows_role
from pipelines.dashboards.access.sign_in import PROVIDER

FENCED = frozenset(load_policies().fenced)


class _NoRows(NamedTuple):
    """Looks like a stored filter, also to the cache: a result under it is never another's."""

    id: int = 0
    group_key: str = GROUP
    clause: str = "1 = 0"


class HelpmartSecurityManager(SupersetSecurityManager):  # type: ignore[misc]
    """CUSTOM_SECURITY_MANAGER."""

    def get_user_roles(self, user: Any = None) -> list[Any]:
        """A directory gives roles alone; a user's rows are kept in the role of his or her name."""
        user = user or g.user
        roles: list[Any] = super().get_user_roles(user)
        if user.is_anonymous or not FENCED & {role.name for role in roles}:
            return roles
        own = self.find_role(rows_role(user.username))
        return roles if own is None or own in roles else [*roles, own]

    def exist_permission_on_roles(
        self, view_name: str, permission_name: str, role_ids: list[int]
    ) -> bool:
        """Superset asks the same a dozen times for one chart; here once a request."""
        ask = super().exist_permission_on_roles
        if not has_request_context():
            return bool(ask(view_name, permission_name, role_ids))
        known: dict[tuple[str, str, tuple[int, ...]], bool] = g.setdefault("helpmart_permits", {})
        asked = (view_name, permission_name, tuple(role_ids))
        if asked not in known:
            known[asked] = bool(ask(view_name, permission_name, role_ids))
        return known[asked]

    def get_rls_filters(self, table: Any) -> list[Any]:
        filters = list(super().get_rls_filters(table))
        if not self.is_fenced() or any(found.group_key == GROUP for found in filters):
            return filters
        return [*filters, _NoRows()]

    def is_fenced(self) -> bool:
        """Whether the user of this request sees some rows only."""
        user = getattr(g, "user", None)
        if user is None or user.is_anonymous:
            return False
        return bool(FENCED & {role.name for role in super().get_user_roles(user)})

    def get_oauth_user_info(self, provider: str, resp: dict[str, Any]) -> dict[str, Any]:
        """What the company's directory says about who signs in."""
        if provider != PROVIDER:
            found: dict[str, Any] = super().get_oauth_user_info(provider, resp)
            return found
        claims = resp.get("userinfo") or self.oauth_remotes[provider].userinfo()
        names = current_app.config["HELPMART_OIDC_CLAIMS"]
        return {
            "username": claims[names["username"]],
            "first_name": claims.get("given_name", ""),
            "last_name": claims.get("family_name", ""),
            "email": claims.get("email", ""),
            "role_keys": claims.get(names["groups"], []),
        }
