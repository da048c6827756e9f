"""What is taken out of another system's answer, and in which form: only what is named.

```toml
result = {
    status = {at = "state", map = {SHIPPED = "in_transit", DONE = "delivered"}},
    amount = {amount = {at = "total.cents", as = "hundredths"}, currency = "total.currency"},
    lines = {at = "items", each = {label = "name"}},
}
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from connectors.shapes import Misfit

ALL: Final = "*"
MOST_ITEMS: Final = 10_000
As = Literal["text", "hundredths"]


@dataclass(frozen=True, slots=True)
class Pick:
    """Takes one value out of an answer.

    Attributes:
        at: the names that lead to it; a number counts in a list; empty for the whole.
        each: what is taken of every item of a list.
        codes: what the other system's words mean; a word that is not there is a misfit.
        form: `text` writes a number as text, `hundredths` an amount in cents as `12.50`.
        parts: an object put together of other picks, in place of all that.
        constant: always the same, in place of all that.
    """

    at: tuple[str, ...] = ()
    each: Pick | None = None
    codes: Mapping[str, Any] | None = None
    form: As | None = None
    parts: Mapping[str, Pick] | None = None
    constant: Any = None

    def of(self, answer: Any) -> Any:
        """Return the value; None when the answer does not have it.

        Raises:
            Misfit: it has something else there.
        """
        if self.parts is not None:
            found = {name: pick.of(answer) for name, pick in self.parts.items()}
            return {name: value for name, value in found.items() if value is not None} or None
        if self.constant is not None:
            return self.constant
        value = reached(answer, self.at)
        if value is None:
            return None
        where = ".".join(self.at)
        if self.each is not None:
            if not isinstance(value, list) or len(value) > MOST_ITEMS:
                raise Misfit(where)
            return [self.each.of(one) for one in value]
        if self.codes is not None:
            word = str(value).lower() if isinstance(value, bool) else str(value)
            if isinstance(value, list | dict) or word not in self.codes:
                raise Misfit(where)
            return self.codes[word]
        return value if self.form is None else _written(value, self.form, where=where)


def reached(value: Any, path: tuple[str, ...]) -> Any:
    """Return what names lead to in a JSON value; None when it is not there."""
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def _written(value: Any, form: As, *, where: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Misfit(where)
    if form == "text":
        return str(value)
    if not isinstance(value, int):
        raise Misfit(where)
    return str(Decimal(value).scaleb(-2))
