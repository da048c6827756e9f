"""What is read of a session: its view, events, trace, timeline and transcript."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from engine import events as e
from engine.commands import STAFF
from engine.ledger import totals, useful_share
from engine.trace import trace
from engine.view import history, view
from runtime.access import Actor
from runtime.announcements import Announcements
from runtime.clock import Clock
from runtime.histories import Histories
from runtime.idempotency import Answer
from runtime.json_text import to_bytes
from runtime.projector import Projector, segment_shown
from runtime.revisions import Revision, Revisions
from runtime.states import Warm, read_events
from runtime.store.port import Store
from runtime.turns import zone_of


class Views:
    """Words sessions for those who read them."""

    def __init__(
        self, *, store: Store, revisions: Revisions, projector: Projector, clock: Clock,
        said: Announcements,
    ) -> None:  # fmt: skip
        self._store = store
        self._revisions = revisions
        self._projector = projector
        self._clock = clock
        self._announcements = said
        self._histories = Histories()

    @staticmethod
    def language(revision: Revision, warm: Warm, asked: str | None) -> str:
        """Return the language to word a session in: the one asked for, if the library has it."""
        return asked if asked in revision.library.languages else warm.state.language

    async def answer(self, actor: Actor, warm: Warm, *, language: str | None = None) -> Answer:
        """Return a session's view, as the JSON text `{"session": …, "view": …}`."""
        state = warm.state
        revision = await self._revisions.get(actor.tenant, state.revision)
        library = revision.library
        whose = audience(actor, state.audience)
        worded = self.language(revision, warm, language)
        shown = view(
            library,
            state,
            audience=whose,
            language=worded,
            channel=state.channel,
            now=self._clock.now(),
            zone=zone_of(library.timezone),
            role=actor.role,
        )
        shown["incidents"] = await self._announcements.of_session(
            actor.tenant, library, state, language=worded, is_staff=actor.role in STAFF
        )
        key = (actor.tenant, state.session, whose, worded, state.channel)
        shown["history"] = self._histories.encode(key, shown["history"])
        return Answer(
            state.session, state.version, to_bytes({"session": state.session, "view": shown})
        )

    async def events(
        self, actor: Actor, warm: Warm, *, after: int = 0, limit: int = 100
    ) -> list[dict[str, Any]]:
        """Return a session's events after a number, oldest first; see `event_shown`."""
        found = await read_events(
            self._store, actor.tenant, warm.state.session, after=after, limit=limit
        )
        return [event_shown(seq, event) for seq, event in found]

    async def trace(
        self, actor: Actor, warm: Warm, *, language: str | None = None
    ) -> dict[str, Any]:
        """Return the codes of a session on the three axes; see `engine.trace.trace`."""
        revision = await self._revisions.get(actor.tenant, warm.state.revision)
        return trace(revision.library, warm.state, self.language(revision, warm, language))

    async def timeline(self, actor: Actor, warm: Warm) -> dict[str, Any]:
        """Return the time ledger of a session's contacts, worked out on the latest events.

        `{session, contacts: [{contact, channel, from, to, duration_ms, segments, totals_ms,
        useful_share, useful_share_handling, calibrated}]}`. Times are milliseconds UTC; segments
        are half-open and partition the contact exactly. `calibrated` is false until ratings say
        what each category is worth to customers.
        """
        revision = await self._revisions.get(actor.tenant, warm.state.revision)
        counts = revision.library.identification_useful
        contacts = []
        for contact, segments in await self._projector.of_session(actor.tenant, warm.state.session):
            sums = totals(segments)
            contacts.append(
                {
                    "contact": contact.id,
                    "channel": contact.channel,
                    "from": segments[0].start if segments else contact.offered,
                    "to": segments[-1].end if segments else contact.offered,
                    "duration_ms": sum(part.end - part.start for part in segments),
                    "segments": [segment_shown(part) for part in segments],
                    "totals_ms": sums,
                    "useful_share": useful_share(sums, identification_useful=counts),
                    "useful_share_handling": useful_share(
                        sums, handling=True, identification_useful=counts
                    ),
                    "calibrated": False,
                }
            )
        return {"session": warm.state.session, "contacts": contacts}

    async def transcript(
        self, actor: Actor, warm: Warm, *, language: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the conversation in order: what was asked, answered, done, noted and promised.

        Each line is `{at, by, what, step?, title?, values?, text?}`; answers undone by a correction
        stay, with `undone: true`.
        """
        revision = await self._revisions.get(actor.tenant, warm.state.revision)
        past = history(
            revision.library,
            warm.state,
            audience=audience(actor, warm.state.audience),
            language=self.language(revision, warm, language),
            channel=warm.state.channel,
            now=self._clock.now(),
            zone=zone_of(revision.library.timezone),
        )
        lines: list[dict[str, Any]] = []
        if warm.state.words:
            lines.append(
                {"at": warm.state.started_at, "by": "customer", "what": "said",
                 "text": warm.state.words}
            )  # fmt: skip
        for entry in past:
            shown = {name: entry[name] for name in ("visit", "step", "title", "shown", "undone")}
            at = entry["left_at"] if entry["left_at"] is not None else entry["at"]
            lines.append({"at": at, "by": entry["by"], "what": entry["how"] or "open", **shown})
        for _, event in await read_events(self._store, actor.tenant, warm.state.session):
            match event:
                case e.Noted():
                    lines.append(
                        {"at": event.at, "by": event.by, "what": "noted", "text": event.text}
                    )
                case e.Promised():
                    lines.append(
                        {"at": event.at, "by": event.by, "what": "promised", "text": event.what,
                         "due": event.due}
                    )  # fmt: skip
                case e.Ended():
                    lines.append(
                        {"at": event.at, "by": event.by, "what": "ended", "text": event.outcome}
                    )
                case _:
                    continue
        return sorted(lines, key=lambda line: line["at"])


def audience(actor: Actor, default: str) -> str:
    """Return whose wording an actor reads: staff the advisor's, the rest their own."""
    if actor.role in {"advisor", "supervisor", "admin", "author"}:
        return "advisor"
    return actor.role if actor.role in {"customer", "bot"} else default


def event_shown(seq: int, event: e.Event) -> dict[str, Any]:
    """Return an event as the API and exports show it: {seq, kind, at, by, …its fields}."""
    return {
        "seq": seq,
        "kind": event.KIND,
        "at": event.at,
        "by": event.by,
        **{f.name: getattr(event, f.name) for f in fields(event) if f.name not in {"at", "by"}},
    }
