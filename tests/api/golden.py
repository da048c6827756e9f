"""Conversations over HTTP as data: `{case, turns: [{role, request, answer}]}`, played and compared.

What differs from one run to the next is replaced by what it is: `<session>`, `<ms>`, `<key>` …
A request may use `{etag}` and the ids of the turns before it: `{session}`, `{contact}`,
`{incident}`, `{threshold}`, `{irritant}`; and when the first two free slots begin that were listed:
`{slot}`, `{later}`.
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.api.service import Shop

FOLDER = Path(__file__).parents[1] / "golden" / "api"
SHOWN = (
    "content-type", "content-language", "etag", "idempotency-replayed", "location",
    "retry-after", "allow", "www-authenticate",
)  # fmt: skip
_IDS = re.compile(r"\b(ses|ctc|tkt|cus|inc|thr|irr)_[0-9a-z]{26}\b")
_NAMES = {"ses": "<session>", "ctc": "<contact>", "tkt": "<ticket>", "cus": "<customer>",
          "inc": "<incident>", "thr": "<threshold>", "irr": "<irritant>"}  # fmt: skip
_TIMES = {
    "at", "left_at", "started_at", "ended_at", "due", "begin", "from", "to", "start", "end",
    "offered", "answered", "ended", "wrapped", "opened_at", "created_at", "closed_at", "updated_at",
    "begins", "ends", "validated_at", "told_at", "state_at", "as_of",
}  # fmt: skip
_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def play(shop: Shop, case: dict[str, Any]) -> dict[str, Any]:
    """Return a case with the answers that a service gives now."""
    known = dict.fromkeys(("session", "etag", "contact", "incident", "threshold", "irritant"), "")
    known |= {"slot": "", "later": ""}
    keys: dict[str, str] = {}
    turns = []
    for turn in case["turns"]:
        answer = _send(shop, turn, known=known, keys=keys)
        if answer.headers.get("etag") and answer.status_code < 300:
            known["etag"] = answer.headers["etag"]
        body = answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
        if isinstance(body, dict) and isinstance(body.get("session"), str):
            known["session"] = body["session"]
        named = str(body.get("id", "")) if isinstance(body, dict) else ""
        # A promise's id is its session's, and a number.
        name = _NAMES.get(named.partition("_")[0], "")[1:-1]
        if name in known and "." not in named:
            known[name] = named
        if isinstance(body, dict) and "timezone" in body and len(body.get("items", ())) == 2:
            first, second = (one["begins"] / 1_000 for one in body["items"])
            known["slot"] = datetime.fromtimestamp(first, UTC).isoformat()
            known["later"] = datetime.fromtimestamp(second, UTC).isoformat()
        turns.append({**turn, "answer": _shown(answer, body)})
    return {**case, "turns": turns}


def _send(
    shop: Shop, turn: dict[str, Any], *, known: dict[str, str], keys: dict[str, str]
) -> httpx.Response:
    request = turn["request"]
    method, path = request["line"].split(" ", 1)
    headers = {name: value.format(**known) for name, value in request.get("headers", {}).items()}
    if "Idempotency-Key" in headers:
        # A key is new in each run, and the same within it.
        name = headers["Idempotency-Key"]
        headers["Idempotency-Key"] = keys.setdefault(name, f"{name}-{uuid.uuid4()}")
    body = _filled(request.get("body"), known)
    with shop.client(turn["role"]) as client:
        return client.request(method, path.format(**known), json=body, headers=headers)


def _filled(value: Any, known: dict[str, str]) -> Any:
    """Return a body with the identifiers of the turns before it."""
    if isinstance(value, dict):
        return {key: _filled(inner, known) for key, inner in value.items()}
    return known.get(value[1:-1], value) if isinstance(value, str) and value else value


def _shown(answer: httpx.Response, body: Any) -> dict[str, Any]:
    headers = {name: answer.headers[name] for name in SHOWN if name in answer.headers}
    return {
        "status": answer.status_code,
        "headers": _steady(headers),
        "body": _steady(body),
    }


def _steady(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _steady(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_steady(inner) for inner in value]
    if isinstance(value, str):
        if name == "trace_id":
            return "<trace>"
        return _HASH.sub("<sha-256>", _IDS.sub(lambda found: _NAMES[found[1]], value))
    if name in _TIMES or name.endswith("_ms"):
        return value if value is None else "<ms>"
    return value


def to_text(case: dict[str, Any]) -> str:
    """Return a case as its file holds it."""
    plain = json.loads(json.dumps(case))
    text: str = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100)
    return text
