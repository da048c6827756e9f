"""A helpdesk whose conversations are answered: what any of them is asked, whichever it is.

What is told of a message only says which conversation to look at: what was said, and which of our
replies stand in it, is read there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Protocol

import httpx

from connectors.answering import Written

TIMEOUT_S: Final = 10.0


class NotReached(Exception):
    """A helpdesk did not do what it was asked; the same may be asked again."""


class Desk(Protocol):
    """A helpdesk: how it signs (`scheme`), the most bytes it tells (`largest`), what it does."""

    scheme: ClassVar[str]
    largest: ClassVar[int]

    @staticmethod
    def conversation_in(told: Any) -> str | None:
        """Return the conversation that a webhook tells a customer's message of."""
        ...

    async def unanswered(self, conversation: str, *, since_s: int) -> list[Written]:
        """Return what was written since a time and lacks our reply, oldest first.

        What people have, or have answered since, is not ours. `since_s`: seconds UTC.

        Raises:
            NotReached: the helpdesk does not say.
        """
        ...

    async def reply(
        self, conversation: str, written: Written, text: str, *, to_people: bool
    ) -> None:
        """Write the reply to a message, none if it is empty; give the conversation to people.

        Raises:
            NotReached: it may not stand there, and a bot may still have the conversation.
        """
        ...


async def asked(
    url: str, method: str, path: str, *, headers: Mapping[str, str], body: Any = None
) -> Any:
    """Return what a helpdesk answers a request with, as JSON; None where it answers nothing.

    Raises:
        NotReached: it does not answer, or refuses.
    """
    try:
        async with httpx.AsyncClient(
            base_url=url, timeout=TIMEOUT_S, trust_env=False, headers=headers
        ) as client:
            answer = await client.request(method, path, json=body)
            answer.raise_for_status()
            return answer.json() if answer.content else None
    except (httpx.HTTPError, ValueError) as fault:
        raise NotReached(type(fault).__name__) from fault
