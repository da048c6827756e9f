"""A request built of values: each goes to its place encoded by the kind of that place.

Nothing is put together as text: a value cannot leave its path segment, its parameter or its header.
Source: promises.md 3, row "Injection into connector URL/body/header".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

from connectors.bodies import write_json
from connectors.outward import Ask
from connectors.urls import is_header

LONGEST_KEY: Final = 255
MISSING: Final[Any] = object()


class WrongInput(Exception):
    """A value cannot stand where it is to be sent.

    Attributes:
        name: the input, or the place.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Given:
    """What is sent in one place: an input, a part of one (`address.city`), or always the same."""

    path: tuple[str, ...] = ()
    value: Any = None

    def of(self, inputs: Mapping[str, Any]) -> Any:
        """Return the value; MISSING when it was not given."""
        if not self.path:
            return self.value
        found: Any = inputs
        for part in self.path:
            found = found.get(part) if isinstance(found, Mapping) else None
            if found is None:
                return MISSING
        return found


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a path: `orders`, or a value with what surrounds it, `{id}.json`."""

    before: str
    given: Given | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries: named places, and whether all other inputs come along."""

    kind: Literal["json", "form"]
    places: Mapping[tuple[str, ...], Given] = field(default_factory=dict)
    rest: tuple[str, ...] = ()
    whole: str | None = None
    """The one input that is the body, in place of an object."""


@dataclass(frozen=True, slots=True)
class Form:
    """How an operation's inputs become a request."""

    method: str
    segments: Sequence[Segment]
    query: Mapping[str, Given] = field(default_factory=dict)
    headers: Mapping[str, Given] = field(default_factory=dict)
    body: Body | None = None


def ask_of(form: Form, base: str, inputs: Mapping[str, Any], *, extra: Mapping[str, str]) -> Ask:
    """Return the request for some inputs.

    Args:
        form: where each of them goes.
        base: the URL that the path is added to.
        inputs: in their JSON form.
        extra: headers beside those of the form.

    Raises:
        WrongInput: a value cannot stand in its place.
    """
    path = "".join(f"/{_segment(one, inputs)}" for one in form.segments)
    query = urlencode(list(_pairs(form.query, inputs)), quote_via=quote)
    headers = {name: _header(name, value) for name, value in _texts(form.headers, inputs)}
    content = b""
    if form.body is not None:
        content, kind = _content(form.body, inputs)
        headers["Content-Type"] = kind
    url = f"{base}{path}{'?' if query else ''}{query}"
    return Ask(form.method, url, {**headers, **extra}, content)


def key_header(key: str) -> str:
    """Return an action's key as a header takes it; the same key always gives the same."""
    fits = 0 < len(key) <= LONGEST_KEY and is_header("K", key) and key.strip() == key
    return key if fits else hashlib.sha256(key.encode()).hexdigest()


def _segment(segment: Segment, inputs: Mapping[str, Any]) -> str:
    if segment.given is None:
        return quote(segment.before, safe="")
    value = _text(segment.given.of(inputs), ".".join(segment.given.path))
    whole = f"{segment.before}{value}{segment.after}"
    # `.` and `..` would climb in the path though they are encoded like any other.
    if value == "" or whole in {".", ".."}:
        raise WrongInput(".".join(segment.given.path))
    return _encoded(whole)


def _pairs(places: Mapping[str, Given], inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, given in places.items():
        value = given.of(inputs)
        for one in value if isinstance(value, list) else [value]:
            if one is not MISSING:
                text = _text(one, name)
                _encoded(text)
                yield name, text


def _texts(places: Mapping[str, Given], inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, given in places.items():
        value = given.of(inputs)
        if value is not MISSING:
            yield name, _text(value, name)


def _header(name: str, value: str) -> str:
    if not is_header(name, value) or value.strip() != value:
        raise WrongInput(name)
    return value


def _content(body: Body, inputs: Mapping[str, Any]) -> tuple[bytes, str]:
    if body.kind == "form":
        flat = {".".join(place): given for place, given in body.places.items()}
        flat.update({name: Given((name,)) for name in body.rest})
        pairs = list(_pairs(flat, inputs))
        return urlencode(pairs, quote_via=quote).encode(), "application/x-www-form-urlencoded"
    whole = inputs.get(body.whole) if body.whole is not None else _nested(body, inputs)
    try:
        return write_json(whole), "application/json"
    except (TypeError, ValueError) as error:
        raise WrongInput("json") from error


def _nested(body: Body, inputs: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {name: inputs[name] for name in body.rest if name in inputs}
    for place, given in body.places.items():
        value = given.of(inputs)
        if value is MISSING:
            continue
        inside = made
        for part in place[:-1]:
            inside = inside.setdefault(part, {})
        inside[place[-1]] = value
    return made


def _text(value: Any, name: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise WrongInput(name)


def _encoded(text: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError as error:
        raise WrongInput("text") from error
