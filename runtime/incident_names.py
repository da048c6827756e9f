"""What an incident may name: nobody would hear one that names what no library has.

Channels are left alone: a voice server or a web site asks for its own, which no library walks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.model import Library
from runtime.errors import WrongReference
from runtime.incident_content import Content

_SAID = {
    "scope.motives": ("aucune déclaration", "no declaration"),
    "scope.journeys": ("aucun parcours", "no journey"),
    "scope.customers": ("ni fait ni question", "neither a fact nor a question"),
    "branch": ("aucun parcours que l'on ouvre depuis un autre", "no journey opened from another"),
}


def check_names(
    content: Content, libraries: Sequence[Library], *, before: Content | None = None
) -> None:
    """Refuse names that no live library has; those of the version `before` stay good.

    A tenant without a library has nobody to say anything to, and nothing to compare with.

    Raises:
        WrongReference: `field` is where the first of them stands, `allowed` what may stand there.
    """
    if not libraries:
        return
    was = dict(_named(before)) if before is not None else {}
    for field, names in _named(content):
        known = sorted({name for one in libraries for name in _has(one, field)})
        for name in names:
            below = field == "scope.motives" and any(k.startswith(f"{name}.") for k in known)
            if name not in known and not below and name not in was.get(field, ()):
                fr, en = _SAID[field]
                raise WrongReference(
                    {
                        "fr": f"« {name} » n'est {fr} d'une bibliothèque publiée.",
                        "en": f"'{name}' is {en} of a published library.",
                    },
                    field=field,
                    allowed=known,
                )


def _named(content: Content) -> Iterator[tuple[str, Sequence[str]]]:
    yield "scope.motives", content.scope.motives
    yield "scope.journeys", content.scope.journeys
    yield "scope.customers", tuple(content.scope.customers)
    yield "branch", () if content.branch is None else (content.branch,)


def _has(library: Library, field: str) -> Iterable[str]:
    if field == "scope.motives":
        return (*library.codes.get("declaration", ()), *library.declarations)
    if field == "scope.journeys":
        return library.journeys
    if field == "branch":
        return (*library.digressions, *library.system.values())
    asked = (
        question.name
        for journey in library.journeys.values()
        for step in journey.steps.values()
        for question in step.fields()
    )
    inputs = (name for journey in library.journeys.values() for name in journey.inputs)
    return (*library.facts, *asked, *inputs)
