"""How we make ourselves known to another system. Secrets are read at the moment of sending."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import quote, urlencode

from connectors.bodies import NotJson, read_json
from connectors.outward import Ask, NotAnswered, Outward
from connectors.secret import Secret, SecretMissing

EARLY_S: Final = 30.0
"""How long before its end a token is no longer used."""
LIFE_S: Final = 300.0
"""How long a token is used whose life the other system does not say."""


class Credentials(Protocol):
    """Makes us known."""

    async def headers(self, *, within_ms: int) -> dict[str, str]:
        """Return the headers that say who we are.

        Raises:
            NotAnswered: they cannot be had; nothing of the request itself was sent.
        """
        ...

    def renew(self) -> bool:
        """Forget what was refused; return whether asking anew may give better ones."""
        ...

    async def close(self) -> None:
        """Let connections go."""
        ...


class Anonymous:
    """Says nothing of who we are."""

    async def headers(self, *, within_ms: int) -> dict[str, str]:
        """Return none."""
        del within_ms
        return {}

    def renew(self) -> bool:
        """Return False: there is nothing to ask anew."""
        return False

    async def close(self) -> None:
        """Have nothing to let go of."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A header made of a secret: basic, bearer or an API key."""

    name: str
    secret: Secret
    user: str | None = None
    scheme: str = ""

    async def headers(self, *, within_ms: int) -> dict[str, str]:
        """Return the header, its secret read now."""
        del within_ms
        value = revealed(self.secret)
        if self.user is not None:
            value = base64.b64encode(f"{self.user}:{value}".encode()).decode()
        return {self.name: f"{self.scheme} {value}".lstrip()}

    def renew(self) -> bool:
        """Return False: the secret was read a moment ago."""
        return False

    async def close(self) -> None:
        """Have nothing to let go of."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token is asked with."""

    url: str
    client: str
    secret: Secret
    scope: str | None = None
    audience: str | None = None
    in_form: bool = False


class OAuth2:
    """A token of the client-credentials grant, kept while it is good (RFC 6749, 4.4)."""

    def __init__(self, grant: Grant, outward: Outward, monotonic: Callable[[], float]) -> None:
        self._grant = grant
        self._outward = outward
        self._monotonic = monotonic
        self._token: str | None = None
        self._until = 0.0
        self._asking = asyncio.Lock()

    async def headers(self, *, within_ms: int) -> dict[str, str]:
        """Return the header with a token that is good, asking for one when none is."""
        async with self._asking:
            if self._token is None or self._monotonic() >= self._until:
                await self._ask(within_ms)
            return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> bool:
        """Forget the token: the next request asks for another."""
        self._token = None
        return True

    async def close(self) -> None:
        """Let connections go."""
        await self._outward.close()

    async def _ask(self, within_ms: int) -> None:
        grant = self._grant
        form = {"grant_type": "client_credentials"}
        form |= {} if grant.scope is None else {"scope": grant.scope}
        form |= {} if grant.audience is None else {"audience": grant.audience}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        secret = revealed(grant.secret)
        if grant.in_form:
            form |= {"client_id": grant.client, "client_secret": secret}
        else:
            pair = f"{quote(grant.client, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        ask = Ask("POST", grant.url, headers, urlencode(form).encode())
        try:
            answer = await self._outward.send(ask, within_ms=within_ms)
        except NotAnswered as ended:
            # What was sent is the request for a token: of the operation, nothing was.
            raise NotAnswered(ended.reason, sent=False, again=ended.again) from None
        if answer.status != 200:
            raise NotAnswered("connector.auth", sent=False, again=answer.again)
        self._token, life = _token(answer.body)
        self._until = self._monotonic() + max(0.0, life - EARLY_S)


def revealed(secret: Secret) -> str:
    """Return a secret's value.

    Raises:
        NotAnswered: it is no longer there; nothing was sent.
    """
    try:
        return secret.reveal()
    except SecretMissing:
        raise NotAnswered("connector.secret", sent=False) from None


def _token(body: bytes) -> tuple[str, float]:
    try:
        said: Any = read_json(body)
    except NotJson:
        said = None
    token = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(token, str) or not token or str(said.get("token_type")).lower() != "bearer":
        raise NotAnswered("connector.auth", sent=False)
    life = said.get("expires_in")
    is_number = isinstance(life, int | float) and not isinstance(life, bool)
    return token, float(life) if is_number else LIFE_S
