"""Codes: a session is resumed by eight symbols that are said on the phone, for a time.

A code is one session's, and the session has no other: a new one takes its place. It is kept as a
slow hash. Wrong ones are counted, and past a few nobody's are looked up for a while. Decision 0036.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from engine.evolve import ENDED
from engine.refusals import Refused
from engine.state import State
from runtime.access import Actor, authorize
from runtime.clock import Clock
from runtime.errors import Failure, WrongReference
from runtime.idempotency import Answer, Key
from runtime.links import Links, NewLink
from runtime.sessions import Sessions
from runtime.store import codes as s
from runtime.store.port import LostRace, Store, Unit

ALPHABET: Final = "23456789CFHJKLMRTWX"
"""Nothing that is read or heard for another: no 0 and O, no 1 and I, no B, D, P, V, no S, no N."""
LENGTH: Final = 8
"""19 to the 8th: 17 thousand million."""
LIFE: Final = 7_200
"""Seconds a code lives unless said otherwise."""
LONGEST: Final = 86_400
"""Most seconds a code lives."""
WINDOW: Final = 600_000
"""Milliseconds over which wrong codes are counted."""
MISSES: Final = 10
"""Wrong codes one caller may bring in that time."""
STRANGE_MISSES: Final = 120
"""Wrong codes that all those may bring together who came with nothing else."""
TRIES: Final = 5
STRANGERS: Final = ("", "strangers")
_SHAPE: Final = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_BETWEEN: Final = re.compile(r"[\s.\-·]+")


class UnknownCode(Failure):
    """No session is resumed with that code: it is none, or its time is over."""

    CODE: ClassVar[str] = "code.unknown"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ce code n'ouvre rien : relisez-le, ou demandez-en un autre.",
        "en": "This code opens nothing: read it again, or ask for another one.",
    }


class TooManyCodes(Failure):
    """Too many wrong codes came from there."""

    CODE: ClassVar[str] = "code.too-many"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Trop de codes faux : réessayez dans dix minutes, ou passez par un lien.",
        "en": "Too many wrong codes: try again in ten minutes, or come by a link.",
    }


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code just made; it is shown now and never again."""

    code: str
    expires_at: int


def spoken(code: str) -> str:
    """Return a code as it is shown and said: in two halves."""
    half = LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def written(text: str) -> str | None:
    """Return a code as somebody wrote it, None when it cannot be one."""
    code = _BETWEEN.sub("", text).upper()
    return code if _SHAPE.fullmatch(code) else None


def _digest(code: str) -> str:
    """Return what is kept of a code: slow on purpose, for it is short."""
    return hashlib.scrypt(
        code.encode(), salt=b"parcours.resume-code", n=2**14, r=8, p=1, dklen=32
    ).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The codes of all tenants."""

    store: Store
    clock: Clock
    sessions: Sessions
    links: Links

    async def make(self, actor: Actor, session: str, *, life_s: int = LIFE) -> NewCode:
        """Make the code of a session; the one it had opens nothing any more.

        Raises:
            NotFound: no such session for this actor.
            Refused: `session.ended`, it is over.
            WrongReference: a life that cannot be.
        """
        authorize(actor, "code.make")
        if not 0 < life_s <= LONGEST:
            raise WrongReference(
                {
                    "fr": f"Un code vit de 1 à {LONGEST} secondes.",
                    "en": f"A code lives from 1 to {LONGEST} seconds.",
                },
                field="expires_in_s",
            )
        warm = await self.sessions.admit(actor, session)
        if warm.state.status in ENDED:
            raise Refused(
                "session.ended", {"fr": "La session est finie.", "en": "The session is over."}
            )
        for _ in range(TRIES):
            code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            digest = await asyncio.to_thread(_digest, code)
            now, unit = self.clock.now(), Unit()
            until = now + life_s * 1_000
            unit.add(s.NEW_CODE, actor.tenant, session, digest, actor.by, now, until)
            try:
                await self.store.commit(unit)
            except LostRace:
                # Another session has that very code.
                continue
            return NewCode(spoken(code), until)
        raise LostRace

    async def redeem(
        self, actor: Actor, code: str, *, resumed: Mapping[str, Any], key: Key | None,
        language: str | None = None,
    ) -> Answer:  # fmt: skip
        """Go on with the session of a code, where it stands, and return its view.

        Args:
            actor: who goes on with it, from now on.
            code: as it was read or heard.
            resumed: the fields of the command `resume`: channel, contact, language.
            key: makes it safe to send again.
            language: of the view.

        Raises:
            UnknownCode, TooManyCodes: see there.
            Refused: the session cannot be gone on with; see the command.
        """
        authorize(actor, "code.redeem")
        tenant, session = await self._found(code, (actor.tenant, actor.by), most=MISSES)
        if tenant != actor.tenant:
            raise UnknownCode
        warm = await self.sessions.admit(actor, session)
        body = _command(actor, warm.state, resumed)
        if body is None:
            return await self.sessions.view(actor, session, language=language)
        return await self.sessions.command(
            actor, session, body, match=warm.state.version, key=key, language=language
        )

    async def open(self, code: str) -> NewLink:
        """Return a link to the session of a code, for a customer who has nothing else.

        Raises:
            UnknownCode, TooManyCodes: see there.
        """
        tenant, session = await self._found(code, STRANGERS, most=STRANGE_MISSES)
        return await self.links.to_session(tenant, session, by="system")

    async def _found(self, code: str, who: tuple[str, str], *, most: int) -> tuple[str, str]:
        now = self.clock.now()
        misses = await self.store.read(s.MISSES, *who, now - WINDOW)
        if misses and misses[0][0] >= most:
            raise TooManyCodes
        plain = written(code)
        if plain is None:
            # It could not have been one: nothing is learnt from that, and nothing counted.
            raise UnknownCode
        rows = await self.store.read(s.CODE, await asyncio.to_thread(_digest, plain), now)
        if not rows:
            await self.store.change(s.MISS, *who, now, now - WINDOW)
            raise UnknownCode
        return str(rows[0][0]), str(rows[0][1])

    async def purge(self) -> None:
        """Forget codes that are over, and wrong ones of long ago."""
        now, unit = self.clock.now(), Unit()
        unit.add(s.PURGE_CODES, now)
        unit.add(s.PURGE_MISSES, now - WINDOW)
        await self.store.commit(unit)


def _command(actor: Actor, state: State, resumed: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the command by which an actor goes on with a session; None when they have it."""
    is_staff = actor.role in ("advisor", "supervisor")
    given = {name: value for name, value in resumed.items() if value is not None}
    if state.transfer is not None and is_staff and state.status != "paused":
        return {"type": "accept"} | {n: given[n] for n in given if n in ("channel", "contact")}
    is_elsewhere = any(
        given.get(name) not in (None, getattr(state, name))
        for name in ("channel", "contact", "language")
    )
    if state.status == "paused" or is_elsewhere:
        return {"type": "resume", **given}
    return {"type": "take_over"} if is_staff and state.status != "pending" else None
