"""`parcours publish`: a library made live."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from authoring.check import check
from authoring.findings import has_errors, to_text
from authoring.load import load_folder
from parcours.excerpt import summary
from parcours.language import language
from parcours.libraries import texts_of
from parcours.options import KEY, Database, Lang
from parcours.places import library_folder
from parcours.reaching import client_of, running
from parcours.services import failures_told, run
from parcours.stops import FOUND
from runtime.access import Actor
from runtime.revisions import Published
from runtime.settings import Settings, load_settings
from runtime.wiring import open_service

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


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
    database: Database = None,
    lang: Lang = None,
) -> None:
    """Check a library and make it live; sessions already begun keep the revision they began with.

    A SQLite file that a service holds is reached through that service, with a key.
    Exit code: 1 when the checker finds an error, and then nothing is published.
    """
    asked = language(lang)
    folder = library_folder(path)
    findings = check(load_folder(folder))
    print(to_text([replace(one, file=(folder / one.file).as_posix()) for one in findings]), end="")
    if has_errors(findings):
        print(summary(findings, asked=asked))
        raise typer.Exit(FOUND)
    with failures_told():
        settings = load_settings(database=database, background=False)
    address = to or running(settings)
    if address is not None:
        published = _through(address, key, folder, asked)
    else:
        published = run(_into(settings, folder, tenant))
    print(f"{published.library} {published.number}  {published.hash}")


async def _into(settings: Settings, folder: Path, tenant: str) -> Published:
    async with open_service(settings) as service:
        actor = Actor(tenant, "admin", "command-line")
        return await service.revisions.publish(actor, texts_of(folder))


def _through(address: str, key: str | None, folder: Path, asked: str) -> Published:
    whose = {"fr": "d'auteur", "en": "an author's"}
    with closing(client_of(address, key, asked, whose=whose)) as client:
        body = client.post("/v1/libraries", {"files": texts_of(folder)}, expect=201).body
    return Published(body["library"], body["revision"], body["number"])
