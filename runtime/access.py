"""Who may do what: one table of permissions, and the one gate that reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.commands import COMMANDS
from runtime.errors import Forbidden, NotFound

ROLES: Final = ("advisor", "bot", "robot", "customer", "author", "supervisor", "admin", "system")

_WALKERS: Final = frozenset({"advisor", "bot", "robot", "customer", "supervisor"})
_STAFF: Final = frozenset({"advisor", "supervisor", "admin"})
_READERS: Final = _WALKERS | {"author", "admin"}

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "session.start": _WALKERS,
    "session.read": _WALKERS | {"admin", "system"},
    "session.list": frozenset({"advisor", "supervisor", "admin"}),
    "session.events": frozenset({"advisor", "supervisor", "admin"}),
    "session.preview": _WALKERS,
    "session.questions": _WALKERS,
    "session.answers": _WALKERS,
    "session.file.send": _WALKERS,
    "session.file.read": _WALKERS | {"admin"},
    "session.surroundings": _STAFF,
    "session.wrap-up.read": _STAFF,
    "session.wrap-up.write": frozenset({"advisor", "supervisor"}),
    "journey.read": _READERS,
    "search": _READERS,
    "declaration.suggest": _READERS,
    "library.check": frozenset({"author", "admin"}),
    "library.publish": frozenset({"author", "admin"}),
    "remark.read": frozenset({"author", "supervisor", "admin"}),
    "contact.read": _STAFF | {"bot"},
    "contact.write": _WALKERS,
    "contact.import": frozenset({"supervisor", "admin"}),
    "message.take-in": frozenset({"advisor", "supervisor", "robot"}),
    "message.read": _STAFF,
    "message.work": frozenset({"advisor", "supervisor"}),
    "ticket.read": _STAFF | {"bot"},
    "promise.read": _STAFF | {"system"},
    "promise.invite": frozenset({"advisor", "supervisor", "system"}),
    "slot.read": _STAFF | {"system"},
    "ticket.match": _STAFF | {"bot"},
    "customer.read": _STAFF | {"system"},
    "customer.match": _STAFF,
    "customer.merge": _STAFF,
    "customer.import": frozenset({"supervisor", "admin"}),
    "customer.erase": frozenset({"admin"}),
    "dead-letter.read": frozenset({"supervisor", "admin"}),
    "dead-letter.change": frozenset({"supervisor", "admin"}),
    "subscription.read": frozenset({"supervisor", "admin"}),
    "subscription.change": frozenset({"supervisor", "admin"}),
    "incident.current": _WALKERS | {"admin"},
    "incident.acknowledge": _WALKERS,
    "incident.read": frozenset({"supervisor", "admin"}),
    "incident.write": frozenset({"supervisor"}),
    "incident.validate": frozenset({"supervisor"}),
    "incident.end": frozenset({"supervisor"}),
    "key.manage": frozenset({"admin"}),
    "code.make": _STAFF | {"bot", "customer"},
    "code.redeem": frozenset({"advisor", "supervisor", "bot"}),
    "link.create": _STAFF | {"bot"},
    "link.revoke": _STAFF | {"bot"},
    "link.read": frozenset({"customer"}),
    "launch.create": _STAFF | {"bot", "robot"},
    "launch.open": frozenset({"advisor", "supervisor"}),
    "cti.report": frozenset({"robot"}),
    "channel.turn": frozenset({"bot"}),
    "mcp.use": frozenset({"bot"}),
    "colleague.read": _STAFF | {"author"},
    "me.read": _READERS,
    "me.change": _READERS,
    "measure.read": frozenset({"author", "supervisor", "admin", "system"}),
    "measure.own": frozenset({"advisor"}),
    "measure.drill": frozenset({"supervisor", "admin"}),
    "threshold.read": frozenset({"supervisor", "admin"}),
    "threshold.change": frozenset({"supervisor", "admin"}),
    "export.read": frozenset({"supervisor", "admin"}),
    "volume.read": frozenset({"supervisor", "admin"}),
    "volume.bring": frozenset({"supervisor", "admin", "robot"}),
    "irritant.read": frozenset({"author", "supervisor", "admin", "system"}),
    "irritant.change": frozenset({"supervisor", "admin"}),
    "opinion.give": frozenset({"customer", "bot"}),
    "opinion.bring": frozenset({"robot"}),
    "sample.read": frozenset({"supervisor", "admin"}),
    "sample.draw": frozenset({"supervisor", "admin"}),
    "sample.rate": frozenset({"supervisor"}),
    "log.export": frozenset({"supervisor", "admin"}),
    "metrics.read": frozenset({"supervisor", "admin"}),
    **{
        f"session.command.{name}": frozenset({"system"} if spec.system else spec.roles)
        for name, spec in COMMANDS.items()
    },
}
"""Every action and the roles that may do it. Source: semantics.md 24."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: `tenant`, a role, a name within it, and what its key is limited to.

    `scopes` empty means all its role allows; otherwise names of permissions, or `session.*`.
    `key`, `sign_in`, `link`: the id of the API key, of the browser's sign-in or of the link it
    came with; `session`: the only one a link opens, None until it began one.
    """

    tenant: str
    role: str
    id: str
    scopes: frozenset[str] = frozenset()
    key: str | None = None
    sign_in: str | None = None
    link: str | None = None
    session: str | None = None

    @property
    def by(self) -> str:
        """What its events say: `advisor:ana`, or `system`."""
        return "system" if self.role == "system" else f"{self.role}:{self.id}"


@dataclass(frozen=True, slots=True)
class Resource:
    """What is asked for: its tenant, whom it belongs to when it is one actor's own, its session."""

    tenant: str
    owner: str | None = None
    session: str | None = None


def system_actor(tenant: str) -> Actor:
    """Return the service itself, acting for a tenant."""
    return Actor(tenant, "system", "system")


def is_in_scope(scopes: frozenset[str], action: str) -> bool:
    """Return whether a key's scopes cover an action."""
    if not scopes or action in scopes:
        return True
    parts = action.split(".")
    return any(".".join([*parts[:n], "*"]) in scopes for n in range(1, len(parts)))


def is_theirs(actor: Actor, owner: str | None) -> bool:
    """Return whether what somebody began is within an actor's reach: a customer's own only."""
    return actor.role != "customer" or owner == actor.by


def authorize(actor: Actor, action: str, resource: Resource | None = None) -> None:
    """Let an actor do an action on a resource, or refuse.

    A customer reads and walks only the sessions it began itself; with a link, the link's alone.

    Raises:
        NotFound: the resource is another tenant's, another customer's, or not the link's.
        Forbidden: the role or the key's scopes do not allow it; unknown actions are refused.
    """
    if resource is not None:
        if resource.tenant != actor.tenant:
            raise NotFound
        if actor.link is not None:
            if resource.session is None or resource.session != actor.session:
                raise NotFound
        elif resource.owner is not None and not is_theirs(actor, resource.owner):
            raise NotFound
    if actor.role not in PERMISSIONS.get(action, frozenset()) or not is_in_scope(
        actor.scopes, action
    ):
        raise Forbidden(action=action, role=actor.role)


def audience_of(actor: Actor) -> str:
    """Return whom a session begun by this actor speaks to."""
    if actor.role in {"advisor", "supervisor"}:
        return "advisor"
    return actor.role if actor.role in {"customer", "bot", "robot"} else "customer"
