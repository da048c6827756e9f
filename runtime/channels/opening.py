"""A message that no session is there for: which one to go on with, or which journey to begin."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.evolve import ENDED
from engine.model import Library
from runtime.access import Actor
from runtime.channels.hearing import SURE, Choice, choose
from runtime.channels.plans import Message, Plan
from runtime.channels.stop import OURS
from runtime.channels.words import command_in, yes_or_no
from runtime.customers import Customers
from runtime.errors import NotFound
from runtime.revisions import Revisions
from runtime.states import States
from runtime.store import customers as c
from runtime.store.conversations import SESSIONS_OF_PERSON
from runtime.store.port import Store

CLEAR: Final = 0.6
"""From here on a declaration begins its journey at once; it is told."""
APART: Final = 0.15
"""How much likelier than another journey's it must be."""
LIKELY: Final = 0.3
"""The least likeness at which a journey is offered before all of them are."""
OTHER: Final = "@other"
"""What is offered beside the likeliest journeys."""
OFFERED: Final = 9
"""Journeys offered at most."""
LOOKED_AT: Final = 20
"""Sessions of a customer that are looked at for one to go on with."""
MISSES: Final = 2
"""Times in a row that nothing is understood before an advisor is asked for."""


@dataclass(slots=True, kw_only=True)
class Opening:
    """Decides about messages without a session."""

    revisions: Revisions
    customers: Customers
    states: States
    store: Store

    async def plan(
        self, actor: Actor, message: Message, memory: Mapping[str, Any], *, language: str,
        person: str | None,
    ) -> Plan:  # fmt: skip
        """Return what a message without a session leads to; `person` is who writes."""
        mode, said = memory.get("mode"), message.said
        if (message.choice or "").removeprefix("@") == "advisor" or command_in(said) == "advisor":
            return Plan(handed=True).say("handed")
        if mode == "resume":
            answer = _agreed(message)
            if answer is True:
                state = (await self.states.fresh(actor.tenant, memory["session"])).state
                plan = Plan(session=state.session, version=state.version, recall=True)
                plan.do("resume", channel=message.channel, language=language)
                return plan.say("back_again", title=memory["title"])
            if answer is None:
                return _missed(memory, said, Plan(memory=dict(memory)))
            said = str(memory.get("words") or "")
        elif mode is None and (found := await self._under_way(actor, message, person, language)):
            session, title = found
            return Plan(
                memory={"mode": "resume", "session": session, "title": title, "words": said}
            )
        return await self._begin(actor, message, memory, said=said, language=language)

    async def _begin(
        self, actor: Actor, message: Message, memory: Mapping[str, Any], *, said: str, language: str
    ) -> Plan:
        if message.journey is not None:
            return _start(message, message.journey, said, language)
        offers = await self._journeys(actor, language)
        asks_again = memory.get("mode") == "journey"
        if asks_again:
            chosen = _chosen(message, memory["options"], offers)
            if chosen is not None:
                words = str(memory.get("words") or "")
                return _start(message, chosen, words, language).say("journey", shown=offers[chosen])
            if _wants_others(message, memory["options"]):
                return _offer(list(offers), offers, memory)
        if len(offers) == 1:
            return _start(message, next(iter(offers)), said, language)
        ranked = await self._ranked(actor, said, language, offers) if said else []
        if ranked and ranked[0][1] >= CLEAR and (
            len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= APART
        ):  # fmt: skip
            journey = ranked[0][0]
            return _start(message, journey, said, language).say("journey", shown=offers[journey])
        likely = [journey for journey, score in ranked if score >= LIKELY]
        if likely:
            return _offer([*likely, OTHER], offers, {**memory, "words": said})
        if asks_again:
            return _missed(memory, said, _offer(memory["options"], offers, memory))
        return _offer(list(offers), offers, {**memory, "words": said})

    async def _journeys(self, actor: Actor, language: str) -> dict[str, str]:
        """Return the journeys a conversation may begin, with their titles."""
        found: dict[str, str] = {}
        for _, revision in await self.revisions.journeys(actor):
            library = revision.library
            for journey in library.journeys.values():
                spoken = set(journey.audience or library.audiences)
                if journey.startable and spoken & set(OURS):
                    found[journey.id] = title_of(library, journey.id, language)
        return found

    async def _ranked(
        self, actor: Actor, said: str, language: str, offers: Mapping[str, str]
    ) -> list[tuple[str, float]]:
        """Return the journeys that words mean, likeliest first, each once."""
        best: dict[str, float] = {}
        for one in await self.revisions.suggest(actor, said, language=language):
            journey = one["journey"]
            if journey in offers:
                best[journey] = max(best.get(journey, 0.0), one["score"])
        return sorted(best.items(), key=lambda pair: -pair[1])

    async def _under_way(
        self, actor: Actor, message: Message, person: str | None, language: str
    ) -> tuple[str, str] | None:
        """Return the latest session of whoever writes that waits to be taken up, and its title."""
        for session in await self._sessions_of(actor, message.customer, person):
            state = (await self.states.fresh(actor.tenant, session)).state
            is_free = state.status == "paused" or state.audience in OURS
            if state.status in ENDED or not is_free:
                continue
            library = (await self.revisions.get(actor.tenant, state.revision)).library
            return session, title_of(library, state.journey, language)
        return None

    async def _sessions_of(
        self, actor: Actor, customer: str | Mapping[str, str] | None, person: str | None
    ) -> list[str]:
        """Return the latest sessions of a customer, or else of who writes in any conversation."""
        rows: list[str] = []
        if customer is not None:
            with contextlib.suppress(NotFound):
                named = await self._named(actor, customer)
                found = await self.store.read(c.SESSIONS_OF_CUSTOMER, actor.tenant, named)
                rows = sorted((row[0] for row in found), reverse=True)[:LOOKED_AT]
        if not rows and person is not None:
            found = await self.store.read(SESSIONS_OF_PERSON, actor.tenant, person)
            rows = [row[0] for row in found]
        return rows

    async def _named(self, actor: Actor, reference: str | Mapping[str, str]) -> str:
        if isinstance(reference, str):
            return (await self.customers.find(actor.tenant, reference))[0]
        found = set()
        for kind, value in reference.items():
            try:
                found.add((await self.customers.find(actor.tenant, f"{kind}:{value}"))[0])
            except NotFound:
                continue
        if len(found) != 1:
            raise NotFound
        return str(found.pop())


def _offer(listed: Sequence[str], offers: Mapping[str, str], memory: Mapping[str, Any]) -> Plan:
    """Return a plan that asks which of some journeys it is about."""
    shown = [one for one in listed if one in offers or one == OTHER][:OFFERED]
    kept = {name: memory[name] for name in ("words", "misses") if memory.get(name)}
    labels = [offers.get(one) for one in shown]
    return Plan(memory={**kept, "mode": "journey", "options": shown, "labels": labels})


def _wants_others(message: Message, listed: Sequence[str]) -> bool:
    """Return whether the other journeys were asked for, of those that were offered."""
    if OTHER not in listed:
        return False
    is_numbered = message.said == str(list(listed).index(OTHER) + 1)
    return message.choice == OTHER or is_numbered or command_in(message.said) == "none"


def title_of(library: Library, journey: str, language: str) -> str:
    """Return what a journey is called to a customer."""
    template = library.journeys[journey].title.pick(
        "bot", language, default_language=library.languages[0]
    )
    return journey if template is None else template.source


def _start(message: Message, journey: str, words: str, language: str) -> Plan:
    plan = Plan()
    plan.ops.append(
        {
            "do": "start",
            "journey": journey,
            "channel": message.channel,
            "language": language,
            "customer": message.customer,
            "words": words or None,
        }
    )
    if words:
        plan.ops.append({"do": "hear", "text": words})
    return plan


def _agreed(message: Message) -> bool | None:
    if message.choice in {"@yes", "@no"}:
        return message.choice == "@yes"
    place = {"1": True, "2": False}.get(message.said)
    return place if place is not None else yes_or_no(message.said)


def _chosen(message: Message, listed: Sequence[str], offers: Mapping[str, str]) -> str | None:
    """Return the journey that was pressed, numbered or named, of those that were offered."""
    if message.choice is not None:
        return message.choice if message.choice in offers else None
    choices = [Choice(one, offers[one]) for one in listed if one in offers]
    found = choose(choices, message.said, numbered=listed)
    return found[0] if found is not None and found[2] >= SURE else None


def _missed(memory: Mapping[str, Any], said: str, plan: Plan) -> Plan:
    """Return a plan that asks again; at the second time an advisor is asked for."""
    misses = memory.get("misses", 0) + 1
    if misses >= MISSES:
        return Plan(handed=True).say("not_understood", said=said).say("handed")
    plan.memory["misses"] = misses
    return plan.say("not_understood", said=said)
