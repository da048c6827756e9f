"""Serve one operation: authorise, read what it takes, handle, and say what failed in our words.

Hot and ordinary routes both come through here: there is one authentication, one set of limits,
one form of refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from api import headers as http_headers
from api import json_guard, parameters
from api.bodies import check_media_type, is_form, read_body, read_form, read_json
from api.operations import Call, Operation
from api.problems import Problem, Reply
from api.refusals import PROBLEMS
from authoring.findings import as_dict
from engine.refusals import Refused
from runtime import errors
from runtime.access import authorize
from runtime.idempotency import view_alone

if TYPE_CHECKING:
    from api.exchange import Exchange
    from runtime.access import Actor

LONGEST_PARAMETER = 255


async def serve(operation: Operation, params: Mapping[str, str], *, exchange: Exchange) -> Reply:
    """Return an operation's answer to a request.

    Raises:
        Problem: it is refused.
    """
    context, actor, headers = exchange.context, exchange.actor, exchange.headers
    if operation.permission is not None and not operation.permission.endswith(".*"):
        _authorize(actor, operation.permission)
    call = Call(context, actor, checked(params), headers, exchange.language)
    call.query = parameters.query(exchange.scope["query_string"], operation.query)
    if operation.keyed:
        call.key = http_headers.idempotency_key(headers)
    if operation.guarded:
        call.version = http_headers.expected_version(headers)
    if operation.raw:
        check_media_type(headers)
        call.body = await read_body(
            exchange.receive, headers, limit=operation.limit or context.body_limit
        )
    elif operation.body is not None:
        reading = read_form if operation.is_form and is_form(headers) else read_json
        body = await reading(exchange.receive, headers, limit=operation.limit or context.body_limit)
        if isinstance(operation.body, str):
            call.body = _object(body)
        else:
            call.body = parameters.structured(body, operation.body)
    try:
        return await operation.handler(call)
    except Refused as refused:
        raise _refused(refused) from refused
    except errors.Failure as failure:
        raise problem_of(failure) from failure


def checked(params: Mapping[str, str]) -> Mapping[str, str]:
    """Return path parameters; one that no identifier of ours could be is not found."""
    for value in params.values():
        try:
            json_guard.check_text(value)
        except json_guard.MalformedJson:
            raise problem_of(errors.NotFound()) from None
        if len(value) > LONGEST_PARAMETER or not value.isprintable():
            raise problem_of(errors.NotFound())
    return params


def problem_of(failure: errors.Failure) -> Problem:
    """Return the problem a use case's failure is answered with.

    Raises:
        Failure: the very failure, when it is not one to be answered but a fault of ours.
    """
    if failure.code not in PROBLEMS:
        raise failure
    extra: dict[str, Any] = {}
    headers: dict[bytes, bytes] = {}
    if isinstance(failure, errors.Stale):
        extra["view"] = msgspec.Raw(view_alone(failure.body))
        headers[b"etag"] = http_headers.etag(failure.version)
    elif isinstance(failure, errors.LibraryRefused):
        extra["findings"] = [as_dict(finding) for finding in failure.findings]
    params = dict(failure.params)
    wrong: dict[str, dict[str, Any]] = {}
    if isinstance(field := params.pop("field", None), str):
        wrong[field] = {"code": failure.code, "message": failure.message, **params}
    return Problem(
        failure.code,
        params=params,
        wrong=wrong,
        extra=extra,
        headers=headers,
        message=failure.message,
    )


def _authorize(actor: Actor, permission: str) -> None:
    try:
        authorize(actor, permission)
    except errors.Failure as failure:
        raise problem_of(failure) from failure


def _refused(refused: Refused) -> Problem:
    return Problem(
        refused.code, wrong=refused.fields, params=refused.params, message=refused.message
    )


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Problem(
            "request.wrong",
            wrong={
                "body": {
                    "code": "request.wrong-field",
                    "message": {"en": "An object is needed.", "fr": "Il faut un objet."},
                    "allowed": "object",
                }
            },
        )
    return body
