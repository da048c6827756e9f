"""E-mails and letters in one hand: what comes, what is made of it, what goes out."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.registry import Registry
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
    """Return the post of a service. `operation` is the e-mail connector's that sends replies."""
    clock = sessions.turns.clock
    messages = Messages(sessions, clock)
    sending = Sending(
        store=sessions.store, clock=clock, registry=registry, operation=operation,
        tell=sessions.contacts.tell,
    )  # fmt: skip
    return Post(messages, Replies(messages, sending), sending)
