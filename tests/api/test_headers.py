"""What a request's headers say is certain, or it is refused."""

from __future__ import annotations

import pytest

from api.headers import expected_version, idempotency_key, read
from api.problems import Problem


@pytest.mark.parametrize("key", ["a", "3f0c8a52-8f1e-4b5e-9a10-27a3c9d9c001", "x" * 255, "a b"])
def test_a_printable_key_is_taken(key: str) -> None:
    assert idempotency_key({b"idempotency-key": key.encode()}) == key


@pytest.mark.parametrize(
    "key", [None, b"", b" ", b"x" * 256, b"a\tb", b"a\x7f", "é".encode(), b"a\x00"]
)
def test_no_key_or_an_unprintable_one_is_refused(key: bytes | None) -> None:
    headers = {} if key is None else {b"idempotency-key": key}

    with pytest.raises(Problem) as refused:
        idempotency_key(headers)

    assert (refused.value.code, refused.value.status) == ("request.bad-key", 400)


@pytest.mark.parametrize(
    ("header", "version"),
    [(b'"7"', 7), (b' "0" ', 0), (b'W/"7"', -1), (b'"07"', -1), (b'"abc"', -1), (None, None)],
)
def test_if_match_names_a_version_or_one_that_never_is(
    header: bytes | None, version: int | None
) -> None:
    headers = {} if header is None else {b"if-match": header}

    assert expected_version(headers) == version


@pytest.mark.parametrize("header", [b"*", b"7", b"", b'"7', b'"1", "2"', b"'7'"])
def test_if_match_that_is_not_one_tag_is_refused(header: bytes) -> None:
    with pytest.raises(Problem) as refused:
        expected_version({b"if-match": header})

    assert (refused.value.code, refused.value.status) == ("request.bad-condition", 400)


def test_a_header_whose_meaning_must_be_certain_may_not_come_twice() -> None:
    with pytest.raises(Problem) as refused:
        read([(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")])

    assert refused.value.status == 401


def test_other_headers_may_come_twice() -> None:
    assert read([(b"via", b"a"), (b"via", b"b")]) == {b"via": b"b"}
