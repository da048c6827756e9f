"""Taking the answers to the questions of a stop.

All of them are looked at, and every wrong one is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.answers import BadAnswer
from engine.answers.yes_no import option_of
from engine.events import Json
from engine.refusals import Refused
from engine.reuse import reuse
from engine.scope import Scope

if TYPE_CHECKING:
    from engine.parts import Field, Option
    from engine.places import Here
    from engine.reading import Reading

MISSING = {"fr": "Une réponse est nécessaire.", "en": "An answer is needed."}
UNKNOWN_FIELD = {
    "fr": "Cette étape ne pose pas cette question.",
    "en": "This step does not ask that.",
}
UNKNOWN_OPTION = {"fr": "Ce choix n'est pas proposé ici.", "en": "This choice is not offered here."}
REFUSED = {"fr": "La réponse ne peut pas être prise.", "en": "The answer cannot be taken."}


def choices(field: Field, scope: Scope) -> list[tuple[str, Option | None, str | None]]:
    """Return the options offered now.

    Each is (id, the authored option, its label when it comes from a saved list).
    """
    if field.options_from is not None:
        source = field.options_from
        items = source.items.evaluate(scope)
        found: list[tuple[str, Option | None, str | None]] = []
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and isinstance(item.get(source.id), (str, int)):
                label = item.get(source.label)
                found.append(
                    (str(item[source.id]), None, str(label) if label is not None else None)
                )
            elif isinstance(item, str):
                found.append((item, None, item))
        return found
    return [
        (o.id, o, None) for o in field.options if o.when is None or o.when.evaluate(scope) is True
    ]


def accept_one(field: Field, raw: Json, scope: Scope) -> Json:
    """Return one answer in its canonical form.

    Raises:
        BadAnswer: it is not of the field's type, or not among what is offered now.
    """
    value = field.type.accept(raw, scope)
    if field.is_conditional:
        allowed = [option_id for option_id, _, _ in choices(field, scope)]
        given = value if isinstance(value, list) else [value]
        if field.type.name == "yes_no":
            given = [option_of(value)]
        if any(item not in allowed for item in given):
            raise BadAnswer("answer.unknown-option", UNKNOWN_OPTION, {"allowed": allowed})
    return value


def accept(
    walk: Reading,
    here: Here,
    fields: Sequence[Field],
    *,
    given: Mapping[str, Json],
    before: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """Return the answers to these questions in canonical form, those left out aside.

    A consent is dated by the turn, whatever its giver says; one that is as it was in `before`
    keeps its date.

    Raises:
        Refused: `answer.refused`, naming every wrong field and what is allowed; nothing was
            recorded.
    """
    scope = walk.scope(here)
    taken: dict[str, Json] = {}
    wrong: dict[str, dict[str, Any]] = {}
    for field in fields:
        raw = given.get(field.name)
        if raw is None:
            if field.required:
                wrong[field.name] = {
                    "code": "answer.missing",
                    "message": MISSING,
                    "allowed": _allowed(field, scope),
                }
            continue
        try:
            taken[field.name] = accept_one(field, raw, scope)
            if field.type.name == "consent" and (before or {}).get(field.name) != raw:
                taken[field.name]["at"] = _moment(walk.env.now)
        except BadAnswer as bad:
            allowed = bad.params.get("allowed") or _allowed(field, scope)
            wrong[field.name] = {"code": bad.code, "message": dict(bad.message), "allowed": allowed}
    for name in given:
        if not any(field.name == name for field in fields):
            wrong[name] = {
                "code": "answer.unknown-field",
                "message": UNKNOWN_FIELD,
                "allowed": [field.name for field in fields],
            }
    if not wrong:
        _check_rules(walk, here, fields, taken, wrong)
    if wrong:
        raise Refused("answer.refused", REFUSED, fields=wrong, params={"step": here.step.id})
    return taken


def _moment(now: int) -> str:
    return datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="seconds")


def _check_rules(  # the five things a rule reads and reports to
    walk: Reading,
    here: Here,
    fields: Sequence[Field],
    taken: dict[str, Json],
    wrong: dict[str, dict[str, Any]],
) -> None:
    if not any(field.valid for field in fields):
        return
    before = walk.scope(here)
    scope = Scope({**before.values, **taken}, before.today, before.codes)
    for field in fields:
        if field.name not in taken:
            continue
        for rule in field.valid:
            if rule.when.evaluate(scope) is not True:
                message = {}
                for language in walk.library.languages:
                    template = rule.message.pick(
                        walk.state.audience, language, default_language=walk.library.languages[0]
                    )
                    if template is not None:
                        message[language] = template.render(
                            scope, language, kinds=walk.journey(here.run).kinds
                        )
                wrong[field.name] = {
                    "code": "answer.rule",
                    "message": message,
                    "allowed": rule.when.text,
                }
                break


def _allowed(field: Field, scope: Scope) -> Json:
    """Return what a field takes: option ids, or the schema of its type."""
    offered = [option_id for option_id, _, _ in choices(field, scope)]
    return offered or field.type.schema()


def known(walk: Reading, here: Here, field: Field) -> Json:
    """Return the value known from outside this session for a field, or None.

    It never serves the second and later occurrences of a step, and an invalid one is not known.
    Source: semantics.md 6.
    """
    if field.fact is None or here.occ > 1:
        return None
    entry = walk.state.known.get(field.fact)
    if not isinstance(entry, dict):
        return None
    try:
        return accept_one(field, entry.get("value"), walk.scope(here))
    except BadAnswer:
        return None


def mode(walk: Reading, field: Field) -> tuple[str, str | None]:
    """Return how the value known for a field is used, and why; see `engine.reuse.reuse`."""
    entry = walk.state.known.get(field.fact or "")
    return reuse(field.known, walk.library.reuse, entry, now=walk.env.now)


def offered(walk: Reading, here: Here, field: Field) -> Json:
    """Return the valid value brought beforehand (`provide`) for a field, or None."""
    offers = walk.state.offers
    raw = offers.get(field.name)
    if raw is None and field.fact is not None:
        raw = offers.get(field.fact)
    if raw is None:
        return None
    try:
        return accept_one(field, raw, walk.scope(here))
    except BadAnswer:
        return None
