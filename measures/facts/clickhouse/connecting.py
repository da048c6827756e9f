"""How ClickHouse is connected to: what the settings say of it, checked before anything is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from measures.errors import ExtraMissing
from runtime.errors import WrongSetting
from runtime.settings import Settings
from runtime.vouching import secret_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

LONGEST_S: Final = 60
"""Seconds that an answer is waited for."""
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def connecting(settings: Settings) -> Callable[[], Client] | None:
    """Return what connects to the ClickHouse that the settings name; None where they name none.

    Raises:
        WrongSetting: its address is not fit, or its password is not where the settings say.
        ExtraMissing: its client is not installed.
    """
    if settings.clickhouse is None:
        return None
    try:
        import clickhouse_connect
        import sqlglot
    except ImportError as error:
        raise ExtraMissing(
            {
                "fr": "Il manque une bibliothèque : installez parcours[clickhouse].",
                "en": "A library is missing: install parcours[clickhouse].",
            }
        ) from error
    del sqlglot
    where = _address(settings.clickhouse)
    password = secret_of(settings.clickhouse_password, setting="clickhouse_password")

    def connect() -> Client:
        # Without a session of its own a client may be asked several things at once.
        return clickhouse_connect.get_client(
            host=where.hostname,
            port=where.port,
            username=where.username,
            password=password or "",
            database=where.path.strip("/") or "default",
            secure=where.scheme == "https",
            connect_timeout=5,
            send_receive_timeout=LONGEST_S,
            autogenerate_session_id=False,
        )

    return connect


def _address(text: str) -> SplitResult:
    try:
        found = urlsplit(text)
        is_safe = found.scheme == "https" or (
            found.scheme == "http" and found.hostname in _LOOPBACK
        )
        is_fit = is_safe and bool(found.hostname) and found.port != 0
    except ValueError:
        found, is_fit = urlsplit(""), False
    if not is_fit or found.password is not None or found.query or found.fragment:
        raise WrongSetting(
            {
                "fr": "Réglage « clickhouse » : https://utilisateur@machine:port/base (http:// sur "
                "cette machine seulement), sans mot de passe : clickhouse_password dit où il est.",
                "en": "Setting `clickhouse`: https://user@host:port/database (http:// on this "
                "machine alone), without a password: clickhouse_password says where it is.",
            },
            setting="clickhouse",
        )
    return found
