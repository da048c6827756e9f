"""Signing in with an identity provider: an attempt leaves with a browser and comes back once.

Who somebody is comes from the provider's issuer and subject, whatever name or mail it gives; what
they may do from one of its claims. Nobody is let in without a role. Decision 0018.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connectors.identity_provider import Attempt, Client, IdentityProvider, NotVouched
from runtime.claims import Rules
from runtime.clock import Clock
from runtime.entry_errors import NoRole, NoSignInUnderWay, NotVouchedFor, ProviderUnreachable
from runtime.errors import WrongSetting
from runtime.settings import Settings
from runtime.sign_ins import Opened, Person, SignIns
from runtime.store import people as s
from runtime.store.port import Store, Unit

CALLBACK: Final = "/sign-in/oidc/callback"
"""Where the provider sends people back to."""
LIFE: Final = 600_000
"""Milliseconds somebody may take to sign in at the provider."""
LONGEST: Final = 512

_NEXT: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")
_BROWSER: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Left:
    """A browser sent to the provider: where to, and the cookie it is known by when it is back."""

    url: str
    browser: str


@dataclass(frozen=True, slots=True)
class Back:
    """A browser that is back, and let in: where it wanted to go."""

    opened: Opened
    next: str


def secret_of(
    reference: str | None, environment: Mapping[str, str] = os.environ, *,
    setting: str = "oidc_client_secret",
) -> str | None:  # fmt: skip
    """Return the secret that `env:NAME` or `file:/path` refers to; None for no reference.

    Raises:
        WrongSetting: it refers to nothing, or is not a reference.
    """
    if reference is None:
        return None
    kind, _, place = reference.partition(":")
    try:
        found = environment[place] if kind == "env" else None
        found = Path(place).read_text(encoding="utf-8").strip() if kind == "file" else found
    except (KeyError, OSError, UnicodeDecodeError):
        found = None
    if not found:
        raise WrongSetting(
            {
                "fr": f"Réglage « {setting} » : env:NOM ou file:/chemin, où le secret se "
                "trouve ; jamais le secret lui-même.",
                "en": f"Setting `{setting}`: env:NAME or file:/path, where the secret is; "
                "never the secret itself.",
            },
            setting=setting,
        )
    return found


def make_provider(settings: Settings) -> IdentityProvider | None:
    """Return the provider that the settings name, not asked yet; None when they name none.

    Raises:
        WrongSetting: its secret is not where the settings say.
    """
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    return IdentityProvider(
        Client(
            settings.oidc_issuer,
            settings.oidc_client_id,
            secret_of(settings.oidc_client_secret),
            settings.oidc_scope,
            f"{settings.public_url}{CALLBACK}",
        )
    )


@dataclass(slots=True, kw_only=True)
class Vouching:
    """Sign-ins through one provider."""

    store: Store
    clock: Clock
    sign_ins: SignIns
    provider: IdentityProvider
    rules: Rules
    label: str

    async def leave(
        self,
        wanted: str | None,
        *,
        browser: str | None,
        language: str,
        is_asked_anew: bool = False,
    ) -> Left:
        """Send a browser to the provider.

        Args:
            wanted: the path of ours to go to afterwards; the console's first page otherwise.
            browser: the cookie it was known by in another attempt, which may still come back.
            language: to sign in with.
            is_asked_anew: whether the provider asks who they are even when it knows already.

        Raises:
            ProviderUnreachable, NotVouchedFor: the provider cannot be asked.
        """
        attempt = Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))
        if browser is None or not _BROWSER.fullmatch(browser):
            browser = secrets.token_urlsafe(32)
        try:
            url = await self.provider.sign_in_url(
                attempt, language=language, is_asked_anew=is_asked_anew
            )
        except NotVouched as refused:
            raise _told(refused) from refused
        unit = Unit()
        unit.add(
            s.NEW_ATTEMPT, self.rules.tenant, _digest(attempt.state), _digest(browser),
            attempt.nonce, attempt.verifier, own_path(wanted), language, self.clock.now() + LIFE,
        )  # fmt: skip
        await self.store.commit(unit)
        return Left(url, browser)

    async def come_back(
        self, returned: Mapping[str, str | None], *, browser: str | None, replaced: str | None
    ) -> Back:
        """Let somebody in who comes back from the provider.

        Args:
            returned: `code`, `state`, `iss` and `error`, as far as it sent them.
            browser: the cookie they left with.
            replaced: the token of the sign-in their browser had.

        Raises:
            NoSignInUnderWay: this browser began none, or too long ago, or it is back already.
            NotVouchedFor, ProviderUnreachable: the provider did not say who they are.
            NoRole: it did, and they have no role here.
        """
        state = returned.get("state")
        found = []
        if state and browser:
            # Taken and gone in one: whoever brings the same answer again brings it in vain.
            found = await self.store.change(
                s.TAKE_ATTEMPT, self.rules.tenant, _digest(state), _digest(browser),
                self.clock.now(),
            )  # fmt: skip
        if not found:
            raise NoSignInUnderWay
        nonce, verifier, wanted, language = found[0]
        attempt = Attempt(state or "", nonce, verifier)
        try:
            person = await self._person(returned, attempt, language=language)
        except (NotVouchedFor, ProviderUnreachable, NoRole) as refused:
            # Whoever tries again still wants to go there.
            refused.params["next"] = wanted
            raise
        return Back(await self.sign_ins.open(person, replaced=replaced), wanted)

    async def _person(
        self, returned: Mapping[str, str | None], attempt: Attempt, *, language: str
    ) -> Person:
        """Return whom the provider vouches for, in their role here."""
        issuer, code = self.provider.client.issuer, returned.get("code")
        if returned.get("iss") not in {None, issuer}:
            raise NotVouchedFor(why="issuer")
        if returned.get("error") or not code:
            raise NotVouchedFor(why="denied")
        try:
            claims = await self.provider.claims(code, attempt, needed=self.rules.needed())
        except NotVouched as refused:
            raise _told(refused) from refused
        return self.rules.person(claims, issuer, language=language)

    async def purge(self) -> None:
        """Forget attempts that did not come back."""
        unit = Unit()
        unit.add(s.PURGE_ATTEMPTS, self.clock.now())
        await self.store.commit(unit)


def own_path(wanted: str | None) -> str:
    """Return where to go afterwards: a path of ours, never another site's address."""
    if wanted is None or len(wanted) > LONGEST or not _NEXT.fullmatch(wanted):
        return "/"
    return wanted


def _told(refused: NotVouched) -> NotVouchedFor | ProviderUnreachable:
    if refused.why == "unreachable":
        return ProviderUnreachable()
    return NotVouchedFor(why=refused.why)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
