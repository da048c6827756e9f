"""How figures are written as SQL: texts quoted, sums of categories, codes cut at a level."""

from __future__ import annotations

from collections.abc import Iterable

from measures.times import SUMS


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Return texts as SQL lists them after IN."""
    return "(" + ", ".join(quoted(text) for text in texts) + ")"


def spent(categories: Iterable[str]) -> str:
    """Return the milliseconds spent in these categories: a column, where one holds their sum."""
    wanted = tuple(categories)
    kept = next((column for column, of in SUMS.items() if of == wanted), None)
    return kept or summed(wanted)


def summed(categories: Iterable[str]) -> str:
    """Return the same as a sum of the columns of the categories."""
    return "(" + " + ".join(f"ms_{category}" for category in categories) + ")"


def at_level(column: str, level: int | None) -> str:
    """Return a dotted code cut at a level of its tree: `delivery.late` at 1 is `delivery`."""
    if level is None:
        return column
    return f"array_to_string(list_slice(string_split({column}, '.'), 1, {level}), '.')"


def below(column: str, code: str) -> str:
    """Return the condition that a code is this one, or lies below it in its tree."""
    return f"({column} = {quoted(code)} OR starts_with({column}, {quoted(code + '.')}))"
