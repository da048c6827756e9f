"""The one place that builds a service out of its parts, and takes it down again."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from connectors.hooks import Teller
from connectors.listeners import Hears
from connectors.port import Connector
from connectors.registry import Registry
from runtime.allowances import StoredAllowances
from runtime.announcements import Announcements
from runtime.appointing import serve_for
from runtime.arrivals import Arrivals
from runtime.attaching import Attaching
from runtime.booking import booking_of
from runtime.calendars import calendars_of
from runtime.calls import Calls
from runtime.channels.conversations import Conversations
from runtime.claims import make_rules
from runtime.clock import Clock, SystemClock
from runtime.codes import Codes
from runtime.contacts import Contacts
from runtime.cti import Cti
from runtime.customers import Customers
from runtime.deploying import opened, registry_of, robots_told
from runtime.erasing import Erasing
from runtime.erasures import Erasures, file_of
from runtime.event_logs import EventLogs
from runtime.facts import Facts
from runtime.feed import Feed
from runtime.files import Files
from runtime.fitting import report
from runtime.forgetting import forget
from runtime.idempotency import Idempotency
from runtime.identification import Identification
from runtime.ids import Ids, SystemIds
from runtime.importing import Importing
from runtime.incidents import Incidents
from runtime.incidents_at_hand import AtHand
from runtime.inline import Inline
from runtime.keys import Keys
from runtime.launches import Launches
from runtime.letters import Letters
from runtime.links import Links
from runtime.lists import Lists, lists_of
from runtime.merging import Merging
from runtime.notices import Notices
from runtime.opening import open_store
from runtime.opinions import Opinions
from runtime.outbox.outbox import Outbox
from runtime.overflow import Overflow
from runtime.post.post import Post, post_of
from runtime.projector import Projector
from runtime.promises import Promises
from runtime.retention import Retention
from runtime.returning import Returning
from runtime.revisions import Revisions
from runtime.robots import Robots
from runtime.runs import Runs
from runtime.sessions import Sessions
from runtime.settings import Settings
from runtime.sign_ins import SignIns
from runtime.slots import Slots
from runtime.states import States
from runtime.store.port import Store
from runtime.subscriptions import Subscriptions
from runtime.surroundings import Surroundings
from runtime.team_file import Teams
from runtime.team_mail import mails_of
from runtime.tickets import Tickets
from runtime.timers import Timers
from runtime.turns import Turns
from runtime.views import Views
from runtime.vouching import Vouching, make_provider
from runtime.working import kept_up, stop
from runtime.workplaces import Workplaces
from runtime.wrap_ups import WrapUps

COLLECTIONS: Final = (10_000, 20, 20)
"""How seldom garbage is looked for: a turn leaves next to no circles, and a full look at the warm
sessions stops everything for tens of milliseconds."""
MINUTE: Final = 60_000
DAY: Final = 86_400_000


@dataclass(slots=True)
class Service:
    """Everything a service does, ready."""

    settings: Settings
    store: Store
    clock: Clock
    ids: Ids
    revisions: Revisions
    sessions: Sessions
    views: Views
    lists: Lists
    surroundings: Surroundings
    incidents: Incidents
    announcements: Announcements
    contacts: Contacts
    tickets: Tickets
    customers: Customers
    keys: Keys
    sign_ins: SignIns
    links: Links
    launches: Launches
    cti: Cti
    calls: Calls
    vouching: Vouching | None
    outbox: Outbox
    letters: Letters
    timers: Timers
    arrivals: Arrivals
    notices: Notices
    projector: Projector
    feed: Feed
    idempotency: Idempotency
    erasing: Erasing
    retention: Retention
    files: Files
    teams: Teams
    post: Post

    @property
    def subscriptions(self) -> Subscriptions:
        """Who is told what happens, and what was not taken: it holds nothing of its own."""
        return Subscriptions(self.store, self.clock, self.notices)

    @property
    def promises(self) -> Promises:
        """What is still owed to customers: it holds nothing of its own."""
        return Promises(
            store=self.store, clock=self.clock, sessions=self.sessions, teams=self.teams,
            remind_ms=self.settings.promise_reminder_min * MINUTE,
        )  # fmt: skip

    @property
    def slots(self) -> Slots:
        """When teams call back or see people."""
        return self.sessions.booking.slots

    @property
    def overflow(self) -> Overflow:
        """What teams do not answer in time: it holds nothing of its own."""
        return Overflow(
            store=self.store, clock=self.clock, sessions=self.sessions, teams=self.teams
        )

    @property
    def codes(self) -> Codes:
        """What sessions are resumed with: it holds nothing of its own."""
        return Codes(store=self.store, clock=self.clock, sessions=self.sessions, links=self.links)

    @property
    def workplaces(self) -> Workplaces:
        """Where actors work: it holds nothing of its own."""
        return Workplaces(self.store, self.clock)

    @property
    def wrap_ups(self) -> WrapUps:
        """What advisors make of wrap-ups: it holds nothing of its own."""
        return WrapUps(self.store, self.clock, self.sessions)

    @property
    def merging(self) -> Merging:
        """Who is the same person as whom: it holds nothing of its own."""
        return Merging(self.store, self.clock, self.customers)

    @property
    def opinions(self) -> Opinions:
        """What customers say of their contacts: it holds nothing of its own."""
        return Opinions(self.store, self.clock, self.contacts, self.sessions)

    @property
    def event_logs(self) -> EventLogs:
        """Contacts that other systems logged: it holds nothing of its own."""
        return EventLogs(self.store, self.clock, contacts=self.contacts, customers=self.customers)

    @property
    def conversations(self) -> Conversations:
        """Conversations on channels: it holds nothing of its own."""
        idle_ms = self.settings.idle_min * MINUTE
        return Conversations(self.sessions, self.files, self.clock, idle_ms)

    @property
    def importing(self) -> Importing:
        """Customers brought from files: it holds nothing of its own either."""
        return Importing(
            self.merging, revisions=self.revisions, store=self.store, clock=self.clock,
            ids=self.ids, customers=self.customers,
        )  # fmt: skip


@asynccontextmanager
async def open_service(
    settings: Settings, *, clock: Clock | None = None, ids: Ids | None = None,
    connectors: Mapping[str, Connector] | None = None, tellers: Mapping[str, Teller] | None = None,
    listeners: Sequence[Hears] | None = None,
) -> AsyncIterator[Service]:  # fmt: skip
    """Give a service, and take it down in order: nothing new is begun, what is under way ends.

    Args:
        settings: what it is told.
        clock: the system's by default.
        ids: random ones by default.
        connectors: by operation, closed by whoever gives them; those of the settings by default.
        tellers: the systems that tell us something; those of the settings by default.
        listeners: whom we tell what happens in sessions; those of the settings by default.

    Raises as `open_store`, and as `opened`.
    """
    async with AsyncExitStack() as stack:
        gc.set_threshold(*COLLECTIONS)
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        clock = clock or SystemClock()
        there = opened(
            settings, StoredAllowances(store),
            connectors=connectors, tellers=tellers, listeners=listeners,
        )  # fmt: skip
        registry = registry_of(settings, there.connectors)
        if connectors is None:
            stack.push_async_callback(registry.close)
        heard = [*there.listeners, *mails_of(settings, registry, there.teams)]
        for listener in heard:
            stack.push_async_callback(listener.close)
        notices = Notices(store=store, clock=clock, listeners=heard, teams=there.teams)
        await notices.recall()
        service = _build(
            settings, store, clock, ids or SystemIds(clock), registry=registry, notices=notices
        )
        service.arrivals.tellers = there.tellers
        serve_for(registry, promises=service.promises, sending=service.post.sending)
        stack.push_async_callback(service.outbox.drain, within_s=settings.drain_s)
        stack.callback(service.feed.close)
        if service.vouching is not None:
            stack.push_async_callback(service.vouching.provider.close)
        await service.outbox.sync()
        robots = robots_of(settings, service)
        if settings.background:
            await service.outbox.recover(alone=store.name == "sqlite")
            await service.workplaces.keep_directory(there.teams.workplaces())
        erasures = erasures_of(settings, service)
        service.erasing.noted = erasures.note
        works = [*_background(service, robots), erasures.work] if settings.background else []
        if heard:
            works.append(notices.follow)
        going = [kept_up(work) for work in works]
        if connectors is None:
            everywhere = service.revisions.everywhere()
            going.append(report(everywhere, registry.connectors, there.tellers.values()))
        for one in going:
            stack.push_async_callback(stop, asyncio.create_task(one))
        yield service


def _background(service: Service, robots: Robots) -> list[Callable[[], Coroutine[Any, Any, None]]]:
    """Return what a service does beside answering, each until it is cancelled."""
    return [
        service.outbox.work, service.timers.work, service.projector.work,
        service.retention.work, service.arrivals.work, service.notices.work, robots.work,
        service.promises.work, service.overflow.work, service.incidents.work,
        service.post.sending.work, calendars_of(service.slots).work,
        partial(
            forget,
            service.idempotency, service.sign_ins, service.links, service.calls,
            service.vouching, service.arrivals, service.letters, service.notices,
            service.post.messages, StoredAllowances(service.store), service.conversations,
            service.codes, service.post.sending.incidents,
        ),
    ]  # fmt: skip


def erasures_of(settings: Settings, service: Service) -> Erasures:
    """Return who was erased, as a service remembers it."""
    return Erasures(
        store=service.store, erasing=service.erasing, customers=service.customers,
        path=file_of(settings),
    )  # fmt: skip


def robots_of(settings: Settings, service: Service) -> Robots:
    """Return the robots that the settings name, to run in a service.

    Raises:
        WrongDeployment: their file cannot be read, or something in it is wrong.
    """
    return Robots(
        robots=robots_told(settings), runs=Runs(store=service.store, clock=service.clock),
        revisions=service.revisions, sessions=service.sessions, surroundings=service.surroundings,
    )  # fmt: skip


def _build(
    settings: Settings, store: Store, clock: Clock, ids: Ids, *, registry: Registry,
    notices: Notices,
) -> Service:  # fmt: skip
    states = States(store, clock, kept=settings.warm_sessions)
    revisions = Revisions(store, clock)
    facts = Facts(store)
    contacts, tickets = Contacts(store, clock, ids), Tickets(store)
    customers = Customers(store, ids, facts, country=settings.country_code)
    outbox = _outbox(settings, store, registry)
    projector = Projector(store, alone=store.name == "sqlite")
    timers, feed = Timers(store, clock), Feed(store)
    announcements = Announcements(store, clock, AtHand(store, clock))
    views = Views(
        store=store, revisions=revisions, projector=projector, clock=clock, said=announcements
    )
    turns = Turns(
        store=store, states=states, clock=clock, ids=ids, outbox=outbox, notices=notices,
        contacts=contacts, feed=feed, facts=facts, announcements=announcements,
        identification=Identification(store, ids, country=settings.country_code),
        attaching=Attaching(store, facts, ids),
    )  # fmt: skip
    idempotency = Idempotency(store, clock, budget_ms=settings.inline_ms)
    sessions = Sessions(
        store=store, ids=ids, states=states, turns=turns, views=views, revisions=revisions,
        contacts=contacts, tickets=tickets, customers=customers, facts=facts, outbox=outbox,
        idempotency=idempotency, returning=Returning(contacts, idle_ms=settings.idle_min * MINUTE),
        inline=Inline(views, states, outbox, idempotency, budget_ms=settings.inline_ms),
        booking=booking_of(store, clock, revisions=revisions, teams=notices.teams),
    )  # fmt: skip
    arrivals = Arrivals(store=store, clock=clock, sessions=sessions)
    outbox.settle_through(sessions.settle)
    timers.wake_through(sessions.wake)
    contacts.listen(projector.mark_contact)
    for mark in (projector.mark, timers.mark, arrivals.mark):
        turns.listen(mark)
    links = Links(
        store=store, clock=clock, ids=ids, sessions=sessions, revisions=revisions,
        customers=customers, idempotency=idempotency,
    )  # fmt: skip
    calls = Calls(sessions, clock, country=settings.country_code)
    erasing = Erasing(
        store=store, clock=clock, states=states, turns=turns, revisions=revisions,
        sessions=sessions, customers=customers,
    )  # fmt: skip
    retention = Retention(
        store=store, clock=clock, contacts=contacts, sessions=sessions, revisions=revisions,
        erasing=erasing, idle_ms=settings.idle_min * MINUTE,
    )  # fmt: skip
    sign_ins = SignIns(store, clock, ids, has_personas=settings.dev_mode)
    return Service(
        settings, store, clock, ids, revisions, sessions, views,
        lists_of(sessions), _surroundings(sessions, clock),
        _incidents(settings, announcements, ids=ids, revisions=revisions, notices=notices),
        announcements, contacts, tickets, customers, Keys(store, clock, ids), sign_ins, links,
        Launches(calls), Cti(calls), calls, _vouching(settings, store, clock, sign_ins), outbox,
        _letters(settings, store, clock, sessions), timers, arrivals, notices, projector, feed,
        idempotency, erasing, retention, Files(store=store, clock=clock, sessions=sessions),
        notices.teams, post_of(sessions, registry, operation=settings.reply_operation),
    )  # fmt: skip


def _incidents(
    settings: Settings, said: Announcements, *, ids: Ids, revisions: Revisions, notices: Notices
) -> Incidents:
    return Incidents(
        store=said.store, clock=said.clock, ids=ids, revisions=revisions, at_hand=said.at_hand,
        notices=notices, needs_second=settings.incident_second_person,
    )  # fmt: skip


def _outbox(settings: Settings, store: Store, registry: Registry) -> Outbox:
    lease_ms, places = settings.lease_s * 1_000, settings.calls_per_connector
    return Outbox(store, registry, lease_ms=lease_ms, places=places)


def _letters(settings: Settings, store: Store, clock: Clock, sessions: Sessions) -> Letters:
    return Letters(
        store=store, clock=clock, sessions=sessions, outbox=sessions.outbox,
        kept_ms=settings.dead_letter_days * DAY,
    )  # fmt: skip


def _surroundings(sessions: Sessions, clock: Clock) -> Surroundings:
    return Surroundings(
        revisions=sessions.revisions, contacts=sessions.contacts, tickets=sessions.tickets,
        customers=sessions.customers, clock=clock, teams=sessions.booking.slots.teams,
    )  # fmt: skip


def _vouching(settings: Settings, store: Store, clock: Clock, sign_ins: SignIns) -> Vouching | None:
    provider = make_provider(settings)
    if provider is None:
        return None
    return Vouching(
        store=store, clock=clock, sign_ins=sign_ins, provider=provider, rules=make_rules(settings),
        label=settings.oidc_label or str(urlsplit(provider.client.issuer).hostname),
    )  # fmt: skip
