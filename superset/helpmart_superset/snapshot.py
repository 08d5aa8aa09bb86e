"""Which published files this request reads, and a result cache that a publish invalidates.

A publish swaps a symlink. The real path is fixed once a request, so that all statements of one
request and the keys of its cache entries speak of the same build; `page_build` fixes it for a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app, g, has_app_context
from flask_caching.backends.filesystemcache import FileSystemCache

PUBLISHED, HEALTH = "published", "health"
RESOLVED = "helpmart_snapshot"


def published_files() -> dict[str, Path]:
    """The two links that Superset may read, by name."""
    files: dict[str, Path] = current_app.config["HELPMART_FILES"]
    return files


def real_path(name: str) -> Path:
    """The file behind a link, the same for the whole request."""
    if not has_app_context():
        raise RuntimeError("a published file is only resolved inside a request or app context")
    resolved: dict[str, Path] = g.setdefault(RESOLVED, {})
    if name not in resolved:
        resolved[name] = published_files()[name].resolve()
    return resolved[name]


def use(files: Mapping[str, Path]) -> None:
    """Read these files from now on, to the end of the request."""
    g.setdefault(RESOLVED, {}).update(files)


def was_read() -> bool:
    """Whether this request read, or is about to read, a published file."""
    return bool(g.get(RESOLVED))


def snapshot_id() -> str:
    """The ids of both current builds, for cache keys: `<build>.<health>`."""
    return f"{real_path(PUBLISHED).parent.name}.{real_path(HEALTH).parent.name}"


class SnapshotCache(FileSystemCache):  # type: ignore[misc]
    """A file cache whose keys carry the snapshot, so that no result outlives a publish."""

    @classmethod
    def factory(
        cls, _app: Any, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]
    ) -> SnapshotCache:
        args.insert(0, config["CACHE_DIR"])
        kwargs.update(threshold=config["CACHE_THRESHOLD"], mode=0o600)
        return cls(*args, **kwargs)

    def get(self, key: str) -> Any:
        return super().get(_keyed(key))

    # `mgmt_element` marks the cache's own file counter, which belongs to no snapshot.
    def set(
        self, key: str, value: Any, timeout: int | None = None, mgmt_element: bool = False
    ) -> Any:
        return super().set(key if mgmt_element else _keyed(key), value, timeout, mgmt_element)

    def add(self, key: str, value: Any, timeout: int | None = None) -> Any:
        return super().add(_keyed(key), value, timeout)

    def delete(self, key: str, mgmt_element: bool = False) -> Any:
        return super().delete(key if mgmt_element else _keyed(key), mgmt_element)

    def has(self, key: str) -> Any:
        return super().has(_keyed(key))


def _keyed(key: str) -> str:
    return f"{snapshot_id()}:{key}"
