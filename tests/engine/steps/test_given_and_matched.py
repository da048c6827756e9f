"""What an action is given when its operation writes texts; what an awaited event must hold."""

from __future__ import annotations

import pytest

from authoring.load import load
from engine.codec import decode, encode
from engine.events import Requested, Slept
from tests.support.sessions import Session
from tests.support.small_libraries import small_library

MAIL = """
parcours: 1
operations:
  mail.sent:
    effect: unsafe
    input:
      to: {type: email, required: true}
      amount: {type: money, currency: EUR, required: true}
      day: {type: date}
    texts:
      subject: {en: "Refund of {amount}", fr: "Remboursement de {amount}"}
      body: {en: "It comes on {day}.", fr: "Il arrive le {day}."}
    gives: [to]
"""
MAIN = """
parcours: 1
journey: main
title: Main
steps:
  - {id: ask, ask: {to: email, amount: {type: money, currency: EUR}, day: date}}
  - id: mail
    do: mail.sent
    with: {to: to, amount: amount, day: day}
    by_hand: {say: "Write it."}
  - {id: done, end: resolved}
"""
LANGUAGES = """
parcours: 1
library: small
title: {en: Small, fr: Petite}
languages: [en, fr]
audiences: [advisor]
channels: [phone]
timezone: Europe/Paris
"""


def files(mail: str = MAIL) -> dict[str, str]:
    return {"library.yaml": LANGUAGES, "connectors.yaml": mail, "journeys/main.yaml": MAIN}


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        ("en", "Refund of €12.50", "It comes on 3 October 2026."),
        ("fr", "Remboursement de 12,50\u00a0€", "Il arrive le 3 octobre 2026."),
    ],
)
def test_an_operations_texts_are_written_in_the_customers_language(
    language: str, subject: str, body: str
) -> None:
    library = load(files()).library
    assert library is not None
    session = Session(library).begin(language=language)

    events = session.answer(
        to="zoe@example.org", amount={"amount": "12.50", "currency": "EUR"}, day="2026-10-03"
    )

    [asked] = [one for one in events if isinstance(one, Requested)]
    assert asked.given == {"to": "zoe@example.org", "subject": subject, "body": body}
    assert asked.inputs["day"] == "2026-10-03"
    header, payload = encode(asked)
    assert "given" not in header
    assert decode("requested", at=asked.at, by=asked.by, header=header, payload=payload) == asked


@pytest.mark.parametrize(
    ("gives", "given"),
    [("", {"to", "amount", "day"}), ("    gives: []\n", set()), ("    gives: [day]\n", {"day"})],
)
def test_nothing_is_given_beside_the_texts_where_an_operation_says_so(
    gives: str, given: set[str]
) -> None:
    library = load(files(MAIL.replace("    gives: [to]\n", gives))).library
    assert library is not None
    operation = library.operations["mail.sent"]
    inputs = {"to": "z@example.org", "amount": {"amount": "1.00", "currency": "EUR"}}

    written = operation.given({**inputs, "day": "2026-10-03"}, "en")

    assert written is not None
    assert set(written) == {"subject", "body"} | given == set(operation.sent)


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("on {day}", "on {delay}", "form.wording"),
        ("on {day}", "on {day + 1}", "form.wording"),
        (', fr: "Remboursement de {amount}"', "", "people.missing-wording"),
        ("gives: [to]", "gives: [tu]", "form.wording"),
        ("texts:\n      subject", "texts:\n      to", "form.wording"),
    ],
)
def test_a_text_that_cannot_be_written_is_found_at_its_place(was: str, now: str, code: str) -> None:
    assert was in MAIL

    found = load(files(MAIL.replace(was, now, 1))).findings

    assert [(one.code, one.file) for one in found] == [(code, "connectors.yaml")]


def test_a_wait_records_what_its_event_must_hold_and_not_in_the_header() -> None:
    session = Session(
        small_library(
            """
            - {id: ask, ask: {order: text}}
            - {id: parcel, wait: {event: parcel.delivered, timeout: 1 day, with: {order: order}}}
            - {id: done, end: resolved}
            """
        )
    ).begin()

    events = session.answer(order="F-1")

    [slept] = [one for one in events if isinstance(one, Slept)]
    assert slept.match == {"order": "F-1"}
    header, payload = encode(slept)
    assert (payload, "match" in header) == ({"match": {"order": "F-1"}}, False)
