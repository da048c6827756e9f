"""An identity provider, asked who somebody is: OpenID Connect, code flow with PKCE.

Tokens come here from the provider alone and go no further: what leaves is the claims.
Source: OpenID Connect Core 1.0; RFC 7636, 9207, 9700; promises.md 3 and 3.1.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import httpx
import jwt

ALGORITHMS: Final = ("RS256", "ES256", "EdDSA")
"""Signatures that are accepted: none that a shared secret makes, and never none at all."""
LEEWAY_S: Final = 60
"""How far the provider's clock and ours may be apart."""
LONGEST: Final = 1_048_576
"""Most bytes of one of its answers."""
FRESH_S: Final = 3_600.0
"""How long its description and keys are used without asking again."""
KEYS_EVERY_S: Final = 60.0
"""Least time between two looks for a key that is not known: a made-up token costs no more."""
TIMEOUT: Final = httpx.Timeout(10.0, connect=2.0)
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class NotVouched(Exception):
    """The provider does not say who somebody is, or says it in a way we do not accept.

    `why` is a stable word: unreachable, answer, issuer, endpoint, code, token, nonce, subject.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Client:
    """How the provider knows us. Without a secret, PKCE alone proves that we began."""

    issuer: str
    id: str
    secret: str | None
    scope: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one sign-in is recognised by when it comes back."""

    state: str
    nonce: str
    verifier: str


class IdentityProvider:
    """One provider. Its description is read when it is first needed, so that we start without it.

    Args:
        client: how it knows us.
        transport: of httpx, for tests; the network by default.
    """

    def __init__(
        self, client: Client, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.client = client
        # Its addresses come from our settings and its own description: neither proxies of the
        # environment nor redirections may lead elsewhere.
        self._http = httpx.AsyncClient(
            timeout=TIMEOUT, follow_redirects=False, trust_env=False, transport=transport
        )
        self._about: dict[str, Any] = {}
        self._read_at = 0.0
        self._keys: dict[str, jwt.PyJWK] = {}
        self._keys_at = 0.0
        self._reading = asyncio.Lock()

    async def close(self) -> None:
        """Let its connections go."""
        await self._http.aclose()

    async def sign_in_url(
        self, attempt: Attempt, *, language: str, is_asked_anew: bool = False
    ) -> str:
        """Return where to send somebody to sign in.

        Args:
            attempt: what this attempt is known by.
            language: to sign in with.
            is_asked_anew: whether the provider asks who they are even when it knows already.

        Raises:
            NotVouched: the provider cannot be asked.
        """
        about = await self._description()
        digest = hashlib.sha256(attempt.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client.id,
            "redirect_uri": self.client.redirect_uri,
            "scope": self.client.scope,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "ui_locales": language,
            **({"prompt": "login"} if is_asked_anew else {}),
        }
        endpoint: str = about["authorization_endpoint"]
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    async def claims(
        self, code: str, attempt: Attempt, *, needed: tuple[str, ...]
    ) -> Mapping[str, Any]:
        """Return what the provider says of whoever came back with a code.

        Args:
            code: what they came back with.
            attempt: what they left with.
            needed: claims to be asked of its userinfo when the ID token does not hold them all.

        Raises:
            NotVouched: and why.
        """
        tokens = await self._redeem(code, attempt)
        claims = await self._verified(tokens.get("id_token"))
        if claims.get("nonce") != attempt.nonce:
            raise NotVouched("nonce")
        about = await self._description()
        if "userinfo_endpoint" in about and any(name not in claims for name in needed):
            bearer = {"Authorization": f"Bearer {tokens.get('access_token')}"}
            more = await self._json("GET", about["userinfo_endpoint"], headers=bearer)
            # Else one person's token could be dressed with another's claims (Core 5.3.2).
            if more.get("sub") != claims["sub"]:
                raise NotVouched("subject")
            claims = {**more, **claims}
        return claims

    async def _redeem(self, code: str, attempt: Attempt) -> dict[str, Any]:
        about = await self._description()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        headers = {}
        methods = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if self.client.secret is None:
            form["client_id"] = self.client.id
        elif "client_secret_basic" in methods:
            pair = f"{quote(self.client.id, safe='')}:{quote(self.client.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self.client.id, "client_secret": self.client.secret}
        return await self._json(
            "POST", about["token_endpoint"], headers=headers, form=form, refused="code"
        )

    async def _verified(self, token: Any) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise NotVouched("token")
            key = await self._key(header.get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self.client.id,
                issuer=self.client.issuer,
                leeway=LEEWAY_S,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as wrong:
            raise NotVouched("token") from wrong
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self.client.id) != self.client.id:
            raise NotVouched("token")
        return claims

    async def _key(self, name: str | None) -> jwt.PyJWK:
        """Return the key of that name; without a name, the only one there is."""
        async with self._reading:
            now = time.monotonic()
            is_old = not self._keys or now - self._keys_at > FRESH_S
            if is_old or (name not in self._keys and now - self._keys_at > KEYS_EVERY_S):
                found = await self._json("GET", self._about["jwks_uri"])
                self._keys = {
                    key.key_id or "": key
                    for key in jwt.PyJWKSet.from_dict(found).keys
                    if key.public_key_use in {None, "sig"} and key.algorithm_name in ALGORITHMS
                }
                self._keys_at = now
        if name is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        if name not in self._keys:
            raise NotVouched("token")
        return self._keys[name]

    async def _description(self) -> dict[str, Any]:
        async with self._reading:
            if self._about and time.monotonic() - self._read_at < FRESH_S:
                return self._about
            base = self.client.issuer.removesuffix("/")
            about = await self._json("GET", f"{base}/.well-known/openid-configuration")
            if about.get("issuer") != self.client.issuer:
                raise NotVouched("issuer")
            named = {name: about.get(name) for name in (*_NEEDED, "userinfo_endpoint")}
            if any(named[name] is None for name in _NEEDED):
                raise NotVouched("answer")
            if not all(is_safe(url) for url in named.values() if url is not None):
                raise NotVouched("endpoint")
            self._about, self._read_at = about, time.monotonic()
            return about

    async def _json(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        refused: str = "answer",
    ) -> dict[str, Any]:
        asked = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        body = bytearray()
        try:
            async with (
                asyncio.timeout(15),
                self._http.stream(method, url, headers=asked, data=form) as answer,
            ):
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > LONGEST:
                        raise NotVouched("answer")
        except (httpx.HTTPError, TimeoutError) as lost:
            raise NotVouched("unreachable") from lost
        if answer.status_code != 200:
            raise NotVouched("unreachable" if answer.status_code >= 500 else refused)
        try:
            found = json.loads(body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise NotVouched("answer")
        return found


def is_safe(url: Any) -> bool:
    """Return whether nobody on the way can read or change what is sent there."""
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return parts.scheme == "https" or (parts.scheme == "http" and is_here)
