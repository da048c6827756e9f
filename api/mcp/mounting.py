"""Where language models come in: one address, open to bots alone, if the extra is installed."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from api import json_guard
from api.bodies import check_media_type, read_body
from api.problems import Problem, Reply
from api.serving import problem_of
from runtime.access import authorize
from runtime.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from api.exchange import Exchange

PATH: Final = "/mcp"


def is_installed() -> bool:
    """Return whether the extra `mcp` is there."""
    return find_spec("mcp") is not None


async def answer(exchange: Exchange) -> Reply:
    """Return what a message of the protocol is answered with.

    Raises:
        Problem: whoever sent it is no bot, or it is no JSON we accept.
    """
    exchange.operation = "mcp"
    try:
        authorize(exchange.actor, "mcp.use")
    except Failure as failure:
        raise problem_of(failure) from failure
    check_media_type(exchange.headers)
    body = await read_body(exchange.receive, exchange.headers, limit=exchange.context.body_limit)
    try:
        json_guard.parse(body)
    except json_guard.MalformedJson as wrong:
        raise Problem("request.malformed", params={"why": wrong.why}) from None
    # The library takes most of a second to load: only where it is used, and beside the loop.
    answering = await asyncio.to_thread(_load)
    return await answering(exchange, body)


def _load() -> Callable[[Exchange, bytes], Awaitable[Reply]]:
    from api.mcp import door

    return door.answer
