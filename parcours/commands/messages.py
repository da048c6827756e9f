"""`parcours messages`: e-mails and letters taken in from files, from a mailbox, from a pipe."""

import base64
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from parcours.language import in_words
from parcours.reaching import Reached, reach
from parcours.services import run
from parcours.stops import Stop
from runtime.post.mail import read_mail, tidy
from runtime.post.messages import Letter
from runtime.post.rows import STATES
from runtime.post.words import NoSender
from runtime.wiring import Service, open_service

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Take e-mails and letters in, and list them. "
    "A SQLite file that a service holds is reached through it, with a key.",
)

_PATH: Final = "/v1/messages"
_PIPE: Final = "-"
_SEEN: Final = ":2,S"
"""How a Maildir marks the name of a message that was read."""


app.callback()(reach)


@app.command()
def take(
    ctx: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(help="E-mails as files (.eml); - reads one from a pipe.")
    ] = None,
    *,
    maildir: Annotated[
        Path | None, typer.Option(help="A Maildir: what is new in it, marked as read once taken.")
    ] = None,
) -> None:
    """Take e-mails in, each once: those of files, of a pipe, or what is new in a Maildir.

    A mail server pipes each message to `parcours messages take -`; a Maildir may be gone through
    as often as wanted.
    """
    there: Reached = ctx.obj
    if not files and maildir is None:
        raise Stop(
            fr="Donnez des fichiers, - ou --maildir.", en="Give files, -, or --maildir.",
        )  # fmt: skip
    whole = [*(_read(name) for name in files or ()), *_new(maildir)]
    taken = _taken(there, [content for content, _ in whole])
    for (_, path), one in zip(whole, taken, strict=True):
        if isinstance(one, str):
            typer.echo(f"{path or _PIPE}: {one}", err=True)
            continue
        print(_line(one))
        if path is not None and maildir is not None and path.parent.name == "new":
            path.rename(path.parent.parent / "cur" / f"{path.name}{_SEEN}")
    if any(isinstance(one, str) for one in taken):
        raise typer.Exit(1)


@app.command()
def letter(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="The letter's text, a file; - reads a pipe.")],
    *,
    name: Annotated[str, typer.Option(help="Who wrote it.")] = "",
    reference: Annotated[
        str | None, typer.Option(help="What the scanner calls it, so that it is taken once.")
    ] = None,
    customer: Annotated[str | None, typer.Option(help="Whose it is: cus_…")] = None,
    answers: Annotated[str | None, typer.Option(help="Our message it answers: msg_…")] = None,
) -> None:
    """Take a letter in, its text scanned or typed."""
    there: Reached = ctx.obj
    body = {"text": tidy(_read(text)[0].decode("utf-8", "replace")), "name": name,
            "reference": reference, "customer": customer, "answers": answers}  # fmt: skip
    if there.client is not None:
        with closing(there.client) as client:
            told = {key: value for key, value in body.items() if value}
            print(_line(client.post(_PATH, {"letter": told}, expect=201).body))
        return

    async def do() -> dict[str, Any]:
        async with open_service(there.settings) as service:
            given: dict[str, Any] = body
            return await service.post.messages.take_letter(there.actor, Letter(**given))

    print(_line(run(do())))


@app.command("list")
def list_messages(
    ctx: typer.Context,
    *,
    status: Annotated[str, typer.Option(help="new, open, answered, ignored, failed …")] = "new",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, newest first.")] = 50,
) -> None:
    """List messages: by default those that nobody has opened."""
    there: Reached = ctx.obj
    if status not in STATES:
        allowed = ", ".join(STATES)
        raise Stop(
            fr=f"--status : {status} n'est pas un état ; permis : {allowed}.",
            en=f"--status: {status} is not a state; allowed: {allowed}.",
        )
    if there.client is not None:
        with closing(there.client) as client:
            query = f"?status={quote(status, safe='')}&limit={limit}"
            found = client.get(f"{_PATH}{query}").body["items"]
    else:

        async def read() -> list[dict[str, Any]]:
            async with open_service(there.settings) as service:
                return await service.post.messages.newest(there.actor, status=status, limit=limit)

        found = run(read())
    for one in found:
        print(_line(one))
    if not found:
        said = {"fr": "aucun message", "en": "no message"}
        typer.echo(in_words(said, there.language), err=True)


def _taken(there: Reached, contents: list[bytes]) -> list[dict[str, Any] | str]:
    """Return each message as it was taken in, or why it was not."""
    if there.client is not None:
        found: list[dict[str, Any] | str] = []
        with closing(there.client) as client:
            for content in contents:
                body = {"mail": base64.b64encode(content).decode("ascii")}
                answer = client.send(_PATH, body)
                told = answer.body if isinstance(answer.body, dict) else {}
                refused = str(told.get("detail") or answer.status)
                found.append(told if answer.status == 201 else refused)
        return found

    async def one(service: Service, content: bytes) -> dict[str, Any] | str:
        try:
            return await service.post.messages.take_mail(there.actor, read_mail(content))
        except NoSender as unreadable:
            return in_words(unreadable.message, there.language)

    async def do() -> list[dict[str, Any] | str]:
        async with open_service(there.settings) as service:
            return [await one(service, content) for content in contents]

    return run(do())


def _read(name: str) -> tuple[bytes, Path | None]:
    if name == _PIPE:
        return sys.stdin.buffer.read(), None
    path = Path(name)
    try:
        return path.read_bytes(), path
    except OSError as error:
        raise Stop(fr=f"{name} : {error.strerror}.", en=f"{name}: {error.strerror}.") from None


def _new(maildir: Path | None) -> Iterator[tuple[bytes, Path | None]]:
    if maildir is None:
        return
    if not (maildir / "new").is_dir() or not (maildir / "cur").is_dir():
        raise Stop(fr=f"{maildir} n'est pas un Maildir.", en=f"{maildir} is not a Maildir.")
    for path in sorted((maildir / "new").iterdir()):
        yield _read(str(path))


def _line(one: dict[str, Any]) -> str:
    who = one["from"] or one["name"] or "-"
    machine = f" ({one['machine']})" if one["machine"] else ""
    return f"{one['id']}  {one['kind']}  {one['status']}{machine}  {who}  {one['subject']}"
