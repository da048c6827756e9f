"""E-mails and letters in one hand: what comes, what is made of it, what goes out."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.registry import Registry
from runtime.incident_messages import IncidentMessages
from runtime.post.messages import Messages
from runtime.post.replies import Replies
from runtime.post.sending import Sending
from runtime.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Post:
    """The messages of all tenants, the work on them, and what sends replies."""

    messages: Messages
    replies: Replies
    sending: Sending


def post_of(sessions: Sessions, registry: Registry, *, operation: str | None) -> Post:
    """Return the post of a service. `operation` is the e-mail connector's that sends replies.

    What is said of incidents goes out with them, and with what journeys write to customers.
    """
    clock = sessions.turns.clock
    messages = Messages(sessions, clock)
    incidents = IncidentMessages(
        store=sessions.store, clock=clock, states=sessions.states, revisions=sessions.revisions,
        at_hand=sessions.turns.announcements.at_hand, registry=registry,
    )  # fmt: skip
    sessions.outbox.enclose_through(incidents.in_job)
    sending = Sending(
        store=sessions.store, clock=clock, registry=registry, operation=operation,
        tell=sessions.contacts.tell, incidents=incidents,
    )  # fmt: skip
    return Post(messages, Replies(messages, sending), sending)
