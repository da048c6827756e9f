"""What every answer type is: its settings, how it takes an answer, shows it, and describes it.

A type is one file in this folder. It imports this base, and a type it is made of; never another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from unicodedata import category

from engine import localise
from engine.answers.messages import MESSAGES
from engine.kinds import ANY, TEXT, Kind

if TYPE_CHECKING:
    from engine.events import Json
    from engine.scope import Scope

Schema = Mapping[str, Any]
Matcher = Callable[[str], bool]
"""A compiled pattern: whether the whole of a text matches."""

LONGEST_TEXT = 65_536
"""Characters of the longest value kept. Source: promises.md, limits."""
LANGUAGES = ("fr", "en")


class BadSetting(Exception):
    """A key of an answer type that cannot be used as it is written: which one, and why."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key = key
        self.message = message


class BadAnswer(Exception):
    """An answer that cannot be taken: a stable code, and by language what is allowed."""

    def __init__(self, code: str, message: dict[str, str], params: dict[str, Json]) -> None:
        super().__init__(message["en"])
        self.code = code
        self.message = message
        self.params = params


def refuse(code: str, *, kind: Kind = ANY, **params: Json) -> BadAnswer:
    """Return the refusal of a code, its message filled in; a `limit` is shown as its kind is."""
    message: dict[str, str] = {}
    for language, text in zip(LANGUAGES, MESSAGES[code], strict=True):
        shown = {
            name: _shown(value, kind if name == "limit" else ANY, language=language)
            for name, value in params.items()
        }
        message[language] = text.format(**shown)
    return BadAnswer(code, message, params)


def _shown(value: Json, kind: Kind, *, language: str) -> str:
    if isinstance(value, list):
        more = ["…"] if len(value) > 12 else []
        return ", ".join([str(item) for item in value[:12]] + more)
    if isinstance(value, dict) and set(value) == set(LANGUAGES):
        return str(value[language])
    return localise.show(value, kind, language=language)


class AnswerType:
    """The base of all answer types.

    `settings` describes, in JSON Schema, the keys a type takes in YAML beside those any question
    has. `is_barrier` says that an amend may not go back behind such an answer.
    """

    name: ClassVar[str] = ""
    settings: ClassVar[Mapping[str, Schema]] = {}
    is_barrier: ClassVar[bool] = False

    def __init__(self, settings: Mapping[str, Any], matcher: Matcher | None = None) -> None:
        for key, value in settings.items():
            schema = self.settings.get(key)
            if schema is None:
                raise BadSetting(key, f"unknown; {self.name} takes {', '.join(self.settings)}.")
            if value is not None and not conforms(value, schema):
                raise BadSetting(key, f"does not have the form expected: {describe(schema)}.")
        self.given = {key: value for key, value in settings.items() if value is not None}
        self.matcher = matcher
        self.prepare()

    def prepare(self) -> None:
        """Read the settings; raise BadSetting where they contradict one another."""

    @property
    def kind(self) -> Kind:
        """Return the kind of its values, for expressions."""
        return TEXT

    def accept(self, raw: object, scope: Scope) -> Json:
        """Return the answer in its canonical JSON form.

        Accepted again, that form is the same. Raises BadAnswer, whatever `raw` is.
        """
        if raw is None:
            raise refuse("answer.missing")
        return self.read(raw, scope)

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the canonical form of an answer that is there."""
        raise NotImplementedError

    def show(self, value: Json, language: str, *, labels: Mapping[str, str] | None = None) -> str:
        """Return a value as people read it; `labels` are the option ids' own words."""
        if labels and isinstance(value, str):
            return labels.get(value, value)
        return localise.show(value, self.kind, language=language)

    def schema(self) -> dict[str, Json]:
        """Return the JSON Schema of the canonical form."""
        raise NotImplementedError

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return what a control for it needs to know beside its schema: its settings, worded."""
        del language, audience
        return dict(self.given)

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the JSON form of what a person typed in a language; `accept` then judges it.

        Raises BadAnswer when it cannot be understood.
        """
        del language
        return text.strip()


def clean_text(raw: object, *, limit: int = LONGEST_TEXT) -> str:
    """Return a text that can be kept: no NUL or half character, not blank.

    Of `limit` characters, as whoever types counts them, whatever bytes they take.
    """
    if not isinstance(raw, str):
        raise refuse("answer.not-a-text")
    if len(raw) > limit:
        raise refuse("answer.too-long", limit=limit)
    try:
        raw.encode()
    except UnicodeEncodeError:
        raise refuse("answer.bad-text") from None
    if "\0" in raw:
        raise refuse("answer.bad-text")
    if all(unseen(character) for character in raw):
        raise refuse("answer.missing")
    return raw


def unseen(character: str) -> bool:
    """Return whether a character shows nothing by itself: a space, a control, a direction mark."""
    return character.isspace() or category(character) in {"Cc", "Cf"}


def parts_of(raw: object, known: Sequence[str], *, refusal: BadAnswer) -> dict[str, Any]:
    """Return an object's parts that are there, refusing parts nobody knows."""
    if not isinstance(raw, dict):
        raise refusal
    for part in raw:
        if part not in known:
            name = part[:40] if isinstance(part, str) and part.isprintable() else "?"
            raise refuse("answer.unknown-part", part=name, parts=list(known))
    return {part: value for part, value in raw.items() if value is not None}


def worded(text: object, language: str, audience: str) -> str:
    """Return a setting's wording, given alone, by audience, by language or by length."""
    while isinstance(text, Mapping):
        picked = next((text[key] for key in (audience, language, "full") if key in text), None)
        text = next(iter(text.values()), None) if picked is None else picked
    return "" if text is None else str(text)


_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float, Decimal),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (Mapping,),
}


def conforms(value: object, schema: Schema) -> bool:
    """Return whether a setting has the form its schema asks for.

    The schemas of settings use type, enum, minimum, maximum, items and anyOf; nothing else.
    """
    if "anyOf" in schema:
        return any(conforms(value, one) for one in schema["anyOf"])
    wanted = schema.get("type")
    if wanted is not None:
        if isinstance(value, bool) and wanted != "boolean":
            return False
        if not isinstance(value, _TYPES[wanted]):
            return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, int | float | Decimal):
        low, high = schema.get("minimum"), schema.get("maximum")
        return (low is None or value >= low) and (high is None or value <= high)
    if isinstance(value, list | tuple) and "items" in schema:
        return all(conforms(item, schema["items"]) for item in value)
    return True


def describe(schema: Schema) -> str:
    """Return what a schema asks for, in words."""
    if "anyOf" in schema:
        return " or ".join(describe(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    words = str(schema.get("type", "anything"))
    if "minimum" in schema:
        words += f" from {schema['minimum']}"
    if "maximum" in schema:
        words += f" up to {schema['maximum']}"
    return words
