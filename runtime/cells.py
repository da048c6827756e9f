"""A CSV's cells as the answers their questions take: `12,50 EUR` is money, `oui` is yes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_MONEY = re.compile(r"(-?[0-9]+(?:[.,][0-9]+)?)\s*([A-Z]{3}|€)?")
_WORDS = {
    True: frozenset({"true", "1", "yes", "y", "oui", "o"}),
    False: frozenset({"false", "0", "no", "n", "non"}),
}


def answer_of(text: str, question: Mapping[str, Any] | None) -> Any:
    """Return a cell as its question takes it; what does not look like it stays text.

    The service then says what is wrong with it, in its own words.
    """
    if text[:1] in {"{", "["}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    kind = None if question is None else question.get("type")
    if kind == "number":
        return _number(text)
    if kind == "yes_no":
        return next(
            (yes for yes, words in _WORDS.items() if text.strip().casefold() in words), text
        )
    if kind == "multiple":
        return [part.strip() for part in re.split(r"[|,;]", text) if part.strip()]
    if kind == "money" and (money := _MONEY.fullmatch(text)):
        currency = {"€": "EUR", None: _currency(question or {})}.get(money[2], money[2])
        return {"amount": money[1].replace(",", "."), "currency": currency}
    return text


def _number(text: str) -> Any:
    try:
        number: Any = int(text)
    except ValueError:
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            return text
    return number


def _currency(question: Mapping[str, Any]) -> str | None:
    """Return the currency a question's money is in, where there is but one."""
    properties = question.get("valid", {}).get("properties", {})
    found = properties.get("currency", {}).get("const")
    return found if isinstance(found, str) else None
