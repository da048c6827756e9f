"""`parcours bridge`: a chat account whose messages are answered by journeys."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import closing
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parcours.bridge.channels import check_channel
from parcours.bridge.turns import Turns
from parcours.language import in_words, language
from parcours.options import KEY, Lang
from parcours.reaching import client_of
from parcours.stops import FOUND, Stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.desks import Desk
    from connectors.xmpp import Account

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Answer the messages of a chat account with journeys, by the turns of a service.",
)
WHOSE = {"fr": "de bot", "en": "a bot's"}
PASSWORD = "PARCOURS_XMPP_PASSWORD"  # noqa: S105 - the variable's name
TOKEN = "PARCOURS_CHATWOOT_TOKEN"  # noqa: S105 - the variable's name
SECRET = "PARCOURS_CHATWOOT_SECRET"  # noqa: S105 - the variable's name
ZAMMAD_TOKEN = "PARCOURS_ZAMMAD_TOKEN"  # noqa: S105 - the variable's name
ZAMMAD_SECRET = "PARCOURS_ZAMMAD_SECRET"  # noqa: S105 - the variable's name
SAID = {
    "connected": {"fr": "connecté", "en": "connected"},
    "lost": {"fr": "connexion perdue", "en": "connection lost"},
    "no-archive": {
        "fr": "le serveur ne tient pas d'archive (XEP-0313) : un message dont la réponse se perd "
        "n'est pas repris",
        "en": "the server keeps no archive (XEP-0313): a message whose reply is lost is not taken "
        "up again",
    },
    "no-answer": {"fr": "le service ne répond pas", "en": "the service does not answer"},
}


@app.callback()
def bridge() -> None:
    """Answer the messages of a chat account with journeys."""


@app.command()
def xmpp(
    jid: Annotated[str, typer.Argument(help="The account, bot@chat.example.")],
    *,
    to: Annotated[str, typer.Option(help="The address of the service.")],
    key: Annotated[str | None, typer.Option(help=f"A bot's key for it (or ${KEY}).")] = None,
    server: Annotated[
        str | None, typer.Option(help="host:port of the chat server (default: by the name).")
    ] = None,
    authorities: Annotated[
        Path | None,
        typer.Option(help="Who vouches for its certificate (default: the machine's list)."),
    ] = None,
    channel: Annotated[str, typer.Option(help="The libraries' channel it is.")] = "chat",
    journey: Annotated[
        str | None, typer.Option(help="The journey of a new conversation, without its asking.")
    ] = None,
    back_h: Annotated[
        float, typer.Option("--back", min=0, help="Hours back to look for unanswered messages.")
    ] = 24.0,
    lang: Lang = None,
) -> None:
    """Answer an account of an XMPP server until stopped; $PARCOURS_XMPP_PASSWORD lets it in.

    Nothing is kept here: what was answered is read in the server's archive (XEP-0313), so that a
    bridge that was stopped, or killed, goes on without losing a message or answering one twice.
    """
    asked = language(lang)
    if find_spec("slixmpp") is None:
        raise Stop(
            fr="Il manque l'extra « xmpp » : pip install parcours[xmpp].",
            en="The extra “xmpp” is missing: pip install parcours[xmpp].",
        )
    password = _secret(PASSWORD)
    turns = _turns(Turns(
        open_client=lambda: client_of(to, key, asked, whose=WHOSE), told=_teller(asked),
        channel=channel, journey=journey, language=asked,
    ))  # fmt: skip
    from connectors.xmpp import Account

    host, port = (None, None) if server is None else _address("--server", server)
    account = Account(
        jid=jid, password=password, host=host, port=port, authorities=authorities,
        back=timedelta(hours=back_h),
    )  # fmt: skip
    asyncio.run(_attend(account, turns))


@app.command()
def chatwoot(
    url: Annotated[str, typer.Argument(help="Where Chatwoot is, https://chat.example.")],
    *,
    account: Annotated[str, typer.Option(help="The number of the account there.")],
    to: Annotated[str, typer.Option(help="The address of the service.")],
    key: Annotated[str | None, typer.Option(help=f"A bot's key for it (or ${KEY}).")] = None,
    listen: Annotated[
        str, typer.Option(help="host:port to be told at; put TLS in front of it.")
    ] = "127.0.0.1:8090",
    channel: Annotated[str, typer.Option(help="The libraries' channel it is.")] = "chat",
    journey: Annotated[
        str | None, typer.Option(help="The journey of a new conversation, without its asking.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Answer the conversations of a Chatwoot that its agent bot has, until stopped.

    $PARCOURS_CHATWOOT_TOKEN is the bot's access token, $PARCOURS_CHATWOOT_SECRET what it signs its
    webhooks with. Nothing is kept here: what was answered is read in each conversation.
    """
    from connectors.chatwoot import Chatwoot

    asked = language(lang)
    token, secret = _secret(TOKEN), _secret(SECRET)
    turns = _turns(Turns(
        open_client=lambda: client_of(to, key, asked, whose=WHOSE), told=_teller(asked),
        channel=channel, journey=journey, language=asked,
    ))  # fmt: skip
    _hear(Chatwoot(url=url, account=account, token=token), turns, secret=secret, listen=listen)


@app.command()
def zammad(
    url: Annotated[str, typer.Argument(help="Where Zammad is, https://desk.example.")],
    *,
    group: Annotated[str, typer.Option(help="The group of people that tickets are given to.")],
    to: Annotated[str, typer.Option(help="The address of the service.")],
    owner: Annotated[
        str | None, typer.Option(help="The login that a ticket given to people gets as owner.")
    ] = None,
    state: Annotated[
        str | None, typer.Option(help="The state that a ticket given to people gets.")
    ] = None,
    key: Annotated[str | None, typer.Option(help=f"A bot's key for it (or ${KEY}).")] = None,
    listen: Annotated[
        str, typer.Option(help="host:port to be told at; put TLS in front of it.")
    ] = "127.0.0.1:8090",
    channel: Annotated[str, typer.Option(help="The libraries' channel it is.")] = "email",
    journey: Annotated[
        str | None, typer.Option(help="The journey of a new ticket, without its asking.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Answer the tickets of a Zammad that no person has, until stopped.

    $PARCOURS_ZAMMAD_TOKEN is an access token of a user of the bridge's own, an agent;
    $PARCOURS_ZAMMAD_SECRET what the webhook is signed with. Nothing is kept here: what was answered
    is read in each ticket.
    """
    from connectors.zammad import Zammad
    from parcours.bridge.words import said_in

    asked = language(lang)
    token, secret = _secret(ZAMMAD_TOKEN), _secret(ZAMMAD_SECRET)
    turns = _turns(Turns(
        open_client=lambda: client_of(to, key, asked, whose=WHOSE), told=_teller(asked),
        channel=channel, journey=journey, language=asked,
    ))  # fmt: skip
    named = {"group": group, "owner": owner, "state": state}
    given = {part: name for part, name in named.items() if name is not None}
    desk = Zammad(url=url, token=token, me=_own_id(url, token), given=given, words=said_in)
    _hear(desk, turns, secret=secret, listen=listen)


def _own_id(url: str, token: str) -> int:
    from connectors.desks import NotReached
    from connectors.zammad import own_id

    try:
        return asyncio.run(own_id(url, token))
    except NotReached as fault:
        raise Stop(
            fr=f"Zammad ({url}) ne répond pas, ou refuse le jeton : {fault}.",
            en=f"Zammad ({url}) does not answer, or refuses the token: {fault}.",
            code=FOUND,
        ) from None


def _hear(desk: Desk, turns: Turns, *, secret: str, listen: str) -> None:
    import uvicorn

    from parcours.bridge.hooks import Hooks

    host, port = _address("--listen", listen)
    app = Hooks(desk, turns, secrets=[secret])
    uvicorn.run(app, host=host, port=port, log_level="warning", lifespan="off")


def _secret(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise Stop(fr=f"${variable} n'est pas défini.", en=f"${variable} is not set.")
    return value


def _teller(asked: str) -> Callable[[str], None]:
    def told(code: str) -> None:
        typer.echo(in_words(SAID[code], asked) if code in SAID else code, err=True)

    return told


def _turns(turns: Turns) -> Turns:
    """Return turns that the service takes: a wrong key or channel is told before anybody writes."""
    with closing(turns.open_client()) as client:
        for said in check_channel(client, channel=turns.channel, journey=turns.journey):
            typer.echo(in_words(said, turns.language), err=True)
    return turns


async def _attend(account: Account, turns: Turns) -> None:
    from connectors.xmpp import NotLetIn, Replaced, attend

    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    try:
        await attend(account, turns.take, closing=over, told=turns.told)
    except NotLetIn:
        raise Stop(
            fr=f"Le serveur refuse {account.jid} : compte ou mot de passe.",
            en=f"The server does not let {account.jid} in: account or password.",
            code=FOUND,
        ) from None
    except Replaced:
        raise Stop(
            fr=f"{account.jid} est pris par un autre pont : celui-ci s'arrête.",
            en=f"Another bridge took {account.jid}: this one stops.",
            code=FOUND,
        ) from None


def _address(option: str, named: str) -> tuple[str, int]:
    host, _, port = named.rpartition(":")
    if not host or not port.isdigit():
        raise Stop(
            fr=f"{option} : {named} n'est pas hôte:port.", en=f"{option}: {named} is not host:port."
        )
    return host.strip("[]"), int(port)
