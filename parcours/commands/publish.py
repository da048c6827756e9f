"""`parcours publish`: a library made live."""

import os
from contextlib import closing
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from authoring.check import check
from authoring.findings import has_errors, to_text
from authoring.load import load_folder
from parcours.client import Client
from parcours.excerpt import summary
from parcours.language import language
from parcours.libraries import texts_of
from parcours.places import library_folder
from parcours.services import failures_told, run
from parcours.stops import FOUND, Stop
from runtime.access import Actor
from runtime.revisions import Published
from runtime.settings import Settings, load_settings
from runtime.store.lock import holder
from runtime.upgrade import is_postgres
from runtime.wiring import open_service

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

KEY = "PARCOURS_KEY"


@app.command()
def publish(
    path: Annotated[
        Path | None, typer.Argument(help="The library's folder (default: this one, or the demo).")
    ] = None,
    *,
    to: Annotated[
        str | None, typer.Option(help="The address of a service; without it, its database.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help=f"An author's key for that service (or ${KEY}).")
    ] = None,
    tenant: Annotated[str, typer.Option(help="For whom, without --to.")] = "default",
    database: Annotated[
        str | None, typer.Option(help="A SQLite file, or postgresql://user@host/name.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="fr or en (default: LANG's).")] = None,
) -> None:
    """Check a library and make it live; sessions already begun keep the revision they began with.

    A SQLite file that a service holds is reached through that service, with a key.
    Exit code: 1 when the checker finds an error, and then nothing is published.
    """
    asked = language(lang)
    folder = library_folder(path)
    findings = check(load_folder(folder))
    print(to_text(findings), end="")
    if has_errors(findings):
        print(summary(findings, asked=asked))
        raise typer.Exit(FOUND)
    with failures_told():
        settings = load_settings(database=database, background=False)
    address = to or _running(settings)
    if address is not None:
        published = _through(address, key or os.environ.get(KEY), folder, asked)
    else:
        published = run(_into(settings, folder, tenant))
    print(f"{published.library} {published.number}  {published.hash}")


def _running(settings: Settings) -> str | None:
    """Return the address of the service that holds the SQLite file, if one does."""
    if is_postgres(settings.database):
        return None
    return holder(Path(settings.database)).get("address") or None


async def _into(settings: Settings, folder: Path, tenant: str) -> Published:
    async with open_service(settings) as service:
        actor = Actor(tenant, "admin", "command-line")
        return await service.revisions.publish(actor, texts_of(folder))


def _through(address: str, key: str | None, folder: Path, asked: str) -> Published:
    if key is None:
        raise Stop(
            fr=f"Le service {address} demande une clé d'auteur : --key, ou ${KEY}.",
            en=f"The service at {address} wants an author's key: --key, or ${KEY}.",
        )
    parts = urlsplit(address if "//" in address else f"//{address}")
    if not parts.hostname:
        raise Stop(fr=f"{address} n'est pas une adresse.", en=f"{address} is not an address.")
    with closing(
        Client(parts.hostname, parts.port, key=key, language=asked, tls=parts.scheme == "https")
    ) as client:
        body = client.post("/v1/libraries", {"files": texts_of(folder)}, expect=201).body
    return Published(body["library"], body["revision"], body["number"])
