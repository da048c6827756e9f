"""The service a command goes through when it holds the SQLite file itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from parcours.client import Client
from parcours.stops import Stop
from runtime.store.lock import holder
from runtime.upgrade import is_postgres

if TYPE_CHECKING:
    from runtime.settings import Settings

KEY = "PARCOURS_KEY"
"""The variable that holds the key of a command which goes through a service."""


def running(settings: Settings) -> str | None:
    """Return the address of the service that holds the SQLite file, if one does."""
    if is_postgres(settings.database):
        return None
    return holder(Path(settings.database)).get("address") or None


def client_of(address: str, key: str | None, language: str, *, whose: dict[str, str]) -> Client:
    """Return a client of a service, with a key or the variable's.

    `whose` says in both languages which key is wanted: `{"fr": "d'auteur", "en": "an author's"}`.

    Raises:
        Stop: there is no key, or the address is none.
    """
    key = key or os.environ.get(KEY)
    if key is None:
        raise Stop(
            fr=f"Le service {address} demande une clé {whose['fr']} : --key, ou ${KEY}.",
            en=f"The service at {address} wants {whose['en']} key: --key, or ${KEY}.",
        )
    parts = urlsplit(address if "//" in address else f"//{address}")
    if not parts.hostname:
        raise Stop(fr=f"{address} n'est pas une adresse.", en=f"{address} is not an address.")
    return Client(
        parts.hostname, parts.port, key=key, language=language, tls=parts.scheme == "https"
    )
