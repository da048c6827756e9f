"""Calls: a phone system says that one rings, and an advisor's screen opens on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.identity import phone_system
from api.operations import Call, Example, Operation
from api.people import AnnouncedCall, OpenCall, OpenedCall, Reported
from api.problems import Reply
from api.replies import as_json

_LIMIT = 64 * 1024
_CALL = {"call_id": "8f14e45f", "direction": "in", "from": "+33612345678", "to": "+33170000000"}
_TOKEN = "pl_Jr4Zb0x8mTnV5qYc2sWfKd7hLp9aQeGuRi1oXtBvNyM"  # noqa: S105 - made up, for the document


async def announce(call: Call) -> Reply:
    """Announce a call; the answer's `url` opens it on an advisor's screen, once, for five minutes.

    Any names that phone systems use are taken unchanged: VICIdial's, Wildix's, Global IP phones',
    ServiceNow's, Genesys Cloud's, Twilio Flex's, Webex's, and our own (`call_id, direction, from,
    to, agent, queue, channel, lang, journey, customer_id, customer_phone, customer_email,
    ticket_id, recording_id, return_url, v.<input>`); others come back as `unmapped`. The same call
    of the same `source` is the same launch, contact and session.
    """
    made = await call.context.service.launches.announce(call.actor, _texts(call.body))
    url = f"/launch#t={made.token}"
    answer = AnnouncedCall(
        made.launch, made.token, url, made.contact, made.session, dict(made.unmapped)
    )
    return as_json(answer, status=201)


async def open_call(call: Call) -> Reply:
    """Open a call on the screen of who asks: by its one-time token, or by its parameters.

    When a journey was named its session is begun, the first time; then it is that very session.
    Without one, the answer says what a session is to begin with.
    """
    asked: OpenCall = call.body
    opened = await call.context.service.launches.open(
        call.actor, token=asked.token, parameters=asked.parameters, language=call.language
    )
    answer = OpenedCall(
        opened.launch, opened.contact, opened.session, _plain(opened.reference), opened.asks,
        dict(opened.said),
    )  # fmt: skip
    return as_json(answer)


async def report(call: Call) -> Reply:
    """Report what became of a call: `newCall`, `answer`, `hangup`, `hold` or `unhold`.

    Compatible with Zammad's generic CTI, as JSON or as a form. The address holds a key that may do
    this alone (`parcours keys create pbx --role robot --scope cti.report`). A report that comes
    twice, late or out of order is answered alike, and counted once.
    """
    actor = await phone_system(call.context, call.params["token"])
    found = await call.context.service.cti.report(actor, call.body)
    return as_json(Reported(**found))


def _plain(reference: str | Mapping[str, str] | None) -> str | dict[str, str] | None:
    return dict(reference) if isinstance(reference, Mapping) else reference


def _texts(body: Mapping[str, Any]) -> dict[str, str]:
    """Return a call's parameters as texts, as they would stand in an address."""
    return {name: str(value) for name, value in body.items() if value is not None}


OPERATIONS = (
    Operation(
        id="launch.create", method="POST", path="/v1/launches", permission="launch.create",
        handler=announce, body="CallWords", answer=AnnouncedCall, status=201, tag="launches",
        limit=_LIMIT,
        examples=(
            Example(
                summary="A call rings; its screen opens the tracking of a parcel",
                request={**_CALL, "journey": "livraison.suivi", "lang": "fr"},
                answer={
                    "launch": "lau_06k3v9r1d4zj5m2q8w7t0xbncs",
                    "token": _TOKEN,
                    "url": f"/launch#t={_TOKEN}",
                    "contact": "ctc_06k3v9r1d4zj5m2q8w7t0xbncs",
                    "session": None,
                    "unmapped": {},
                },
            ),
        ),
    ),
    Operation(
        id="launch.open", method="POST", path="/v1/launches:open", permission="launch.open",
        handler=open_call, body=OpenCall, answer=OpenedCall, tag="launches",
        problems=("launch.over", "launch.under-way", "not-found"),
        examples=(
            Example(
                summary="By its token",
                request={"token": _TOKEN},
                answer={
                    "launch": "lau_06k3v9r1d4zj5m2q8w7t0xbncs",
                    "contact": "ctc_06k3v9r1d4zj5m2q8w7t0xbncs",
                    "session": "ses_06k3v9r1d4zj5m2q8w7t0xbncs",
                    "reference": {"phone": "+33612345678"},
                    "asks": None,
                    "said": {"direction": "inbound", "caller": "+33612345678"},
                },
            ),
        ),
    ),
    Operation(
        id="cti.report", method="POST", path="/cti/{token}", permission=None,
        handler=report, body="CallReport", answer=Reported, tag="launches", limit=_LIMIT,
        is_form=True, problems=(
            "access.unauthenticated", "not-found", "request.too-many", "service.busy",
        ),
        examples=(
            Example(
                summary="The advisor picks up",
                request={"event": "answer", "callId": "8f14e45f", "direction": "in",
                         "from": "+33612345678", "to": "+33170000000", "user": "Ana"},
                answer={"contact": "ctc_06k3v9r1d4zj5m2q8w7t0xbncs", "status": "answered"},
            ),
        ),
    ),
)  # fmt: skip
