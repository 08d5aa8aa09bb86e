"""DuckDB as Superset may use it: two read-only files, no host, no settings, SELECT only.

Superset itself does not protect DuckDB. The barrier is the configuration below, which DuckDB
enforces and locks; the checks of statements are a second layer in front of it.
"""

from __future__ import annotations

import atexit
import os
import threading
from pathlib import Path
from typing import Any

import duckdb
from flask import current_app
from sqlalchemy import create_engine
from sqlalchemy.engine.url import URL
from sqlalchemy.pool import NullPool

from helpmart_superset import snapshot

# DuckDB refuses a second connection to a file with another configuration, so there is one for all.
LOCKED_CONFIG: dict[str, Any] = {
    "enable_external_access": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
    "python_enable_replacements": False,
    "memory_limit": "2GB",
    "threads": 2,
    # Spilling has no enforceable size limit, so an over-large query fails in memory instead.
    "temp_directory": "",
    "lock_configuration": True,
}

DENIED_FUNCTIONS = frozenset(
    {
        "current_setting",
        "duckdb_databases",
        "duckdb_extensions",
        "duckdb_logs",
        "duckdb_memory",
        "duckdb_secrets",
        "duckdb_settings",
        "duckdb_temporary_files",
        "enable_logging",
        "getenv",
        "getvariable",
        "glob",
        "parquet_file_metadata",
        "parquet_kv_metadata",
        "parquet_metadata",
        "parquet_scan",
        "parquet_schema",
        "pragma_database_size",
        "pragma_storage_info",
        "pragma_user_agent",
        "pragma_version",
        "query",
        "query_table",
        "read_blob",
        "read_csv",
        "read_csv_auto",
        "read_duckdb",
        "read_json",
        "read_json_auto",
        "read_json_objects",
        "read_json_objects_auto",
        "read_ndjson",
        "read_ndjson_auto",
        "read_ndjson_objects",
        "read_parquet",
        "read_text",
        "sniff_csv",
        "which_secret",
        "write_log",
    }
)
DENIED_TABLES = frozenset({"duckdb_logs", "pg_settings", "sqlite_master"})


def _refused(message: str) -> Exception:
    from superset.errors import ErrorLevel, SupersetError, SupersetErrorType
    from superset.exceptions import SupersetSecurityException

    error = SupersetError(
        message=message,
        error_type=SupersetErrorType.DML_NOT_ALLOWED_ERROR,
        level=ErrorLevel.ERROR,
    )
    return SupersetSecurityException(error)


def _link_name(uri: URL) -> str:
    """Which of the published links a URI means; anything else is refused."""
    if uri.drivername == "duckdb" and not uri.query:
        for name, link in snapshot.published_files().items():
            if uri.database == str(link):
                return name
    raise _refused("Only helpmart's published files can be used as a database.")


def validate_uri(uri: URL) -> None:
    """DB_SQLA_URI_VALIDATOR: refuse every database but the published files."""
    _link_name(uri)


def lock_connection(
    uri: URL, _params: dict[str, Any], _username: str, _security_manager: Any, _source: Any
) -> tuple[URL, dict[str, Any]]:
    """DB_CONNECTION_MUTATOR: the real file behind the link, read-only and locked.

    Whatever an administrator stored with the connection is replaced, not merged.
    """
    name = _link_name(uri)
    path = snapshot.real_path(name)
    if not path.is_file():
        from superset.db_engine_specs.exceptions import SupersetDBAPIConnectionError

        raise SupersetDBAPIConnectionError(
            "Nothing has been published yet. Run `helpmart run` and reload this page."
        )
    real, params = locked(path)
    # A page on the build before must not close what all others read.
    if path == snapshot.published_files()[name].resolve():
        _keep_open(real, params)
    return real, params


def locked(path: Path) -> tuple[URL, dict[str, Any]]:
    """Address and parameters of an engine on a published file, locked down."""
    params = {
        "poolclass": NullPool,
        "connect_args": {"read_only": True, "config": dict(LOCKED_CONFIG)},
    }
    return URL.create("duckdb", database=str(path)), params


_open_lock = threading.Lock()
_open: dict[str, tuple[int, str, Any]] = {}


def _keep_open(uri: URL, params: dict[str, Any]) -> None:
    """Hold one idle connection a file and process: opening costs 30 ms, a second one 0.5 ms."""
    stem = Path(uri.database).stem
    with _open_lock:
        pid, path, connection = _open.get(stem, (0, "", None))
        if (pid, path) == (os.getpid(), uri.database):
            return
        _open[stem] = (os.getpid(), uri.database, create_engine(uri, **params).raw_connection())
        if pid == os.getpid():
            connection.close()  # a query under way holds its own connection to the old build


@atexit.register
def _close_all() -> None:
    for pid, _path, connection in _open.values():
        if pid == os.getpid():
            connection.close()


def select_only(sql: str, database: Any = None, **_context: Any) -> str:
    """SQL_QUERY_MUTATOR: refuse all but SELECT, by DuckDB's own parser, and denied functions.

    Superset looks for denied functions in SQL Lab alone; this also covers charts and filters.
    """
    if database is None or database.backend != "duckdb":
        return sql
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.ParserException:
        return sql  # DuckDB will report the same error, with the place
    for statement in statements:
        if statement.type != duckdb.StatementType.SELECT:
            raise _refused(f"Only SELECT is allowed here, not {statement.type.name}.")
    _refuse_denied_functions(sql)
    return sql


def _refuse_denied_functions(sql: str) -> None:
    from superset.sql.parse import SQLScript

    script = SQLScript(sql, "duckdb")
    if script.check_functions_present(set(DENIED_FUNCTIONS)):
        raise _refused("This query uses a function that reads settings or files of the host.")


def install_statement_timeout() -> None:
    """Interrupt statements that run too long: signals do not work in gunicorn's threads."""
    from superset.db_engine_specs.duckdb import DuckDBEngineSpec

    original = DuckDBEngineSpec.execute.__func__
    if getattr(original, "is_helpmart", False):
        return

    def execute(cls: Any, cursor: Any, query: str, database: Any, **kwargs: Any) -> None:
        seconds: float = current_app.config["HELPMART_STATEMENT_SECONDS"]
        timer = threading.Timer(seconds, cursor.connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            original(cls, cursor, query, database, **kwargs)
        except Exception as error:
            if "INTERRUPT" in str(error):
                raise TimeoutError(f"Stopped after {seconds:g} seconds; narrow it down.") from error
            raise
        finally:
            timer.cancel()

    execute.is_helpmart = True  # type: ignore[attr-defined]
    DuckDBEngineSpec.execute = classmethod(execute)
