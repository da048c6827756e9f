"""What requests bring and answers give, as structures: checked coming in, documented both ways."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from api.actions import Late, Pending, Unattended
from api.around import SaidIncident
from api.paging import MOST
from api.questions import Question
from authoring.schema.parts import CHANNELS
from engine.commands import COMMANDS, CommandSpec

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Words = Annotated[str, msgspec.Meta(max_length=65_536)]
Language = Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Channel = Annotated[str, msgspec.Meta(pattern=f"^({'|'.join(CHANNELS)})$")]
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

    channel: Channel
    direction: Literal["inbound", "outbound", "internal"] = "inbound"
    customer: Name | None = None
    offered_at: Milliseconds | None = None


class ErasedCustomer(msgspec.Struct):
    """A customer that was erased: the reference that stays, and how many sessions were emptied."""

    customer: str
    sessions: int
    erased_at: int


class Phase(Body):
    """The phase a contact passes to. `at`: when, milliseconds UTC, now if left out.

    `dropped`: it ended because the line broke. Whoever comes back within five minutes by the same
    channel is no reiteration.
    """

    phase: Literal["answered", "ended", "wrapped_up", "abandoned"]
    at: Milliseconds | None = None
    dropped: bool = False


class Files(Body):
    """A library's files: path below its folder -> text."""

    files: Annotated[dict[str, str], msgspec.Meta(min_length=1, max_length=20_000)]


class Suggest(Body):
    """The customer's words, to be compared with the declarations of the live libraries."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4_096)]
    language: Language | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=20)] = 5


class PreviewAmend(Body):
    """An amend to be looked at: as the command of that name, without its type."""

    visit: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    values: dict[str, Any]
    effects: dict[str, Any] = {}


class Named(msgspec.Struct):
    """A thing's id and title."""

    id: str
    title: str


class Step(msgspec.Struct):
    """The step that is shown and its visit; `by_hand`: its procedure is followed by a person."""

    id: str
    kind: str
    title: str
    visit: int
    run: str
    journey: str
    by_hand: bool
    time: str | None
    target_ms: int | None


class Saying(msgspec.Struct):
    """One wording, for the audience, language and channel of the view."""

    visit: int
    step: str
    text: str | None
    goal: str | None
    verbatim: bool


class Codes(msgspec.Struct):
    """The codes taken so far on the three axes."""

    declaration: list[str]
    qualification: list[str]
    action: list[str]


class Waiting(msgspec.Struct):
    """What a sleeping session waits for; `due` in milliseconds UTC."""

    id: str
    what: str
    due: int | None
    name: str | None
    then: str | None


class Turn(msgspec.Struct):
    """Whose turn it is, and for what: `{by: advisor, what: answer}`.

    `by` is a role, a team, `connector`, `clock` or `event`; `what` is answer, accept, approve,
    resume, effect or wake.
    """

    by: str
    what: str


class RecapLine(msgspec.Struct):
    """One line of what whoever takes over reads first."""

    what: Literal["who", "declared", "found", "done", "asked"]
    label: str
    text: str


class Visited(msgspec.Struct):
    """One line of the history; `values` as answered, `shown` as people read them."""

    visit: int
    step: str
    title: str
    kind: str | None
    run: str
    at: int
    left_at: int | None
    how: str | None
    by: str | None
    values: dict[str, Any] | None
    shown: dict[str, str]
    source: dict[str, str] | None
    codes: list[list[Any]]
    undone: bool


class View(msgspec.Struct):
    """A session as one audience sees it. ETag is its `version`: send it back in If-Match.

    `history` holds its latest lines; the transcript has the `history_left_out` that went before.
    `unsaid`: the axes without a code so far, those of what is being told counted as said: without
    any, a session may finish as resolved.
    """

    session: str
    status: Literal["active", "pending", "waiting", "paused", "ended", "failed"]
    outcome: str | None
    version: int
    journey: Named
    audience: str
    language: str
    channel: str
    step: Step | None
    focus: int | None
    say: list[Saying]
    do: str | None
    fields: list[Question]
    commands: list[str]
    progress: dict[str, Any]
    codes: Codes
    not_reached: list[str]
    unsaid: list[str]
    history: list[Visited]
    history_left_out: int
    pending: Pending | None
    attention: list[Unattended]
    late: list[Late]
    wait: Waiting | None
    pilot: str | None
    goes_on: Turn | None
    recap: list[RecapLine] | None
    transfer: dict[str, str] | None
    offers_unused: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    notes: int
    held: bool
    marks: list[str]
    failure: str | None
    incidents: list[SaidIncident]


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


class Graph(msgspec.Struct):
    """A journey's steps and the ways between them."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


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


class ContactTime(msgspec.Struct, rename={"begin": "from", "end": "to"}):
    """One contact's time, cut without gap or overlap; shares in [0, 1], null without time."""

    contact: str
    channel: str
    begin: int
    end: int
    duration_ms: int
    segments: list[dict[str, Any]]
    totals_ms: dict[str, int]
    useful_share: float | None
    useful_share_handling: float | None
    calibrated: bool


class Timeline(msgspec.Struct):
    """The time of a session's contacts, milliseconds; flat, that of the latest one."""

    session: str
    contacts: list[ContactTime]
    segments: list[dict[str, Any]]
    totals: dict[str, int]
    useful_share: float | None
    figures: list[dict[str, Any]]


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
