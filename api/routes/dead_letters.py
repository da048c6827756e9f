"""Dead letters: actions that came to nothing, listed for supervisors, taken up again or closed."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api import paging
from api.operations import Call, Example, Operation
from api.problems import Reply
from api.queries import LettersQuery
from api.replies import as_json
from api.retries import once, replied
from api.schemas import Body, Page
from runtime.idempotency import Keep

_PATH = "/v1/dead-letters"
_LIST = "dead-letters"


class DeadLetter(msgspec.Struct):
    """An action that came to nothing.

    `status` is what became of it and `state` who has it now; `undo` says that it was to undo
    another one. Times in milliseconds UTC.
    """

    id: str
    session: str
    effect: str
    operation: str
    effect_class: str
    undo: bool
    status: str
    reason: str | None
    state: str
    at: int
    changed_at: int
    note: str | None
    attempts: int | None
    by: str | None


class DeadLetterRead(DeadLetter):
    """A dead letter with `tried`, its attempts that failed, and what supervisors `decided`."""

    tried: list[dict[str, Any]]
    decided: list[dict[str, Any]]


class Redrive(Body):
    """`may_repeat`: whoever asks knows that the action was not done, or may be done twice."""

    may_repeat: bool = False


class Close(Body):
    """Why it is done with: it was done otherwise, it is needed no more."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


async def list_letters(call: Call) -> Reply:
    """List the actions that came to nothing, newest first: by default those that nobody has.

    What only looked something up is never among them. `with_person` are those a person is being led
    through by hand; they are `open` again when the session ends without it.
    """
    asked: LettersQuery = call.query
    name = f"{_LIST}:{asked.state}"
    found = await call.context.service.letters.all(
        call.actor,
        state=asked.state,
        before=paging.read(call.actor.tenant, name, asked.cursor, kind=str),
        limit=asked.limit + 1,
    )
    items, more = found[: asked.limit], len(found) > asked.limit
    following = paging.write(call.actor.tenant, name, items[-1]["id"]) if more else None
    return as_json(paging.page(items, following))


async def read_letter(call: Call) -> Reply:
    """Read one, with each attempt that failed and what supervisors did about it."""
    return as_json(await call.context.service.letters.get(call.actor, call.params["letter"]))


async def redrive(call: Call) -> Reply:
    """Have an action attempted again, with the key it always had.

    Its success is recorded in its session and offered there; the session is not moved. An `unsafe`
    action that may have taken place is attempted only when the body says `may_repeat`.
    """
    asked: Redrive = call.body
    letter = call.params["letter"]

    async def do(keep: Keep) -> dict[str, Any]:
        return await call.context.service.letters.redrive(
            call.actor, letter, may_repeat=asked.may_repeat, keep=keep
        )

    return replied(await once(call, f"{_PATH}/{letter}:redrive", do=do, body=dict))


async def close(call: Call) -> Reply:
    """Close one, with a reason: its session asks for no more attention."""
    asked: Close = call.body
    letter = call.params["letter"]

    async def do(keep: Keep) -> dict[str, Any]:
        return await call.context.service.letters.close(
            call.actor, letter, reason=asked.reason, keep=keep
        )

    return replied(await once(call, f"{_PATH}/{letter}:close", do=do, body=dict))


_LETTER = {
    "id": "dlt_06k3v9r1d4zj5m2q8w7t0xbncs",
    "session": "ses_06k3v9r1d4zj5m2q8w7t0xbncs",
    "effect": "ses_06k3v9r1d4zj5m2q8w7t0xbncs/main/tell~1.1",
    "operation": "mail.confirm",
    "effect_class": "unsafe",
    "undo": False,
    "status": "failed",
    "reason": "http.503",
    "state": "open",
    "at": 1_767_225_600_000,
    "changed_at": 1_767_225_600_000,
    "note": None,
    "attempts": 48,
    "by": None,
}

OPERATIONS = (
    Operation(
        id="dead-letter.list", method="GET", path=_PATH, permission="dead-letter.read",
        handler=list_letters, query=LettersQuery, answer=Page, tag="dead letters",
        problems=("request.bad-cursor",),
        examples=(
            Example(summary="One that nobody has", answer={"items": [_LETTER], "next": None}),
        ),
    ),
    Operation(
        id="dead-letter.read", method="GET", path=_PATH + "/{letter}",
        permission="dead-letter.read", handler=read_letter, answer=DeadLetterRead,
        tag="dead letters", problems=("not-found",),
    ),
    Operation(
        id="dead-letter.redrive", method="POST", path=_PATH + "/{letter}:redrive",
        permission="dead-letter.change", handler=redrive, body=Redrive, answer=DeadLetter,
        keyed=True, tag="dead letters",
        problems=("not-found", "dead-letter.not-open", "dead-letter.may-be-done"),
        examples=(
            Example(summary="The other system is well again", request={"may_repeat": False},
                    answer={**_LETTER, "state": "redriven", "by": "supervisor:zoe"}),
        ),
    ),
    Operation(
        id="dead-letter.close", method="POST", path=_PATH + "/{letter}:close",
        permission="dead-letter.change", handler=close, body=Close, answer=DeadLetter,
        keyed=True, tag="dead letters", problems=("not-found", "dead-letter.not-open"),
        examples=(
            Example(summary="It was done otherwise", request={"reason": "told by phone"},
                    answer={**_LETTER, "state": "closed", "by": "supervisor:zoe",
                            "note": "told by phone"}),
        ),
    ),
)  # fmt: skip
