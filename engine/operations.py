"""What a connector operation answers, taken in as its declaration says."""

from __future__ import annotations

from engine.answers import BadAnswer
from engine.events import Json
from engine.parts import Operation
from engine.scope import Scope


def accept_result(operation: Operation, raw: Json) -> dict[str, Json]:
    """Return the declared fields of a result in canonical form.

    Unknown ones are dropped, empty ones missing.

    Raises:
        BadAnswer: a field is not of its declared type; the result counts as a technical failure.

    Source: promises.md, row "Bad data from connectors".
    """
    if raw is None or not operation.output:
        return {}
    if not isinstance(raw, dict):
        raise BadAnswer(
            "result.not-a-record",
            {"fr": "La réponse n'est pas une fiche.", "en": "The answer is not a record."},
            {},
        )
    scope = Scope({}, "")
    taken = {}
    for name, answer_type in operation.output.items():
        value = raw.get(name)
        if value is not None and value != "":
            taken[name] = answer_type.accept(value, scope)
    return taken
