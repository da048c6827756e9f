"""A customer-service tool's side of the API, with the standard library alone."""

from __future__ import annotations

import http.client
import json
import uuid
from dataclasses import dataclass
from typing import Any

from parcours.stops import FOUND, Stop, listed

TIMEOUT_S = 10.0
FIGURES_S = 600.0
"""Seconds for what is worked out of years of facts."""


class Unexpected(Stop):
    """The service answered something else than it promises."""

    def __init__(self, what: str, got: object) -> None:
        super().__init__(
            fr=f"Inattendu : {what} ; reçu : {got}",
            en=f"Unexpected: {what}; got: {got}",
            code=FOUND,
        )


class NoAnswer(Stop):
    """Nothing answers at the service's address, or what answers breaks off."""

    def __init__(self, at: str, error: Exception) -> None:
        super().__init__(
            fr=f"Le service {at} ne répond pas : {error}.",
            en=f"The service at {at} does not answer: {error}.",
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers in small letters, and the body's JSON."""

    status: int
    headers: dict[str, str]
    body: Any


class Client:
    """Speaks to one service with one key, over one connection kept open."""

    def __init__(
        self, host: str, port: int | None, *, key: str, language: str, tls: bool = False,
        timeout_s: float = TIMEOUT_S,
    ) -> None:  # fmt: skip
        connect = http.client.HTTPSConnection if tls else http.client.HTTPConnection
        self._connection: http.client.HTTPConnection = connect(host, port, timeout=timeout_s)
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Accept": "application/json",
            "Accept-Language": language,
        }

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def get(self, path: str, *, expect: int = 200) -> Answer:
        """Return the answer to a read.

        Raises:
            Unexpected: another status than expected.
        """
        return self._call("GET", path, None, {}, expect=expect)

    def post(self, path: str, body: Any, *, etag: str | None = None, expect: int = 200) -> Answer:
        """Return the answer to a write. Each write has an idempotency key of its own.

        Raises:
            Unexpected: another status than expected.
        """
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        if etag is not None:
            headers["If-Match"] = etag
        return self._call("POST", path, body, headers, expect=expect)

    def patch(self, path: str, body: Any, *, expect: int = 200) -> Answer:
        """Return the answer to a change of something that is there.

        Raises:
            Unexpected: another status than expected.
        """
        headers = {"Content-Type": "application/json"}
        return self._call("PATCH", path, body, headers, expect=expect)

    def delete(self, path: str, *, expect: int = 200) -> Answer:
        """Return the answer to taking something away.

        Raises:
            Unexpected: another status than expected.
        """
        return self._call("DELETE", path, None, {}, expect=expect)

    def send(
        self, path: str, body: Any = None, *, key: str | None = None, etag: str | None = None
    ) -> Answer:
        """Return whatever answers a read, or a write with a key of the caller's own.

        A refusal is an answer like another: who sends it says what it means.

        Raises:
            NoAnswer: nothing answered; a write may be sent again with its key.
        """
        headers: dict[str, str] = {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        if etag is not None:
            headers["If-Match"] = etag
        return self._exchange("GET" if body is None else "POST", path, body, headers)[0]

    def _exchange(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> tuple[Answer, bytes]:
        sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            self._connection.request(method, path, body=sent, headers={**self._headers, **headers})
            response = self._connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException) as error:
            # What comes after goes through a new connection.
            self._connection.close()
            at = f"{self._connection.host}:{self._connection.port}"
            raise NoAnswer(at, error) from error
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, _json(raw)), raw

    def _call(
        self, method: str, path: str, body: Any, headers: dict[str, str], *, expect: int
    ) -> Answer:
        answer, raw = self._exchange(method, path, body, headers)
        if answer.status in {401, 403} or (answer.status != expect and _is_refusal(answer)):
            told = why(answer, raw)
            raise Stop(
                fr=f"Le service refuse : {told}", en=f"The service refuses: {told}", code=FOUND
            )
        if answer.status != expect:
            raise Unexpected(f"{method} {path} → {expect}", f"{answer.status} {why(answer, raw)}")
        return answer


def _json(raw: bytes) -> Any:
    """Return an answer's body; None where there is none, or something else than JSON answered."""
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


def _is_refusal(answer: Answer) -> bool:
    """Return whether an answer says, with a code, what is wrong with what was asked."""
    return 400 <= answer.status < 500 and isinstance(answer.body, dict) and "code" in answer.body


def why(answer: Answer, raw: bytes = b"") -> str:
    """Return what a refusal says of itself: sentence, code and fields; else its first words."""
    if not isinstance(answer.body, dict) or "detail" not in answer.body:
        return raw.decode(errors="replace")[:2000] or str(answer.status)
    params = answer.body.get("params") or {}
    about = [str(answer.body.get("code")), *(answer.body.get("errors") or {})]
    if "field" in params:
        about.append(str(params["field"]))
    if params.get("allowed"):
        about.append(listed(params["allowed"]))
    return f"{answer.body['detail']} ({'; '.join(about)})"
