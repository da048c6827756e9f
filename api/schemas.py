"""What requests bring and answers give, as structures: checked coming in, documented both ways."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from api.paging import DEFAULT, MOST
from engine.commands import COMMANDS, CommandSpec

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Words = Annotated[str, msgspec.Meta(max_length=65_536)]
Language = Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=MOST)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a request brings; a field it does not know is refused, not ignored."""


class Start(Body):
    """Begin a session. `words` are the customer's own, kept verbatim."""

    journey: Name
    channel: Name | None = None
    audience: Name | None = None
    language: Language | None = None
    customer: Name | dict[str, str] | None = None
    contact: Name | None = None
    ticket: Name | None = None
    inputs: dict[str, Any] = {}
    words: Words | None = None


class OpenContact(Body):
    """A contact that begins. `offered_at`: when it first rang, milliseconds UTC, else now."""

    channel: Name
    direction: Literal["inbound", "outbound"] = "inbound"
    customer: Name | dict[str, str] | None = None
    offered_at: Milliseconds | None = None


class Phase(Body):
    """The phase a contact passes to. `at`: when, milliseconds UTC, now if left out."""

    phase: Literal["answered", "ended", "wrapped_up", "abandoned"]
    at: Milliseconds | None = None


class Files(Body):
    """A library's files: path below its folder -> text."""

    files: Annotated[dict[str, str], msgspec.Meta(min_length=1, max_length=20_000)]


class Suggest(Body):
    """The customer's words, to be compared with the declarations of the live libraries."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4_096)]
    language: Language | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=20)] = 5


class ViewQuery(Body):
    """How to show a session: in the session's own language and channel unless said otherwise."""

    language: Language | None = None
    channel: Name | None = None


class PageQuery(Body):
    """Which page."""

    limit: Limit = DEFAULT
    cursor: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class GraphQuery(Body):
    """In which form to draw a journey, and in which language."""

    format: Literal["mermaid", "dot", "json"] = "json"
    language: Language | None = None


class SearchQuery(Body):
    """What to look for."""

    q: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    language: Language | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=50)] = 10


class Named(msgspec.Struct):
    """A thing's id and title."""

    id: str
    title: str


class Step(msgspec.Struct):
    """The step a session stands on, and the visit that is open there."""

    id: str
    kind: str
    title: str | None = None
    visit: int | None = None
    run: str | None = None


class Saying(msgspec.Struct):
    """One wording, for the audience, language and channel asked for."""

    text: str
    visit: int | None = None
    verbatim: bool = False


class Choice(msgspec.Struct):
    """One option of a question."""

    id: str
    label: str
    short: str | None = None


class Question(msgspec.Struct):
    """One field to fill: its type, its options, what is known already and what is valid."""

    name: str
    type: str
    label: str | None = None
    help: str | None = None
    options: list[Choice] | None = None
    required: bool = True
    known: Any = None
    valid: Any = None
    skippable: bool = False
    sensitive: bool = False


class View(msgspec.Struct):
    """A session as one audience sees it; further members may be added."""

    session: str
    status: Literal["active", "pending", "waiting", "paused", "ended", "failed"]
    version: int
    journey: Named
    commands: list[str]
    codes: dict[str, list[Any]]
    progress: dict[str, Any]
    outcome: str | None = None
    step: Step | None = None
    say: list[Saying] = []
    do: Any = None
    fields: list[Question] = []
    history: list[dict[str, Any]] = []
    pending: dict[str, Any] | None = None
    wait: dict[str, Any] | None = None


class Started(msgspec.Struct):
    """A session that began, and its first view."""

    session: str
    view: View


class Page(msgspec.Struct):
    """One page of a list. `next`: the cursor of the following page, null on the last."""

    items: list[dict[str, Any]]
    next: str | None = None


class Items(msgspec.Struct):
    """A short list, best first."""

    items: list[dict[str, Any]]


class Thing(msgspec.Struct):
    """One thing read by its identifier."""

    id: str


class Preview(msgspec.Struct):
    """What a command would change: visits undone and restored, effects to settle, barriers."""

    allowed: bool


class Findings(msgspec.Struct):
    """What the checker found. `errors`: how many keep the library from being published."""

    findings: list[dict[str, Any]]
    errors: int


class Published(msgspec.Struct):
    """A revision of a library: its number, and the SHA-256 of all it resolves to."""

    library: str
    revision: str
    number: int


class Trace(msgspec.Struct):
    """The three axes of a session, coded from its path."""

    declaration: list[dict[str, Any]]
    qualification: list[dict[str, Any]]
    action: list[dict[str, Any]]


class Timeline(msgspec.Struct):
    """A contact's time, cut without gap or overlap; milliseconds. `useful_share` in [0, 1]."""

    segments: list[dict[str, Any]]
    totals: dict[str, int]
    useful_share: float | None = None


class Transcript(msgspec.Struct):
    """What was said and answered, in order."""

    items: list[dict[str, Any]]


class Health(msgspec.Struct):
    """Whether the service is well, and each thing it looked at."""

    status: Literal["ok", "unavailable"]
    checks: dict[str, str] = {}


COMPONENTS: tuple[type[msgspec.Struct], ...] = (View,)
"""Structures the document names beside those of the operations."""


def command_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of every command a caller may send, and `Command`, any of them."""
    sent = [spec for spec in COMMANDS.values() if not spec.system]
    reference = "#/components/schemas/"
    return {
        "Command": {
            "oneOf": [{"$ref": reference + _component(spec)} for spec in sent],
            "discriminator": {
                "propertyName": "type",
                "mapping": {spec.name: reference + _component(spec) for spec in sent},
            },
        },
        **{_component(spec): _schema(spec) for spec in sent},
    }


def _component(spec: CommandSpec) -> str:
    return "Command-" + spec.name


def _schema(spec: CommandSpec) -> dict[str, Any]:
    return {
        "type": "object",
        "description": f"{spec.doc} Roles: {', '.join(spec.roles)}.",
        "properties": {
            "type": {"const": spec.name},
            **{name: dict(schema) for name, schema in spec.fields.items()},
        },
        "required": ["type", *spec.required],
        "additionalProperties": False,
    }
