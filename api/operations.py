"""What one operation of the API is. The router, the OpenAPI document and the tests all read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from api.problems import Reply

if TYPE_CHECKING:
    from api.context import Context
    from runtime.access import Actor


@dataclass(slots=True)
class Call:
    """One authenticated request, as a handler sees it.

    `body` and `query` have the form their operation declares; `version` is what If-Match names.
    """

    context: Context
    actor: Actor
    params: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    language: str
    body: Any = None
    query: Any = None
    key: str = ""
    version: int | None = None


NOTHING = ""
"""The answer of an operation that gives none."""

Handler = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One request and its answer, for the OpenAPI document."""

    summary: str
    request: Any = None
    answer: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route: where it is, who may use it, what it takes and gives.

    Attributes:
        id: its name in the document and the metrics, and its place in the tables of tests.
        permission: the action `authorize` is asked about; `session.command.*` stands for the one
            of the command in the body; None makes the operation public.
        body: the structure or the JSON Schema component its body must have; None takes none.
        raw: whether its handler is given the body's bytes as they came, to verify a signature.
        query: the structure of its parameters.
        answer: the structure or media type it gives, or NOTHING; `texts`: media types it may give
            instead; `other`: structures it gives with another status.
        keyed: whether an Idempotency-Key is needed. `guarded`: whether If-Match is read.
        marked: whether its answer has the mark of its content, and is 304 to whoever has it.
        is_form: whether its body may also be a form's, for systems that know nothing else.
        limit: bytes its body may have, the service's own limit otherwise.
        problems: codes it may answer with, beside those every operation has.
    """

    id: str
    method: str
    path: str
    permission: str | None
    handler: Handler
    answer: type[msgspec.Struct] | str
    tag: str
    texts: tuple[str, ...] = ()
    other: Mapping[int, type[msgspec.Struct]] = field(default_factory=dict)
    status: int = 200
    body: type[msgspec.Struct] | str | None = None
    raw: bool = False
    query: type[msgspec.Struct] | None = None
    keyed: bool = False
    guarded: bool = False
    gives_etag: bool = False
    marked: bool = False
    is_form: bool = False
    limit: int | None = None
    problems: tuple[str, ...] = ()
    examples: tuple[Example, ...] = field(default=())

    @property
    def doc(self) -> str:
        """What it does, from its handler."""
        return (self.handler.__doc__ or "").strip()
