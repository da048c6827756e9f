"""Invitations: an appointment for the customer's calendar, a team's appointments for its own."""

from __future__ import annotations

from typing import Any, Final

from api.messages import ListedMessage
from api.operations import Call, Example, Operation
from api.problems import Reply
from api.retries import once, replied
from api.schemas import Body, Name
from runtime.idempotency import Keep
from runtime.invitations import Invitations

CALENDAR: Final = "text/calendar"
_PATH: Final = "/v1/promises/{promise}/invitation"


class Invite(Body):
    """To whom an invitation goes: the customer's own address unless one is named."""

    to: Name | None = None


class TeamQuery(Body):
    """Whose appointments."""

    team: Name


async def read_invitation(call: Call) -> Reply:
    """Read an appointment as an invitation (iCalendar): moved, under the same identity, or off."""
    made = await _invitations(call).read(call.actor, call.params["promise"], language=call.language)
    return _calendar(made)


async def send_invitation(call: Call) -> Reply:
    """Send the invitation by e-mail, through the connector that sends replies.

    Sent again after the appointment was moved or is not needed, it moves or removes what the
    customer's calendar holds. `status` says what became of it, as for a reply.
    """
    asked: Invite = call.body
    promise = call.params["promise"]

    async def do(keep: Keep) -> dict[str, Any]:
        return await _invitations(call).send(call.actor, promise, to=asked.to, keep=keep)

    path = _PATH.replace("{promise}", promise)
    return replied(await once(call, path, do=do, body=dict), status=201)


async def team_calendar(call: Call) -> Reply:
    """Read the appointments of a team that are still owed, as a calendar (iCalendar)."""
    asked: TeamQuery = call.query
    made = await _invitations(call).calendar(call.actor, asked.team, language=call.language)
    return _calendar(made)


def _invitations(call: Call) -> Invitations:
    service = call.context.service
    return Invitations(service.promises, service.post.sending)


def _calendar(made: bytes) -> Reply:
    name = (b"content-disposition", b'attachment; filename="invitation.ics"')
    return Reply(200, made, (name,), media_type=b"text/calendar; charset=utf-8")


_SENT: dict[str, Any] = {
    "id": "msg_06k3v9r1d4zj5m2q8w7t0xbncs", "direction": "out", "kind": "email", "status": "sent",
    "subject": "Appointment: We call you back", "contact": None,
    "customer": "cus_06k3v9r1d4zj5m2q8w7t0xbncs", "session": "ses_06k3v9r1d4zj5m2q8w7t0xbncs",
    "at": 1_767_225_600_000, "from": "", "name": "", "to": "claire.dubois@example.org",
    "answers": None, "own_advisor": None, "machine": None, "reason": None, "language": "en",
    "files": [],
    "excerpt": "We call you back On 1 January 2026, 12:00 to 12:30 (Europe/Paris).",
}  # fmt: skip
OPERATIONS = (
    Operation(
        id="invitation.read", method="GET", path=_PATH, permission="promise.read",
        handler=read_invitation, answer=CALENDAR, tag="tickets",
        problems=("not-found", "invitation.none"),
    ),
    Operation(
        id="invitation.send", method="POST", path=_PATH, permission="promise.invite",
        handler=send_invitation, body=Invite, answer=ListedMessage, status=201, keyed=True,
        tag="tickets", problems=("not-found", "invitation.none", "message.no-mail"),
        examples=(
            Example(summary="To the customer's own address", request={}, answer=_SENT),
        ),
    ),
    Operation(
        id="slot.calendar", method="GET", path="/v1/slots/calendar", permission="promise.read",
        handler=team_calendar, query=TeamQuery, answer=CALENDAR, tag="tickets",
        problems=("not-found", "invitation.none"),
    ),
)  # fmt: skip
