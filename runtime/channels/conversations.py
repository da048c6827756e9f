"""Conversations on any channel: one message in, what to send back; each message done once.

A message is looked up by its platform's id before anything is read. What it means is decided
against the step, written down, and only then carried out, each command with a key of its own: after
a crash whoever comes next finishes it as it was decided, and answers it the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from engine.events import Json
from engine.refusals import Refused
from runtime.access import Actor, authorize
from runtime.channels.asking import Asked, ask, ask_without_session
from runtime.channels.hearing import hear_line, told
from runtime.channels.incoming import checked, content_of, digest
from runtime.channels.opening import Opening
from runtime.channels.planning import Planner
from runtime.channels.plans import Message, Plan
from runtime.channels.shaping import Limits
from runtime.channels.stop import Stop, stop_of
from runtime.clock import Clock
from runtime.errors import (
    Failure,
    KeyReused,
    KeyRunning,
    Stale,
    StorageFull,
    StorageLost,
    StoreUnavailable,
)
from runtime.files import Files
from runtime.idempotency import Answer, Key, fingerprint
from runtime.json_text import from_text, to_bytes, to_text
from runtime.sessions import Sessions, StartRequest
from runtime.store import conversations as s
from runtime.store.port import LostRace, Unit
from runtime.store.tables import CONVERSATION

TRIES: Final = 20
KEPT: Final = 30 * 86_400_000
"""Milliseconds a conversation nobody wrote in is remembered."""
_SAID_OTHERWISE: Final = {
    "fr": "Un autre message portait déjà cet identifiant (message) : chacun a le sien.",
    "en": "Another message had this id already (message): each has one of its own.",
}
_HANDED: Final = ("handed", "with_advisor", "no_hand_over")
_COLUMNS: Final = tuple(column.name for column in CONVERSATION.columns)


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as last committed; `pending` is a message decided and not yet answered."""

    id: str
    person: str | None = None
    session: str | None = None
    memory: Mapping[str, Any] = field(default_factory=dict)
    pending: Mapping[str, Any] | None = None
    turn: int = 0
    updated_at: int = 0


@dataclass(slots=True)
class Conversations:
    """The conversations of all tenants; each call stays within its actor's."""

    sessions: Sessions
    files: Files
    clock: Clock
    idle_ms: int

    async def turn(self, actor: Actor, message: Message) -> Answer:
        """Take one message in, and return what to send back, as JSON text.

        `{session, status, version, messages, expects, understood, handover}`; sent again, the
        message has no further effect and the same answer.

        Raises:
            WrongReference: it says nothing, or more than one thing, or too much.
            UnknownJourney: the journey it names is not there.
            KeyReused: another message had this id.
        """
        authorize(actor, "channel.turn")
        message = checked(message)
        key = Key(f"turn/{digest(message.channel, message.conversation, message.message)}",
                  fingerprint("TURN", message.channel, content_of(message)))  # fmt: skip

        async def do() -> Answer:
            return await self._turn(actor, message, key)

        try:
            return await self.sessions.idempotency.once(actor, key, do=do, looks_first=True)
        except KeyReused:
            raise KeyReused(_SAID_OTHERWISE, field="message") from None

    async def _turn(self, actor: Actor, message: Message, key: Key) -> Answer:
        for _ in range(TRIES):
            row = await self._row(actor.tenant, message)
            try:
                if row.pending is None:
                    decided = await self._decided(actor, message, row, key)
                    if isinstance(decided, Answer):
                        return decided
                    row = decided
                elif row.pending["key"] != key.value:
                    # Whoever had it is gone or slow: it is finished as it was decided.
                    with contextlib.suppress(Failure, Refused):
                        await self._carry_out(actor, row)
                    continue
                return await self._carry_out(actor, row)
            except LostRace:
                continue
        raise StoreUnavailable

    # -- deciding

    async def _decided(self, actor: Actor, message: Message, row: Row, key: Key) -> Row | Answer:
        """Write down what a message leads to; where nothing is to be done, answer it at once."""
        stop, language = None, message.locale or ""
        if row.session is not None:
            stop = await self._stop(actor, row.session, message.locale)
            language = stop.language
        if stop is None or stop.is_over:
            language = await self._language(actor, message.locale)
            memory = row.memory if stop is None else {}
            plan = await self._opening().plan(
                actor, message, memory, language=language, person=row.person
            )
        else:
            plan = await self._planned(actor, message, row, stop)
        pending = {
            "key": key.value, "fingerprint": key.fingerprint, "by": actor.id,
            "language": language, "limits": asdict(message.limits), "plan": asdict(plan),
        }  # fmt: skip
        row = replace(row, pending=pending)
        if not plan.ops:
            return await self._carry_out(actor, row)
        unit = Unit()
        row = self._keep(unit, actor.tenant, row)
        await self.sessions.store.commit(unit)
        return row

    async def _planned(self, actor: Actor, message: Message, row: Row, stop: Stop) -> Plan:
        async def preview(body: Mapping[str, Any]) -> dict[str, Any]:
            return await self.sessions.preview(actor, stop.session, body)

        async def send_file(question: str) -> Json:
            assert message.file is not None
            sent = replace(message.file, question=question)
            return await self.files.send(actor, stop.session, sent)

        planner = Planner(
            message=message, stop=stop, memory=row.memory, preview=preview, send_file=send_file
        )
        plan = await planner.plan()
        was_away = self.clock.now() - row.updated_at >= self.idle_ms
        if was_away and not plan.ops and not plan.recall:
            # Whoever comes back with a word of greeting is told where they were.
            plan = planner.new()
            plan.recall = True
            plan.say("back_again", title=stop.view["journey"]["title"])
        return plan

    def _opening(self) -> Opening:
        sessions = self.sessions
        return Opening(
            revisions=sessions.revisions, customers=sessions.customers, states=sessions.states,
            store=sessions.store,
        )  # fmt: skip

    async def _language(self, actor: Actor, locale: str | None) -> str:
        """Return the language of a conversation without a session: asked for, or a library's."""
        spoken = [
            language
            for _, revision in await self.sessions.revisions.journeys(actor)
            for language in revision.library.languages
        ]
        return pick(locale, spoken) if spoken else "en"

    async def _stop(self, actor: Actor, session: str, locale: str | None) -> Stop:
        warm = await self.sessions.admit(actor, session)
        revision = await self.sessions.revisions.get(actor.tenant, warm.state.revision)
        language = pick(locale, [warm.state.language, *revision.library.languages])
        answer = await self.sessions.views.answer(actor, warm, language=language)
        return stop_of(
            actor, revision, warm, answer=answer, language=language, now=self.clock.now()
        )

    # -- carrying out

    async def _carry_out(self, actor: Actor, row: Row) -> Answer:
        """Do what was decided, and keep the answer; again, it is the same."""
        pending = row.pending
        assert pending is not None
        key, plan = Key(pending["key"], pending["fingerprint"]), Plan(**pending["plan"])
        actor = replace(actor, id=pending["by"])
        language = pending["language"]
        session, stop = plan.session, None
        if plan.ops:
            try:
                session = await self._do(actor, plan, key, language)
            except (KeyRunning, StorageFull, StorageLost, StoreUnavailable):
                raise
            except (Failure, Refused):
                # It cannot be done, now or later: the conversation is not to stand still for it.
                unit = Unit()
                self._keep(unit, actor.tenant, replace(row, pending=None))
                await self.sessions.store.commit(unit)
                raise
        if session is not None:
            stop = await self._stop(actor, session, language)
            stop = await self._hand_over(actor, stop, plan, key)
            asked, understood = ask(stop, plan, told=row.memory.get("told", ()))
        else:
            asked, understood = ask_without_session(plan, language), []
        sent = asked.messages(Limits(**pending["limits"]))
        answer = _answer(stop, plan, asked, {"messages": sent, "understood": understood})
        unit = Unit()
        is_over = stop is not None and stop.is_over
        self._keep(
            unit, actor.tenant,
            replace(row, session=None if is_over else session, memory=asked.memory, pending=None),
        )  # fmt: skip
        self.sessions.idempotency.take(unit, actor, key=key, answer=answer, is_done=True)
        await self.sessions.store.commit(unit)
        return answer

    async def _do(self, actor: Actor, plan: Plan, key: Key, language: str) -> str | None:
        """Do a plan's commands in order, as far as they are taken; return the session."""
        session, version = plan.session, plan.version
        for number, op in enumerate(plan.ops):
            mine = Key(f"{key.value}/{number}", key.fingerprint)
            try:
                if op["do"] == "start":
                    answer = await self.sessions.start(actor, _request(op), key=mine)
                elif op["do"] == "hear":
                    assert session is not None
                    answer = await self._hear(actor, plan, session, op["text"], mine, language)
                else:
                    assert session is not None
                    answer = await self.sessions.command(
                        actor, session, op["body"], match=version, key=mine, language=language
                    )
            except Stale:
                plan.notes, plan.memory = [{"say": "moved", "with": {}}], {}
                break
            except Refused as refused:
                if session is None:
                    raise
                _refused(plan, refused, language)
                break
            session, version = answer.session, answer.version
        return session

    async def _hear(
        self, actor: Actor, plan: Plan, session: str, text: str, key: Key, language: str
    ) -> Answer:
        """Keep what a first message answers already; its question asks whether it is right."""
        stop = await self._stop(actor, session, language)
        now = [stop.question(name) for name in stop.fields]
        questions = [*now, *stop.ahead()]
        found = hear_line([], questions, text)
        if not found:
            return await self.sessions.view(actor, session, language=language)
        labels = {
            one.field.name: stop.look.text(one.field.label, None) or one.field.name
            for one in questions
        }
        for name, heard in found.items():
            plan.notes.append({"heard": told(heard, labels[name]), "ahead": True})
        values = {name: heard.value for name, heard in found.items()}
        return await self.sessions.command(
            actor, session, {"type": "provide", "values": values}, match=stop.version, key=key,
            language=language,
        )  # fmt: skip

    async def _hand_over(self, actor: Actor, stop: Stop, plan: Plan, key: Key) -> Stop:
        """Ask for an advisor where the next step is an advisor's alone, and say so."""
        if stop.handed_to is None or any(note.get("say") in _HANDED for note in plan.notes):
            return stop
        plan.say("handed")
        if stop.view["transfer"] is not None or not stop.may("ask_human"):
            return stop
        mine = Key(f"{key.value}/advisor", key.fingerprint)
        body = {"type": "ask_human", "reason": str(stop.view["step"]["title"])}
        # Whoever was quicker has it now: that is what is shown.
        with contextlib.suppress(Stale, Refused):
            await self.sessions.command(actor, stop.session, body, match=stop.version, key=mine)
        return await self._stop(actor, stop.session, stop.language)

    # -- what is kept

    async def _row(self, tenant: str, message: Message) -> Row:
        id_ = digest(message.channel, message.conversation)
        rows = await self.sessions.store.read(s.CONVERSATION, tenant, id_)
        person = None if message.user is None else digest(message.channel, message.user)
        if not rows:
            return Row(id_, person, memory={})
        found = dict(zip(_COLUMNS, rows[0], strict=True))
        pending = found["pending"]
        return Row(
            id_, person or found["person"], found["session"], from_text(found["memory"]),
            None if pending is None else from_text(pending), found["turn"], found["updated_at"],
        )  # fmt: skip

    def _keep(self, unit: Unit, tenant: str, row: Row) -> Row:
        """Add a conversation as it now stands; somebody else's turn in between is a lost race."""
        now = self.clock.now()
        values = (
            tenant, row.id, row.person, row.session, to_text(row.memory),
            None if row.pending is None else to_text(row.pending), row.turn + 1, now,
        )  # fmt: skip
        if row.turn == 0:
            unit.add(s.NEW_CONVERSATION, *values)
        else:
            unit.add(s.MOVE_CONVERSATION, *values, row.turn)
        return replace(row, turn=row.turn + 1, updated_at=now)

    async def purge(self) -> None:
        """Forget conversations that nobody wrote in for a month; their sessions stay."""
        unit = Unit()
        unit.add(s.PURGE_CONVERSATIONS, self.clock.now() - KEPT)
        await self.sessions.store.commit(unit)


def _request(op: Mapping[str, Any]) -> StartRequest:
    return StartRequest(**{name: value for name, value in op.items() if name != "do"})


def _refused(plan: Plan, refused: Refused, language: str) -> None:
    """Say why a command was not taken, in place of what was understood; it counts as a miss."""
    plan.notes = [one for one in plan.notes if one.get("ahead")]
    wrong = [field["message"] for field in refused.fields.values() if field.get("message")]
    for message in wrong or [refused.message]:
        plan.notes.append({"text": message.get(language) or message.get("en", refused.code)})
    memory = plan.memory
    memory["given"] = [name for name in memory.get("given", ()) if name not in refused.fields]
    memory["misses"] = memory.get("misses", 0) + 1
    memory.pop("mode", None)
    plan.again = True


def _answer(stop: Stop | None, plan: Plan, asked: Asked, told_: Mapping[str, Any]) -> Answer:
    handed = None
    if plan.handed or (stop is not None and stop.view["status"] == "failed"):
        handed = {"to": "advisor"}
    elif stop is not None and stop.handed_to is not None:
        handed = {"to": stop.handed_to}
    session = None if stop is None else stop.session
    body = {
        "session": session,
        "status": None if stop is None else stop.view["status"],
        "outcome": None if stop is None else stop.view["outcome"],
        "version": None if stop is None else stop.version,
        "language": asked.language,
        "expects": "nothing" if handed else asked.expects,
        "handover": handed,
        **told_,
    }
    return Answer(session or "", 0 if stop is None else stop.version, to_bytes(body))


def pick(locale: str | None, languages: list[str]) -> str:
    """Return the language of a locale among some, `fr` for `fr-CA`; the first when none is."""
    asked = (locale or "").replace("_", "-")
    base = asked.partition("-")[0].lower()
    return next((one for one in (asked, base) if one in languages), languages[0])
