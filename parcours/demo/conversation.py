"""One contact played over HTTP from declaration to outcome, and what it should leave, verified.

The parcel article's case: the customer says that nothing arrived, the card presentation turns out
to have failed, and the parcel is sent again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parcours.client import Unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from parcours.client import Answer, Client

WORDS = {
    "fr": "Bonjour, je n'ai toujours pas reçu mon colis",
    "en": "Hello, my parcel has not arrived yet",
}
EXPECTED = {
    "declaration": "livraison.suivi",
    "qualification": "paiement.defaut_presentation_cb",
    "action": "livraison.reexpedition",
}
JOURNEY = "livraison.suivi"
CALLED = ("oms.get_order", "payment.new_link", "payment.get_status", "oms.resend")
"""What the made-up systems are asked on the way, in this order."""
STOPS = 40
"""More stops than this and the journey is going round in circles."""
PATIENCE_S = 15
PAUSE_S = 0.05
WORD_S = 0.02
"""How long a word takes to be said: fifteen times less than people need."""
QUEUED_MS = 1_000
"""How long before now the call of the demonstration began to ring."""


@dataclass(slots=True)
class Played:
    """What was said, and what is left of it."""

    session: str
    outcome: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    trace: dict[str, Any] = field(default_factory=dict)
    timeline: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, Any] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)


def play(client: Client, answers: Mapping[str, Any], *, language: str) -> Played:
    """Return one contact, played to its outcome.

    Raises:
        Unexpected: the service did not answer what it promises.
    """
    ringing = time.time_ns() // 1_000_000 - QUEUED_MS
    contact = client.post(
        "/v1/contacts", {"channel": "phone", "offered_at": ringing}, expect=201
    ).body["id"]
    client.post(f"/v1/contacts/{contact}/phases", {"phase": "answered"})
    lines = [("customer", WORDS[language])]
    journey = _declaration(client, language)
    begun = client.post(
        "/v1/sessions",
        {
            "journey": journey,
            "channel": "phone",
            "language": language,
            "contact": contact,
            "words": WORDS[language],
        },
        expect=201,
    )
    played = Played(begun.body["session"], "", lines)
    view = _walk(client, played, Turn(begun.headers["etag"], begun.body["view"]), answers)
    played.outcome = str(view["outcome"])
    for phase in ("ended", "wrapped_up"):
        client.post(f"/v1/contacts/{contact}/phases", {"phase": phase})
    session = f"/v1/sessions/{played.session}"
    played.trace = client.get(f"{session}/trace").body
    played.timeline = client.get(f"{session}/timeline").body
    played.contact = client.get(f"/v1/contacts/{contact}").body
    return played


def _declaration(client: Client, language: str) -> str:
    """Return the journey that the customer's own words lead to."""
    asked = {"text": WORDS[language], "language": language}
    items = client.post("/v1/declarations:suggest", asked).body["items"]
    if not items or items[0]["journey"] != JOURNEY:
        raise Unexpected(f"{WORDS[language]!r} → {JOURNEY}", items[:2])
    return JOURNEY


@dataclass(slots=True)
class Turn:
    """Where the session stands: its version, its view."""

    etag: str
    view: dict[str, Any]


def _walk(client: Client, played: Played, turn: Turn, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answer every stop until the session ends; return its last view."""
    told: set[tuple[int, str]] = set()
    said_before = 0
    for _ in range(STOPS):
        view = turn.view
        for said in view["say"]:
            mark = (said["visit"], said["step"])
            if mark not in told:
                told.add(mark)
                played.lines.append(("advisor", str(said["text"] or said["goal"])))
        if view["status"] in ("ended", "failed"):
            return view
        if view["status"] == "pending":
            turn = settled(client, played.session, turn)
            continue
        if view["status"] != "active":
            raise Unexpected("an active session", view["status"])
        command = command_for(view, answers)
        if command["type"] == "answer":
            played.lines.extend(_exchanged(view, command["values"]))
        time.sleep(WORD_S * sum(len(text.split()) for _, text in played.lines[said_before:]))
        said_before = len(played.lines)
        answer = client.post(f"/v1/sessions/{played.session}/commands", command, etag=turn.etag)
        turn = turn_of(answer)
    raise Unexpected(f"an outcome within {STOPS} stops", turn.view["step"])


def command_for(view: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what goes on from a stop: its questions answered, or what it says noted.

    Raises:
        Unexpected: it asks something that there is no answer to.
    """
    if not view["fields"]:
        return {"type": "acknowledge", "step": view["step"]["id"]}
    values = {}
    for question in view["fields"]:
        name = question["name"]
        if name in answers:
            values[name] = answers[name]
        elif question["required"]:
            raise Unexpected("a question the demonstration has an answer to", name)
    return {"type": "answer", "step": view["step"]["id"], "values": values}


def _exchanged(view: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the question and the customer's answer, as people would read them."""
    for question in view["fields"]:
        if question["name"] in values:
            value = values[question["name"]]
            labels = {option["id"]: option["label"] for option in question["options"]}
            chosen = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
            label = labels.get(chosen)
            yield "question", str(question["label"] or view["step"]["title"])
            yield "customer", str(label or value)


def settled(client: Client, session: str, turn: Turn) -> Turn:
    """Return where the session stands once the action it waits for has come to something.

    Raises:
        Unexpected: it does not within a quarter of a minute.
    """
    return _until(
        lambda: turn_of(client.get(f"/v1/sessions/{session}")),
        lambda now: now.view["status"] != "pending",
        what=f"the result of {(turn.view['pending'] or {}).get('operation')}",
    )


def turn_of(answer: Answer) -> Turn:
    """Return where a session stands by an answer of its own."""
    return Turn(answer.headers["etag"], answer.body.get("view", answer.body))


def _until(read: Callable[[], Turn], met: Callable[[Turn], bool], *, what: str) -> Turn:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = read()
        if met(found):
            return found
        time.sleep(PAUSE_S)
    raise Unexpected(f"{what} within {PATIENCE_S} s", "nothing")


def verify(played: Played) -> None:
    """Verify what a contact leaves: outcome, three axes, calls, its time to the last millisecond.

    Raises:
        Unexpected: something is off.
    """
    if played.outcome != "resolved":
        raise Unexpected("resolved", played.outcome)
    for axis, code in EXPECTED.items():
        codes = [entry["code"] for entry in played.trace[axis]]
        if code not in codes:
            raise Unexpected(f"{axis}: {code}", codes)
    called = [one for one in played.called if one in CALLED]
    if called != list(CALLED):
        raise Unexpected(f"{', '.join(CALLED)}", called)
    verify_partition(played.timeline, played.contact)


def verify_partition(timeline: Mapping[str, Any], contact: Mapping[str, Any]) -> None:
    """Verify that the ledger's segments cut the contact without gap or overlap, and add up.

    Raises:
        Unexpected: they do not.
    """
    segments = timeline["segments"]
    at = contact["offered"]
    for segment in segments:
        if segment["start"] != at or segment["end"] < at:
            raise Unexpected(f"a segment that begins at {at}", segment)
        at = segment["end"]
    if at != contact["wrapped"]:
        raise Unexpected(f"segments up to {contact['wrapped']}", at)
    whole = contact["wrapped"] - contact["offered"]
    if sum(timeline["totals"].values()) != whole:
        raise Unexpected(f"totals that add up to {whole} ms", timeline["totals"])
    share = timeline["useful_share"]
    if share is None or not 0 <= share <= 1:
        raise Unexpected("a useful share between 0 and 1", share)
