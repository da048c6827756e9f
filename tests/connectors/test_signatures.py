"""Signed messages: what is accepted, what is forged, what is stale."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

import pytest

from connectors.signatures import SCHEMES, TOLERANCE_S, Forged, key_of, sign

NOW = 1_614_265_330
NEW, OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "the-old-one"
BODY = b'{"test": 2432232314}'
SCHEME = SCHEMES["standard"]


def test_the_published_example_of_the_specification_is_signed_alike() -> None:
    headers = sign([NEW], "msg_p5jXN8AQM9LWM0D4loKWxJek", at_s=NOW, body=BODY)

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_we_sign_is_accepted_by_its_id() -> None:
    assert (
        SCHEME.verify(sign([NEW], "msg_1", at_s=NOW, body=BODY), BODY, secrets=[NEW], now_s=NOW)
        == "msg_1"
    )


@pytest.mark.parametrize("live", [[NEW, OLD], [OLD, NEW]])
@pytest.mark.parametrize("signed", [[NEW], [OLD], [NEW, OLD], ["another", OLD]])
def test_while_a_secret_is_replaced_both_are_accepted(live: list[str], signed: list[str]) -> None:
    assert (
        SCHEME.verify(sign(signed, "msg_1", at_s=NOW, body=BODY), BODY, secrets=live, now_s=NOW)
        == "msg_1"
    )


def test_a_secret_that_was_replaced_is_accepted_no_more() -> None:
    with pytest.raises(Forged) as forged:
        SCHEME.verify(sign([OLD], "msg_1", at_s=NOW, body=BODY), BODY, secrets=[NEW], now_s=NOW)

    assert forged.value.why == "signature"


@pytest.mark.parametrize("place", range(len(BODY)))
def test_one_byte_altered_is_forged(place: int) -> None:
    altered = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]

    with pytest.raises(Forged, match="signature"):
        SCHEME.verify(sign([NEW], "msg_1", at_s=NOW, body=BODY), altered, secrets=[NEW], now_s=NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": ""},
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(NOW + 1)},
        {"webhook-timestamp": ""},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"webhook-signature": "é"},
    ],
)
def test_a_header_that_is_not_the_signed_one_is_forged(headers: dict[str, str]) -> None:
    given = {**sign([NEW], "msg_1", at_s=NOW, body=BODY), **headers} if headers else {}

    with pytest.raises(Forged, match="signature"):
        SCHEME.verify(given, BODY, secrets=[NEW], now_s=NOW)


@pytest.mark.parametrize("off", [-TOLERANCE_S, -1, 0, 1, TOLERANCE_S])
def test_within_five_minutes_a_message_is_of_now(off: int) -> None:
    assert (
        SCHEME.verify(sign([NEW], "m", at_s=NOW + off, body=BODY), BODY, secrets=[NEW], now_s=NOW)
        == "m"
    )


@pytest.mark.parametrize("off", [-600, -TOLERANCE_S - 1, TOLERANCE_S + 1, 600])
def test_beyond_five_minutes_a_message_is_stale_before_and_after(off: int) -> None:
    with pytest.raises(Forged, match="stale"):
        SCHEME.verify(sign([NEW], "m", at_s=NOW + off, body=BODY), BODY, secrets=[NEW], now_s=NOW)


def test_a_secret_that_is_not_base64_behind_its_mark_is_told() -> None:
    with pytest.raises(ValueError, match="base64"):
        key_of("whsec_é")


def _zammad(secret: str, body: bytes, _now: int) -> dict[str, str]:
    return {"x-hub-signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}


def _chatwoot(secret: str, body: bytes, now: int) -> dict[str, str]:
    mac = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256)
    return {"x-chatwoot-signature": f"sha256={mac.hexdigest()}", "x-chatwoot-timestamp": str(now)}


def _espocrm(secret: str, body: bytes, _now: int) -> dict[str, str]:
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"signature": base64.b64encode(f"68f0:{mac}".encode()).decode()}


VENDORS = {"zammad": _zammad, "chatwoot": _chatwoot, "espocrm": _espocrm}
Signing = Callable[[str, bytes, int], dict[str, str]]


@pytest.mark.parametrize(("name", "signing"), VENDORS.items())
def test_a_helpdesks_own_signature_is_accepted_with_either_secret(
    name: str, signing: Signing
) -> None:
    verify = SCHEMES[name].verify

    first = verify(signing("s-new", BODY, NOW), BODY, secrets=["s-new", "s-old"], now_s=NOW)
    again = verify(signing("s-old", BODY, NOW), BODY, secrets=["s-new", "s-old"], now_s=NOW)

    # What names the message is signed: its content, the same when it is sent again.
    assert first == again == hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize(("name", "signing"), VENDORS.items())
def test_a_helpdesks_message_that_was_altered_or_is_not_signed_is_forged(
    name: str, signing: Signing
) -> None:
    verify = SCHEMES[name].verify

    for headers, body in (
        (signing("s-new", BODY, NOW), BODY + b" "),
        (signing("other", BODY, NOW), BODY),
        ({}, BODY),
        (dict.fromkeys(signing("s-new", BODY, NOW), "é"), BODY),
    ):
        with pytest.raises(Forged, match="signature"):
            verify(headers, body, secrets=["s-new", "s-old"], now_s=NOW)


@pytest.mark.parametrize("off", [-600, 600])
def test_a_helpdesks_signed_time_is_held_to_five_minutes(off: int) -> None:
    with pytest.raises(Forged, match="stale"):
        SCHEMES["chatwoot"].verify(_chatwoot("s", BODY, NOW + off), BODY, secrets=["s"], now_s=NOW)
