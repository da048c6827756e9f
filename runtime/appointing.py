"""Appointments that a journey makes by itself: free slots offered as options, one of them taken.

Its operations are asked for like those of any other system, with their refusals, their manual
procedure and what undoes them; they are done here, in the session that asks. A slot is taken by the
very command with which an advisor takes one. Source: issue "Continuity"; decision 0039.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from connectors.port import Described, Outcome
from connectors.registry import Registry
from engine import localise
from engine.promising import instant
from engine.recording import OWED
from engine.refusals import Refused
from runtime.access import Actor, system_actor
from runtime.booking import NoSuchSlot, SlotTaken
from runtime.errors import NotFound, WrongReference
from runtime.idempotency import Key
from runtime.invitations import Invitations, NoInvitation
from runtime.json_text import from_text, to_bytes
from runtime.outbox.jobs import Job
from runtime.post.sending import Sending
from runtime.post.words import NoMail
from runtime.promises import Promises
from runtime.sessions import Sessions

NAME: Final = "appointments"
"""What its operations' names begin with."""
FREE, TAKE, GIVE_BACK = f"{NAME}.free", f"{NAME}.take", f"{NAME}.give_back"
INVITE, CALL_OFF = f"{NAME}.invite", f"{NAME}.call_off"
OFFERED: Final = 10
"""Slots offered unless somebody says how many."""
NO_SESSION: Final = "appointments.no-session"
"""The reason of an action that is asked for in no session."""
WRONG: Final = "connector.input"
"""The reason of an action whose inputs it cannot take."""
NO_TEAM: Final = "slot.no-team"
"""The reason of an action for a team that gives no slots."""
_TEXT: Final = {"type": "string"}
_SLOT: Final = {
    "type": "object",
    "properties": {"begins": _TEXT, "ends": _TEXT, "label": _TEXT},
}
_TAKEN: Final = {
    "type": "object",
    "properties": {"promise": {"type": "integer"}, "begins": _TEXT, "ends": _TEXT, "label": _TEXT},
}


def _takes(required: tuple[str, ...], **properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(required),
        "additionalProperties": False,
    }  # fmt: skip


OPERATIONS: Final[Mapping[str, Described]] = {
    FREE: Described(
        _takes(
            ("team",), team=_TEXT, after={"type": "string", "format": "date"},
            days={"type": "integer", "minimum": 1, "maximum": 62},
            limit={"type": "integer", "minimum": 1, "maximum": 50},
        ),
        {"type": "object", "properties": {"slots": {"type": "array", "items": _SLOT}}},
        effect="read",
        refusals=("none_free",),
    ),
    TAKE: Described(
        _takes(
            ("team", "slot", "what"), team=_TEXT, slot=_TEXT, what=_TEXT,
            kept_by={"enum": ["contact", "resolution"]},
        ),
        _TAKEN,
        effect="keyed",
        refusals=("taken", "unknown"),
    ),
    GIVE_BACK: Described(
        _takes(
            (), team=_TEXT, slot=_TEXT, what=_TEXT, kept_by=_TEXT, result={"type": "object"}
        ),
        {"type": "object", "properties": {}},
        effect="idempotent",
    ),
    INVITE: Described(
        _takes(("promise",), promise={"type": "integer"}, to=_TEXT),
        {"type": "object", "properties": {"to": _TEXT}},
        effect="keyed",
        refusals=("no_address", "no_invitation"),
    ),
    CALL_OFF: Described(
        _takes(
            ("promise",), promise={"type": "integer"}, to=_TEXT, result={"type": "object"}
        ),
        {"type": "object", "properties": {"to": _TEXT}},
        effect="keyed",
        refusals=("no_address", "no_invitation"),
    ),
}  # fmt: skip
"""What it does, as a deployment's check sees it."""


class Appointing:
    """The slots of teams, for the steps of journeys."""

    def __init__(self) -> None:
        """Know nothing of sessions yet: `serve_for` says of which."""
        self._invitations: Invitations | None = None

    def serve_for(self, invitations: Invitations) -> None:
        """Say with whose promises, and in whose sessions, it does what it is asked."""
        self._invitations = invitations

    def operations(self) -> Mapping[str, Described]:
        """Return what it does."""
        return OPERATIONS

    async def close(self) -> None:
        """Have nothing to let go of."""

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Do nothing: without a session there is nobody to make an appointment with."""
        del operation, inputs, key, timeout_ms
        return Outcome("failed", reason=NO_SESSION, sent=False)

    async def serve(self, job: Job) -> Outcome:
        """Do an operation for the session that asks for it."""
        if self._invitations is None:
            return Outcome("failed", reason=NO_SESSION, sent=False)
        described = OPERATIONS.get(job.operation)
        if described is None:
            return Outcome("failed", reason="connector.unknown-operation", sent=False)
        if any(job.inputs.get(name) is None for name in described.input["required"]):
            return Outcome("failed", reason=WRONG, sent=False)
        sessions, actor = self._invitations.promises.sessions, system_actor(job.tenant)
        if job.operation == GIVE_BACK:
            taken = (job.inputs.get("result") or {}).get("promise")
            await self._drop(sessions, actor, job, taken)
            return Outcome("succeeded", result={})
        if job.operation in {INVITE, CALL_OFF}:
            if job.operation == CALL_OFF:
                await self._drop(sessions, actor, job, job.inputs["promise"])
            return await self._invite(self._invitations, actor, job)
        if not sessions.booking.slots.gives(job.tenant, str(job.inputs["team"])):
            return Outcome("failed", reason=NO_TEAM, sent=False)
        do = self._free if job.operation == FREE else self._take
        return await do(sessions, actor, job)

    async def _free(self, sessions: Sessions, actor: Actor, job: Job) -> Outcome:
        """List the free slots of a team, worded in the session's language."""
        slots, inputs = sessions.booking.slots, job.inputs
        try:
            first = date.fromisoformat(inputs["after"]) if "after" in inputs else None
            last = None
            if "days" in inputs:
                offer = await slots.offer(actor.tenant, inputs["team"])
                first = first or offer.day(slots.clock.now())
                last = first + timedelta(days=int(inputs["days"]) - 1)
            found = await slots.free(
                actor, inputs["team"], first=first, last=last,
                limit=int(inputs.get("limit", OFFERED)),
            )  # fmt: skip
        except (ValueError, OverflowError, WrongReference):
            return Outcome("failed", reason=WRONG, sent=False)
        if not found["items"]:
            return Outcome("refused", reason="none_free")
        language = (await sessions.states.get(job.tenant, job.session)).state.language
        listed = [
            await self._worded(sessions, job, one["begins"], one["ends"], language)
            for one in found["items"]
        ]
        return Outcome("succeeded", result={"slots": listed})

    async def _take(self, sessions: Sessions, actor: Actor, job: Job) -> Outcome:
        """Promise a slot of a team: who was quicker has it."""
        inputs = job.inputs
        body = {"type": "promise", "what": inputs["what"], "by": inputs["team"],
                "slot": inputs["slot"]}  # fmt: skip
        if inputs.get("kept_by") is not None:
            body["kept_by"] = inputs["kept_by"]
        try:
            await sessions.command(actor, job.session, body, key=_key(job))
        except SlotTaken:
            return Outcome("refused", reason="taken")
        except NoSuchSlot:
            return Outcome("refused", reason="unknown")
        except Refused as refused:
            return Outcome("failed", reason=refused.code, sent=False)
        state = (await sessions.states.get(job.tenant, job.session)).state
        begins = instant(inputs["slot"], "slot")
        made = next(
            one for one in reversed(state.promises)
            if (one["team"], one["begins"]) == (inputs["team"], begins)
        )  # fmt: skip
        slot = await self._worded(sessions, job, begins, made["due"], state.language)
        return Outcome("succeeded", result={"promise": made["number"], **slot})

    async def _invite(self, invitations: Invitations, actor: Actor, job: Job) -> Outcome:
        """Send the invitation, or that it is called off, by e-mail: once for each action."""
        promise = f"{job.session}.{job.inputs['promise']}"
        send = partial(invitations.send, actor, promise, to=job.inputs.get("to"))
        try:
            answer = await invitations.promises.sessions.idempotency.answered(
                actor, _key(job), do=lambda keep: send(keep=keep), body=to_bytes,
                looks_first=True,
            )  # fmt: skip
        except NoMail:
            return Outcome("refused", reason="no_address")
        except NoInvitation:
            return Outcome("refused", reason="no_invitation")
        except NotFound:
            return Outcome("failed", reason=WRONG, sent=False)
        return Outcome("succeeded", result={"to": from_text(answer.body.decode())["to"]})

    async def _drop(self, sessions: Sessions, actor: Actor, job: Job, number: object) -> None:
        """Free the place that was taken: a correction took the choice back."""
        state = (await sessions.states.get(job.tenant, job.session)).state
        owed = {one["number"] for one in state.promises if one["state"] in OWED}
        if number in owed:
            body = {"type": "follow_promise", "promise": number, "state": "dropped",
                    "reason": job.operation}  # fmt: skip
            # Owed no more it is not dropped twice: no key is needed.
            await sessions.command(actor, job.session, body)

    @staticmethod
    async def _worded(
        sessions: Sessions, job: Job, begins: int, ends: int, language: str
    ) -> dict[str, str]:
        offer = await sessions.booking.slots.offer(job.tenant, job.inputs["team"])
        first, last = (datetime.fromtimestamp(at / 1_000, offer.zone) for at in (begins, ends))
        return {
            "begins": first.isoformat(),
            "ends": last.isoformat(),
            "label": localise.day_and_hour(first, language),
        }


def _key(job: Job) -> Key:
    """Return what is the same at every attempt at an action: it stays in the service."""
    name = f"{job.session}/{job.id}"
    return Key(name, name)


def serve_for(registry: Registry, *, promises: Promises, sending: Sending) -> None:
    """Have the appointments that a registry names made with these promises."""
    found = registry.connectors.get(NAME)
    if isinstance(found, Appointing):
        found.serve_for(Invitations(promises, sending))
