"""What an e-mail may be made of: one plain address, one line, plain words."""

from __future__ import annotations

from email import message_from_bytes

import pytest

from connectors.email_message import Written, WrongMessage, address_of, sender_of, write

WALL = 1_790_000_000.0


@pytest.mark.parametrize(
    "to",
    ["", "zoe", "a@b", "zoe@example.org, eve@evil.example", "zoe@example.org;eve@evil.example",
     "Zoe <zoe@example.org>", "<zoe@example.org>", "zoe@@example.org", "zoe@exa mple.org",
     '"a b"@example.org', "zoe@[127.0.0.1]", "zoé@example.org", "zoe@-x.org", ".z@example.org",
     "z" * 65 + "@example.org", "zoe@" + "a" * 64 + ".org"],
)  # fmt: skip
def test_only_one_plain_address_is_written_to(to: str) -> None:
    with pytest.raises(WrongMessage):
        address_of(to)


def test_a_domain_of_other_letters_is_written_in_ascii() -> None:
    assert address_of("zoe@Bücher.example") == "zoe@xn--bcher-kva.example"


@pytest.mark.parametrize("said", ["", "x", "a <b>", "a <b@c.example> d", "a\r\n <b@c.example>"])
def test_a_sender_is_one_address_with_a_name_or_without(said: str) -> None:
    assert sender_of("b@c.example") == ("", "b@c.example")
    with pytest.raises(WrongMessage):
        sender_of(said)


@pytest.mark.parametrize(
    ("subject", "body"), [("", "x"), (" ", "x"), ("x" * 201, "x"), ("x", ""), ("x", "a\x00b")]
)
def test_a_letter_without_words_or_with_too_many_is_not_written(subject: str, body: str) -> None:
    with pytest.raises(WrongMessage):
        write(
            ("", "b@c.example"), "zoe@example.org", subject=subject, body=body,
            written=Written("k", WALL),
        )  # fmt: skip


def test_a_reply_says_what_it_answers_and_a_person_s_is_no_machine_s() -> None:
    written = Written("k", WALL, ("one@x.org", "two@x.org"), is_a_persons=True)
    made = write(("", "b@c.example"), "zoe@example.org", subject="Re: x", body="y", written=written)
    told = message_from_bytes(made.content)

    assert told["In-Reply-To"] == "<two@x.org>"
    assert told["References"] == "<one@x.org> <two@x.org>"
    assert told["Auto-Submitted"] is None


@pytest.mark.parametrize("reference", ["a b", "a\r\nBcc: x@y.fr", "<a>", "", "é@x.org"])
def test_a_reference_that_is_no_message_s_id_is_not_written(reference: str) -> None:
    with pytest.raises(WrongMessage):
        write(
            ("", "b@c.example"), "zoe@example.org", subject="x", body="y",
            written=Written("k", WALL, (reference,)),
        )  # fmt: skip
