"""What surrounds a session for who works on it: its contact, ticket and customer, what is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from authoring.draw import step_title
from engine.ahead import learnt, looking, questions
from engine.model import Library
from engine.recap import HIDDEN
from engine.reuse import reuse
from engine.side_calls import side_call
from engine.viewer import Viewer
from engine.wording import Text
from runtime.access import Actor
from runtime.attaching import NEW
from runtime.clock import Clock
from runtime.contacts import Contacts
from runtime.customers import ADVISOR, NAME, Customers
from runtime.revisions import Revisions
from runtime.states import Warm
from runtime.team_file import Teams
from runtime.tickets import Tickets
from runtime.turns import zone_of
from runtime.verdicts import told
from runtime.views import Views, audience


class Surroundings:
    """Gathers what a person beside a walk looks at; each call stays within its tenant."""

    def __init__(
        self,
        *,
        revisions: Revisions,
        contacts: Contacts,
        tickets: Tickets,
        customers: Customers,
        clock: Clock,
        teams: Teams,
    ) -> None:
        self._revisions = revisions
        self._contacts = contacts
        self._tickets = tickets
        self._customers = customers
        self._clock = clock
        self._teams = teams

    async def questions(
        self, actor: Actor, warm: Warm, *, language: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the questions a session may still ask; see `engine.ahead.questions`."""
        return questions(await self._look(actor, warm, language))

    async def answers(
        self, actor: Actor, warm: Warm, *, language: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the answers a session holds, latest first; see `engine.ahead.learnt`.

        A sensitive one is hidden: `shown` stands in its place, and `value` is None.
        """
        found = learnt(await self._look(actor, warm, language))
        hidden = {"shown": HIDDEN, "value": None}
        return [{**one, **hidden} if one["sensitive"] else one for one in found]

    async def around(
        self, actor: Actor, warm: Warm, *, language: str | None = None
    ) -> dict[str, Any]:
        """Return the contact, the ticket and the customer of a session, and what it has learnt.

        Also whom one may transfer to or consult (`teams`), which teams give slots (`slot_teams`),
        which journeys may be opened in passing (`digressions`), and who is being consulted;
        `customer_name` is what the customer is called, as soon as a fact or a system told it.
        """
        state = warm.state
        look = await self._look(actor, warm, language)
        library = look.library
        contact = await _read(self._contacts.get, actor, state.contact)
        ticket = await _read(self._tickets.get, actor, state.ticket)
        # Who calls may be found out during the walk: the ticket then knows, the session does not.
        customer = state.customer or (ticket or {}).get("customer")
        whose = await _read(self._customers.get, actor, customer)
        if whose is not None:
            whose["facts"] = self._reusable(library, whose["facts"])
        return {
            "session": state.session,
            "started_at": state.started_at,
            "ended_at": state.ended_at,
            "by": warm.owner,
            "words": state.words,
            "inputs": state.inputs,
            "contact": contact,
            "ticket": ticket and await self._filed(actor.tenant, look, ticket),
            "customer": whose,
            "customer_name": _name(look, whose),
            "learnt": learnt(look),
            "notes": [dict(note) for note in state.notes],
            "promises": [dict(promise) for promise in state.promises],
            "consulting": state.consulting,
            "side_call": side_call(state),
            "own_advisor": whose and (whose["facts"].get(ADVISOR) or {}).get("value"),
            "actions": _actions(look),
            "teams": [_team(look, name) for name in library.addressees],
            "slot_teams": [_team(look, name) for name in self._teams.giving_slots(actor.tenant)],
            "digressions": [
                _named(look, name, library.journeys[name].title)
                for name in library.digressions
                if name in library.journeys
            ],
        }

    def _reusable(self, library: Library, facts: dict[str, Any]) -> dict[str, Any]:
        """Return facts, each with how a question that does not say it would use it, and why."""
        now, shown = self._clock.now(), {}
        for name, entry in facts.items():
            fact = library.facts.get(name)
            declared = None if fact is None else fact.known
            mode, why = reuse(declared, library.reuse, entry, now=now)
            shown[name] = {**entry, "mode": mode, "why": why}
        return shown

    async def _filed(self, tenant: str, look: Viewer, ticket: Mapping[str, Any]) -> dict[str, Any]:
        """Return a session's ticket with why it is that one, and what one key puts in its place.

        `why` is {what, reason, at, text}, None for the first request on its subject; `instead` is
        what the command `attach` takes: another ticket's id, or `new`; `expected` how many contacts
        its motive needs; `motive_label` is what the library calls it.
        """
        motive = ticket["motive"]
        what, reason, at = look.state.attached or ("new", None, None)
        others = await self._tickets.others(tenant, look.library, ticket)
        instead = others[0]["id"] if others else None
        if what in {"attach", "reopen"}:
            instead = NEW
        why = None
        if reason is not None:
            text = told(what, reason, look.language)
            why = {"what": what, "reason": reason, "at": at, "text": text}
        expected = look.library.ticketing.of(motive).expected if motive else None
        entry = look.library.codes.get("declaration", {}).get(motive or "")
        return {
            **ticket,
            "motive_label": entry and look.text(entry.label, None),
            "why": why,
            "others": others,
            "instead": instead,
            "expected": expected,
            "open_sessions": [_at(look, one) for one in ticket["open_sessions"]],
        }

    async def _look(self, actor: Actor, warm: Warm, language: str | None) -> Viewer:
        revision = await self._revisions.get(actor.tenant, warm.state.revision)
        library: Library = revision.library
        return looking(
            library,
            warm.state,
            audience=audience(actor, warm.state.audience),
            language=Views.language(revision, warm, language),
            now=self._clock.now(),
            zone=zone_of(library.timezone),
        )


async def _read(
    get: Callable[[Actor, str], Awaitable[dict[str, Any]]], actor: Actor, name: str | None
) -> dict[str, Any] | None:
    return None if name is None else await get(actor, name)


def _name(look: Viewer, customer: Mapping[str, Any] | None) -> str | None:
    """Return what the customer is called: by a fact of that name, else by a record of the walk.

    A record is one that a journey keeps as `client` or `customer`, with its `name`; the latest run
    that has one says it.
    """
    known = (customer or {}).get("facts", {}).get(NAME)
    said = [known["value"]] if known else []
    for run in reversed(look.state.runs.values()):
        records = (run.values.get(name) for name in ("client", "customer"))
        said += [record.get("name") for record in records if isinstance(record, dict)]
    return next((name for name in said if isinstance(name, str) and name.strip()), None)


def _team(look: Viewer, name: str) -> dict[str, str]:
    """Return a team or skill, by its title where the library gives it one."""
    title = look.library.addressees.get(name)
    return {"id": name, "title": name} if title is None else _named(look, name, title)


def _at(look: Viewer, session: Mapping[str, Any]) -> dict[str, Any]:
    """Return a session one may resume, with what the step is called where this library has it."""
    step, root = session["step"], session["journey"]
    title = None
    if step is not None and root in look.library.journeys:
        title = step_title(look.library, step, root=root, language=look.language)
    return {**session, "step_title": title}


def _named(look: Viewer, name: str, title: Text) -> dict[str, str]:
    return {"id": name, "title": look.text(title, None) or name}


def _actions(look: Viewer) -> list[dict[str, Any]]:
    """Return the actions a session asked for, oldest first, by the title of their step."""
    titles = {visit.key: visit for visit in look.state.path}
    shown = []
    for effect in look.state.effects.values():
        visit = titles.get(effect.place)
        title = effect.operation
        if visit is not None and visit.run in look.state.runs:
            title = look.title(look.walk.step(visit), look.walk.here(visit))
        shown.append(
            {
                "effect": effect.id,
                "operation": effect.operation,
                "title": title,
                "visit": effect.visit,
                "status": effect.status,
                "reason": effect.reason,
                "behind": effect.behind,
                "compensates": effect.compensates,
            }
        )
    return shown
