"""Fields: questions, inputs, values to fill in by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authoring.building.codes import leaves
from authoring.building.coding import coded
from authoring.building.desk import Desk, near
from authoring.building.ground import Ground
from authoring.building.types import spelled
from authoring.building.words import label, wording
from authoring.sources import Path
from authoring.values import canonical
from engine.answers import AnswerType, BadAnswer
from engine.events import Json
from engine.kinds import Kind
from engine.model import Field, Option, OptionsFrom, Valid
from engine.scope import Scope
from engine.wording import Text

Names = Mapping[str, Kind]


def field(
    desk: Desk,
    ground: Ground,
    name: str,
    *,
    spec: Any,
    path: Path,
    answers: AnswerType,
    names: Names | None = None,
) -> Field:
    """Return a field whose type is built already.

    `names` are what its rules may read; its own value is among them.
    """
    keys = spelled(spec, ground)
    known = names or {}
    fact = keys.get("fact")
    if fact is not None and fact not in ground.facts:
        desk.report(
            "form.unknown-fact",
            (*path, "fact"),
            f"The library declares no fact `{fact}`.",
            hint=near(fact, ground.facts),
        )
        fact = None
    if fact is None and "known" in keys:
        desk.report(
            "form.known", (*path, "known"), "`known` is for fields bound to a fact.",
            hint="Add `fact:`, or remove `known:`.", key=True,
        )  # fmt: skip
    languages = ground.languages
    return Field(
        name=name,
        type=answers,
        label=label(desk, keys.get("label"), (*path, "label"), languages=languages),
        help=label(desk, keys.get("help"), (*path, "help"), languages=languages),
        options=_options(desk, ground, keys, path, known),
        options_from=_options_from(desk, ground, keys.get("options"), (*path, "options"), known),
        required=keys.get("required", True),
        valid=_valid(
            desk, ground, keys.get("valid"), (*path, "valid"), {**known, name: answers.kind}
        ),
        known=keys.get("known", None if fact is None else ground.facts[fact].known),
        fact=fact,
        default=default(desk, answers, keys.get("default"), path=(*path, "default")),
        sensitive=keys.get("sensitive", False),
    )


def default(desk: Desk, answers: AnswerType, data: Any, *, path: Path) -> Json:
    """Return a proposed value in its canonical form.

    None when there is none or it would be refused.
    """
    if data is None:
        return None
    try:
        return answers.accept(canonical(answers, data), Scope({}, "1970-01-01"))
    except BadAnswer as bad:
        desk.report("form.default", path, f"This value would be refused: {bad.message['en']}")
        return None


def _valid(desk: Desk, ground: Ground, data: Any, path: Path, names: Names) -> tuple[Valid, ...]:
    if data is None:
        return ()
    many = isinstance(data, list)
    found: list[Valid] = []
    for at, one in enumerate(data if many else [data]):
        here = (*path, at) if many else path
        when = ground.formulas.condition(desk, one["when"], (*here, "when"), names=names)
        if when is not None:
            message = wording(desk, one["message"], (*here, "message"), languages=ground.languages)
            found.append(Valid(when, message))
    return tuple(found)


def _options(
    desk: Desk, ground: Ground, keys: Mapping[str, Any], path: Path, names: Names
) -> tuple[Option, ...]:
    if keys["type"] == "yes_no":
        if "yes" not in keys and "no" not in keys:
            return ()
        return tuple(
            _option(desk, ground, {"id": key, **(keys.get(key) or {})}, (*path, key), names)
            for key in ("yes", "no")
        )
    options = keys.get("options")
    if isinstance(options, dict):
        if "codes" not in options:
            return ()
        return tuple(
            Option(e.code, e.label)
            for e in leaves(ground.codes, options["codes"], options.get("under"))
        )
    return tuple(
        _option(desk, ground, one, (*path, "options", at), names)
        for at, one in enumerate(options or ())
    )


def _option(desk: Desk, ground: Ground, data: Any, path: Path, names: Names) -> Option:
    if isinstance(data, str):
        return Option(data, Text.plain(data))
    languages = ground.languages
    written = label(desk, data.get("label"), (*path, "label"), languages=languages)
    return Option(
        id=data["id"],
        label=written if written is not None else _own_name(data["id"]),
        short=label(desk, data.get("short"), (*path, "short"), languages=languages),
        codes=coded(data),
        next=data.get("next"),
        when=ground.formulas.condition(desk, data.get("when"), (*path, "when"), names=names),
    )


YES_NO = {"yes": {"fr": "Oui", "en": "Yes"}, "no": {"fr": "Non", "en": "No"}}


def _own_name(option: str) -> Text:
    words = YES_NO.get(option)
    if words is None:
        return Text.plain(option)
    return Text(
        {
            ("*", language, "full"): Text.plain(word).variants["*", "*", "full"]
            for language, word in words.items()
        }
    )


def _options_from(
    desk: Desk, ground: Ground, data: Any, path: Path, names: Names
) -> OptionsFrom | None:
    if not isinstance(data, dict) or "from" not in data:
        return None
    items = ground.formulas.build(desk, data["from"], (*path, "from"), names=names)
    if items is None:
        return None
    if not items.problems and items.kind.name not in {"list", "set", "any"}:
        desk.report(
            "data.not-a-list",
            (*path, "from"),
            f"Options come from a list, not from {items.kind.describe()}.",
        )
    return OptionsFrom(items, data["id"], data["label"])
