"""A number, with or without unit."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from engine import localise
from engine.answers.base import AnswerType, BadSetting, Schema, refuse
from engine.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

LIMIT = 10**15
"""Numbers beyond it, either side, are refused. Source: promises.md, limits."""

_PLAIN = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,15})?", re.ASCII)


class Number(AnswerType):
    """A number; with a `unit` the answer is `{value, unit}`.

    ```yaml
    type: number
    min: 0
    max: 30
    unit: kg
    decimals: 1
    ```

    `integer: true` takes whole numbers only.
    """

    name = "number"
    settings: ClassVar[Mapping[str, Schema]] = {
        "min": {"type": "number", "minimum": -LIMIT, "maximum": LIMIT},
        "max": {"type": "number", "minimum": -LIMIT, "maximum": LIMIT},
        "unit": {"type": "string"},
        "integer": {"type": "boolean"},
        "decimals": {"type": "integer", "minimum": 0, "maximum": 15},
    }

    def prepare(self) -> None:
        """Read the bounds, the unit and the precision."""
        self.least = self.given.get("min", -LIMIT)
        self.most = self.given.get("max", LIMIT)
        self.unit: str | None = self.given.get("unit")
        self.decimals: int | None = self.given.get("decimals")
        if self.given.get("integer"):
            self.decimals = 0
        if self.least > self.most:
            raise BadSetting("min", "is above max.")
        if self.unit is not None and not self.unit.strip():
            raise BadSetting("unit", "is empty.")

    @property
    def kind(self) -> Kind:
        """Return a number, of its unit."""
        return Kind("number", unit=self.unit)

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the number, whole ones without a fraction."""
        del scope
        if isinstance(raw, dict):
            if self.unit is None or set(raw) != {"value", "unit"}:
                raise refuse("answer.not-a-number")
            if raw["unit"] != self.unit:
                raise refuse("answer.other-unit", unit=self.unit)
            raw = raw["value"]
        number = plain_number(raw)
        if number < self.least:
            raise refuse("answer.too-small", kind=self.kind, limit=self.least)
        if number > self.most:
            raise refuse("answer.too-large", kind=self.kind, limit=self.most)
        if self.decimals == 0 and not isinstance(number, int):
            raise refuse("answer.not-whole")
        if self.decimals and places(number) > self.decimals:
            raise refuse("answer.too-many-decimals", limit=self.decimals)
        return number if self.unit is None else {"value": number, "unit": self.unit}

    def schema(self) -> dict[str, Json]:
        """Return a number between the bounds, in an object when there is a unit."""
        number: dict[str, Json] = {
            "type": "integer" if self.decimals == 0 else "number",
            "minimum": self.least,
            "maximum": self.most,
        }
        if self.unit is None:
            return number
        return {
            "type": "object",
            "properties": {"value": number, "unit": {"const": self.unit}},
            "required": ["value", "unit"],
            "additionalProperties": False,
        }

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the number typed: `1 234,5`, `1,234.5`; the unit may follow."""
        said = text.strip()
        if self.unit is not None:
            said = said.removesuffix(self.unit)
        return spoken_number(said, language)


def plain_number(raw: object) -> int | float:
    """Return a JSON number that can be kept; 5.0 is 5."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise refuse("answer.not-a-number")
    if isinstance(raw, float) and not math.isfinite(raw):
        raise refuse("answer.not-a-number")
    if raw > LIMIT:
        raise refuse("answer.too-large", limit=LIMIT)
    if raw < -LIMIT:
        raise refuse("answer.too-small", limit=-LIMIT)
    return int(raw) if raw == int(raw) else raw


def places(number: float) -> int:
    """Return how many decimals a number is written with."""
    exponent = Decimal(str(number)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def spoken_number(text: str, language: str) -> int | float:
    """Return the number a person typed in the habits of a language."""
    said = spoken_decimal(text, language)
    return float(said) if "." in said else int(said)


def spoken_decimal(text: str, language: str) -> str:
    """Return the number typed, with a point and without groups; the form of an exact amount."""
    said = "".join(text.split()).replace(localise.NARROW_SPACE, "")
    if localise.base(language) == "fr":
        said = said.replace(",", ".")
    elif re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]+)?", said):
        said = said.replace(",", "")
    if _PLAIN.fullmatch(said) is None:
        raise refuse("answer.not-a-number")
    return said.removeprefix("+")
