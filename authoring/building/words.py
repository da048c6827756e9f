"""Wording: text by audience, language and length, whatever the order of the levels."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from authoring.building.desk import Desk, near
from authoring.sources import Path
from engine.parts import AUDIENCES
from engine.templates import Template, WordingError, parse_wording
from engine.wording import ANYONE, Text

LENGTHS = ("full", "short")


@lru_cache(maxsize=65_536)
def template(text: str) -> Template:
    """Return a wording with its holes found, once for each distinct text. Raises WordingError."""
    if "{" not in text and "}" not in text:
        return Template((text,), text)
    return parse_wording(text)


def wording(desk: Desk, data: Any, path: Path, *, languages: tuple[str, ...]) -> Text:
    """Return what is said at a place; what cannot be read of it is reported and left out."""
    variants: dict[tuple[str, str, str], Template] = {}
    if isinstance(data, str):
        # The usual case of a library in one language, and of ids standing for labels.
        _take(desk, data, path, (ANYONE, ANYONE, "full"), variants)
    else:
        _walk(desk, data, path, (ANYONE, ANYONE, "full"), variants, languages)
    return Text(variants)


def shown(text: Text) -> frozenset[str]:
    """Return the dotted names a text shows; most show none, and cost nothing."""
    found: frozenset[str] = frozenset()
    for one in text.variants.values():
        if len(one.parts) > 1 or not isinstance(one.parts[0], str):
            found |= one.reads
    return found


def label(desk: Desk, data: Any, path: Path, *, languages: tuple[str, ...]) -> Text | None:
    """Return a wording that may be left out."""
    return None if data is None else wording(desk, data, path, languages=languages)


def _walk(
    desk: Desk,
    data: Any,
    path: Path,
    # Inner to `wording`, which has them by keyword.
    at: tuple[str, str, str],
    variants: dict[tuple[str, str, str], Template],
    languages: tuple[str, ...],
) -> None:
    if isinstance(data, str):
        _take(desk, data, path, at, variants)
        return
    audience, language, length = at
    for key, value in data.items():
        if key in languages:
            below = (audience, key, length)
        elif key in AUDIENCES:
            below = (key, language, length)
        elif key in LENGTHS:
            below = (audience, language, key)
        else:
            desk.report(
                "form.wording",
                (*path, key),
                f"`{key}` is no language of the library, no audience and no length.",
                hint=near(key, (*languages, *AUDIENCES, *LENGTHS)),
                key=True,
            )
            continue
        _walk(desk, value, (*path, key), below, variants, languages)


def _take(
    desk: Desk,
    text: str,
    path: Path,
    at: tuple[str, str, str],
    variants: dict[tuple[str, str, str], Template],
) -> None:
    try:
        variants[at] = template(text)
    except WordingError as error:
        desk.report("form.wording", path, error.message, hint=error.hint, offset=error.start)
