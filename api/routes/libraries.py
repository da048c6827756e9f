"""Libraries: check one, publish one."""

from __future__ import annotations

from typing import Any

from api.operations import Call, Example, Operation
from api.problems import Problem, Reply
from api.replies import as_json
from api.retries import once, replied
from api.schemas import Files, Findings, Published
from authoring.findings import as_dict
from runtime.idempotency import Keep
from runtime.revisions import Published as Publication

WHOLE = 32 * 1024 * 1024
"""Bytes of a library, all its files together (semantics.md 32)."""
ONE_FILE = 1024 * 1024
BODY = WHOLE + WHOLE // 4
"""Bytes of the body: JSON spells line ends and quotes with two characters."""


async def check(call: Call) -> Reply:
    """Check a library's files: every finding at once, nothing kept."""
    found = await call.context.service.revisions.check(call.actor, _files(call))
    return as_json(
        {
            "findings": [as_dict(finding) for finding in found],
            "errors": sum(finding.severity == "error" for finding in found),
        }
    )


async def publish(call: Call) -> Reply:
    """Publish a library: refused when the checker finds errors.

    Sessions that began stay on the revision they began with; new ones take this one. Publishing
    what was published before is a roll-back: the same hash under a new number.
    """
    files, revisions = _files(call), call.context.service.revisions

    async def do(keep: Keep) -> Publication:
        return await revisions.publish(call.actor, files, keep=keep)

    # Checking a large library again to find that it was published would cost seconds.
    answer = await once(call, "/v1/libraries", do=do, body=_publication, looks_first=True)
    return replied(answer, status=201)


def _publication(made: Publication) -> dict[str, Any]:
    return {
        "library": made.library,
        "revision": made.hash,
        "number": made.number,
        "findings": [as_dict(finding) for finding in made.findings],
    }


def _files(call: Call) -> dict[str, str]:
    asked: Files = call.body
    sizes = {path: len(text.encode()) for path, text in asked.files.items()}
    if sum(sizes.values()) > WHOLE:
        raise Problem("request.too-large", params={"limit": WHOLE})
    for path, size in sizes.items():
        if size > ONE_FILE:
            raise Problem("request.too-large", params={"limit": ONE_FILE, "file": path})
    return asked.files


_FILES = {"files": {"library.yaml": "library: demo\n…", "journeys/suivi.yaml": "…"}}
_FINDING = {
    "code": "graph.unknown-target",
    "severity": "error",
    "file": "journeys/suivi.yaml",
    "line": 12,
    "column": 11,
    "message": "…",
    "hint": "…",
}

OPERATIONS = (
    Operation(
        id="library.check", method="POST", path="/v1/libraries:check", permission="library.check",
        handler=check, body=Files, limit=BODY, answer=Findings, tag="libraries",
        examples=(
            Example(summary="A library with an error", request=_FILES,
                    answer={"findings": [_FINDING], "errors": 1}),
        ),
    ),
    Operation(
        id="library.publish", method="POST", path="/v1/libraries", permission="library.publish",
        handler=publish, body=Files, limit=BODY, answer=Published, status=201, keyed=True,
        tag="libraries", problems=("library.refused", "library.journey-taken"),
        examples=(
            Example(summary="A library without errors", request=_FILES,
                    answer={"library": "demo", "revision": "9f2c…", "number": 1, "findings": []}),
        ),
    ),
)  # fmt: skip
