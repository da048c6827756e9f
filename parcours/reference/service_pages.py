"""Reference pages of the service: error codes and permissions."""

from __future__ import annotations

from dataclasses import fields

from api.parameters import FIELD_MESSAGES
from api.refusals import PROBLEMS
from connectors.codes import DEPLOYMENT, REASONS
from engine.answers.messages import MESSAGES
from parcours.reference.codes import IN_FIELDS, REFUSING, TRIPPING, codes_in
from parcours.reference.markdown import code, page, section, table
from runtime.access import PERMISSIONS, ROLES
from runtime.settings import PREFIX, Settings


def errors() -> str:
    """Return the page of every stable code an answer, or a session's history, may carry."""
    problems = table(
        ["code", "status", "title", "what to do"],
        (
            (code(kind.code), str(kind.status), kind.title["en"], kind.detail.get("en", ""))
            for kind in sorted(PROBLEMS.values(), key=lambda kind: (kind.status, kind.code))
        ),
    )
    refusals = table(
        ["code", "en", "fr"],
        ((code(one), en, fr) for one, (fr, en) in engine_codes().items() if one not in PROBLEMS),
    )
    trips = table(["code"], ((code(one),) for one in codes_in("engine", TRIPPING)))
    return page(
        "Error codes",
        "Errors are `application/problem+json` (RFC 9457); `code` is stable and never renamed, "
        "`title` and `detail` are in the request's language, `errors` names each wrong field.",
        section("Of the service", problems),
        section(
            "Of the engine",
            "A command that is refused is answered 422 with one of these codes; nothing is "
            "recorded. Those that begin with `answer.` stand in `errors` under a field's name.",
            refusals,
        ),
        section(
            "Of a single field",
            "These stand only in `errors`, under a field's name, beside `allowed`; `offer.` ones "
            "in the view's `offers_unused`. The message of `answer.rule` is the one its author "
            "wrote (`valid`).",
            table(["code", "en", "fr"], ((code(one), en, fr) for one, (fr, en) in field_codes())),
        ),
        section(
            "Bounds and rules that end a session",
            "These stand in the event `tripped`: the session goes on in the library's failure "
            "journey.",
            trips,
        ),
        section(
            "Why an automated action came to nothing",
            "These stand as `reason` in the event `settled`. What was not sent "
            "is surely not done; sent and not answered is `unknown`, unless it only reads.",
            table(["code", "what it means"], ((code(one), it) for one, it in REASONS.items())),
        ),
        section(
            "Of a deployment",
            "`parcours check --deployment connectors.toml` gives them with file, line and column; "
            "the service says those of its file when it refuses to start, and those of its "
            "libraries in its log.",
            table(["code", "what it means"], ((code(one), it) for one, it in DEPLOYMENT.items())),
        ),
    )


def engine_codes() -> dict[str, tuple[str, str]]:
    """Return every code the engine refuses with, and its message (fr, en)."""
    return dict(sorted({**codes_in("engine", REFUSING), **MESSAGES}.items()))


def field_codes() -> list[tuple[str, tuple[str, str]]]:
    """Return the codes that only ever stand beside a field, and their message (fr, en)."""
    others = {*PROBLEMS, *engine_codes()}
    asked = {one: (said["fr"], said["en"]) for one, said in FIELD_MESSAGES.items()}
    found = {**codes_in("engine", IN_FIELDS), **asked}
    return [(one, found[one]) for one in sorted(found) if one not in others]


def settings() -> str:
    """Return the page of the service's settings."""
    rows = (
        (
            code(one.name),
            str(one.metadata["doc"]),
            ""
            if one.default in (None, ())
            else code(
                str(one.default).lower() if isinstance(one.default, bool) else str(one.default)
            ),
            code(PREFIX + one.name.upper()),
        )
        for one in fields(Settings)
    )
    return page(
        "Settings",
        "What a service is told: on the command line, else by the environment, else in a TOML "
        f"file named by `{PREFIX}CONFIG`, else the default.",
        table(["setting", "what it is", "default", "environment"], rows),
    )


def permissions() -> str:
    """Return the page of who may do what."""
    rows = (
        (code(action), *("✓" if role in allowed else "" for role in ROLES))
        for action, allowed in PERMISSIONS.items()
    )
    return page(
        "Permissions",
        "What each role may do. A key's scopes only narrow this; what stands nowhere is refused.",
        table(["permission", *ROLES], rows),
    )
