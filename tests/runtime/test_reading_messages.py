"""What is read in messages: whose words they are, what they answer, and nothing beyond."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.parts import Field
from runtime.post.mail import mark_of, plain_of, read_mail
from runtime.post.own_words import sentences
from runtime.post.rows import language_of
from runtime.post.understanding import Question, understand
from tests.support.small_libraries import small_library

ASKS = """
- id: all
  ask:
    why:
      type: choice
      label: What is wrong?
      options: [{id: late, label: It has not arrived}, {id: broken, label: The parcel is damaged}]
    order: {type: text, label: Order, pattern: "F-[0-9]{4}"}
    phone: {type: phone, label: Phone, country: FR}
    paid: {type: money, label: Amount, currency: EUR}
    day: {type: date, label: Day}
    again: {type: yes_no, label: Send it again?}
    iban: {type: identifier, label: Account, scheme: iban}
    agreed: {type: consent, label: Do you agree?, text: I agree to be written to.}
    note: {type: text, label: Anything else, required: false}
"""
_STEP = small_library(ASKS).journeys["main"].steps["all"]
FIELDS: dict[str, Field] = {field.name: field for field in _STEP.fields()}


def questions(*asked: str) -> list[Question]:
    """Return the questions of the step, those named as they were asked in a reply, in order."""
    return [
        Question(
            field,
            labels=tuple(t.source for t in (field.label.variants.values() if field.label else ())),
            options={
                o.id: tuple(t.source for t in o.label.variants.values()) for o in field.options
            },
            number=asked.index(field.name) + 1 if field.name in asked else None,
        )
        for field in FIELDS.values()
    ]


def read(text: str, *asked: str, language: str = "en") -> dict[str, Any]:
    found = understand(text, questions(*asked), language=language, today="2026-11-29")
    for one in found:
        assert text[one.begin : one.end].strip()
    return {one.name: one.value for one in reversed(found)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("My order F-1042 has not arrived.", {"order": "F-1042", "why": "late"}),
        ("my order (f-1042), it has not arrived", {"order": "F-1042", "why": "late"}),
        ("Call me on 06 12 34 56 78.", {"phone": "+33612345678"}),
        ("I paid 45,50 €.", {"paid": {"amount": "45.50", "currency": "EUR"}}),
        ("I paid 45.", {}),
        ("It came on 12 October 2026!", {"day": "2026-10-12"}),
        ("The parcel is damaged.", {"why": "broken"}),
        ("The parcel is not damaged.", {}),
        ("Account: FR14 2004 1010 0505 0001 3M02 606", {"iban": "FR1420041010050500013M02606"}),
        ("Yes, I agree. Do you agree?: yes", {}),
        ("Anything else: ring the bell", {"note": "ring the bell"}),
        ("Ring the bell", {}),
    ],
)
def test_what_is_certain_is_read_and_nothing_else(text: str, said: dict[str, Any]) -> None:
    assert read(text) == said


def test_answers_are_taken_by_their_number_or_under_their_question() -> None:
    numbered = read("1. F-1042\n2) yes, please\n3 - 12/10/2026\n", "order", "again", "day")
    below = read("> 1. Order\nF-2001\n> 2. Send it again?\nNo thank you\n", "order", "again")

    assert numbered == {"order": "F-1042", "again": True, "day": "2026-10-12"}
    assert below == {"order": "F-2001", "again": False}


def test_yes_alone_answers_the_only_question_that_was_asked_and_none_of_two() -> None:
    assert read("Oui, merci", "again", language="fr") == {"again": True}
    assert read("Oui, merci", "again", "day", language="fr") == {}


def test_two_answers_to_one_question_are_both_shown() -> None:
    found = understand("F-1042, or rather F-2001", questions(), language="en", today="2026-11-29")

    assert [one.value for one in found] == ["F-1042", "F-2001"]


@pytest.mark.parametrize(
    "text",
    [
        "Hello\n\nOn Mon, 30 Nov 2026, The shop <a@b.example> wrote:\n> Order F-1042\n",
        "Hello\n\nLe lun. 30 nov. 2026 à 10:00, La Boutique <a@\nb.example> a écrit :\n\n> F-1042",
        "Hello\n\n-----Message d'origine-----\nCommande F-1042",
        "Hello\n\nDe : La Boutique\nEnvoyé : lundi\nÀ : Zoe\nObjet : F-1042\n\nCommande F-1042",
        "Hello\n-- \nZoe, order F-1042",
        "Hello\nCordialement,\nZoe\nF-1042",
        "Hello\nSent from my iPhone\nF-1042",
        "Hello\n> F-1042\n",
    ],
)
def test_neither_what_is_quoted_nor_a_signature_is_an_answer(text: str) -> None:
    assert [one.text for one in sentences(text)] == ["Hello"]
    assert read(text) == {}


def test_a_page_is_read_as_its_words_and_what_it_quotes_is_quoted() -> None:
    page = (
        "<html><head><style>p{}</style></head><body><p>My order is <b>F-1042</b></p>"
        "<blockquote><p>Which order?</p></blockquote><script>x()</script></body></html>"
    )

    assert plain_of(page) == "My order is F-1042\n> Which order?"


def test_a_language_is_known_by_its_commonest_words() -> None:
    assert language_of("Je n'ai pas reçu mon colis, pouvez-vous m'aider ?") == "fr"
    assert language_of("Hello, I have not got my parcel yet.") == "en"


def test_a_message_of_ours_is_known_whatever_domain_a_server_gives_it() -> None:
    ours = "0123456789abcdef0123456789abcdef01234567"

    assert mark_of(f"{ours}@shop.example") == mark_of(f"{ours}@elsewhere.example") == ours
    assert mark_of("a@b.example") != mark_of("a@c.example")


def test_words_wrongly_encoded_and_unknown_charsets_are_read_as_far_as_they_go() -> None:
    raw = (
        b"From: =?nothing?q?Zo=E9?= <ZOE@example.org>\r\nSubject: =?utf-8?q?=C3=A9t?=\r\n"
        b"Content-Type: text/plain; charset=nothing\r\n\r\nF-1042 \xe9t\xe9"
    )
    mail = read_mail(raw)

    assert (mail.sender, mail.subject) == ("zoe@example.org", "ét")
    assert mail.text == "F-1042 été"


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
def test_headers_that_nobody_encoded_are_read_as_they_were_written(charset: str) -> None:
    raw = "From: Renée Noël <r@x.org>\r\nSubject: Colis abîmé =?utf-8?q?=C3=A9t=C3=A9?=\r\n\r\nx"
    mail = read_mail(raw.encode(charset))

    assert (mail.name, mail.sender, mail.subject) == ("Renée Noël", "r@x.org", "Colis abîmé été")


def test_a_charset_that_is_no_way_of_writing_texts_is_no_obstacle() -> None:
    raw = (
        b"From: a@x.org\r\nPrecedence: \xe9\r\nContent-Type: text/plain; charset=%b\r\n\r\n"
        b"\xe9t\xe9"
    )

    assert {read_mail(raw % one).text for one in (b"punycode", b"idna", b"rot13")} == {"été"}


def test_what_comes_from_nobody_is_a_bounce() -> None:
    assert read_mail(b"From: MAILER-DAEMON <>\r\nSubject: Undelivered\r\n\r\nx").machine == "bounce"


def test_the_plain_part_of_several_is_read_and_a_message_within_one_is_a_file() -> None:
    inner = EmailMessage(SMTP)
    inner["Subject"] = "forwarded"
    inner.set_content("F-9999")
    made = EmailMessage(SMTP)
    made["From"] = "zoe@example.org"
    made.set_content("F-1042")
    made.add_alternative("<p>F-2001</p>", subtype="html")
    made.add_attachment(inner)

    mail = read_mail(made.as_bytes())

    assert mail.text == "F-1042"
    assert [(one.name, one.media_type) for one in mail.files] == [("1.eml", "message/rfc822")]
    assert b"F-9999" in mail.files[0].content


_LINES = st.sampled_from([
    b"From: zoe@example.org", b"Message-ID: <a@b>", b"Subject: =?utf-8?b?w6k=?=", b"From: =?x?q?",
    b"Content-Type: multipart/mixed; boundary=x", b"Content-Type: text/html; charset=utf-7",
    b"Content-Transfer-Encoding: base64", b"--x", b"--x--", b"", b"> a", b"On x wrote:", b"=E9=",
    b"Content-Disposition: attachment; filename*=utf-8''%ff", b"In-Reply-To: <<>>", b"\xff\xfe\x00",
    b"Content-Type: message/rfc822", b"<blockquote><p>a", b"References: <a@b> <c@d>",
])  # fmt: skip


@given(st.lists(_LINES | st.binary(max_size=30), max_size=20).map(b"\r\n".join))
@settings(max_examples=150, deadline=None)
def test_whatever_the_bytes_are_there_is_a_message_that_can_be_kept(content: bytes) -> None:
    mail = read_mail(content)

    for text in (mail.sender, mail.name, mail.subject, mail.text, *mail.answers):
        assert "\0" not in text
        text.encode()
    for one in sentences(mail.text):
        assert mail.text[one.begin : one.end] == one.text
    assert read_mail(content).mark == mail.mark


@given(st.text(alphabet="aF-1042 oui.:\n>0623456789€, ", max_size=80))
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_what_is_understood_is_an_answer_its_question_takes(text: str) -> None:
    for one in understand(text, questions("again"), language="fr", today="2026-11-29"):
        assert FIELDS[one.name].type.name != "consent"
        assert text[one.begin : one.end].strip()
