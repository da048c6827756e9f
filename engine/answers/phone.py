"""A phone number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from engine import localise
from engine.answers.base import AnswerType, Schema, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope


class Plan(NamedTuple):
    """How a country's numbers are written: its code, the prefix of home calls, their lengths."""

    code: str
    trunk: str
    lengths: tuple[int, ...]
    example: str


PLANS: Mapping[str, Plan] = {
    "FR": Plan("33", "0", (9,), "06 12 34 56 78"),
    "BE": Plan("32", "0", (8, 9), "0470 12 34 56"),
    "CH": Plan("41", "0", (9,), "078 123 45 67"),
    "LU": Plan("352", "", tuple(range(4, 12)), "628 123 456"),
    "DE": Plan("49", "0", tuple(range(6, 14)), "01512 3456789"),
    "ES": Plan("34", "", (9,), "612 34 56 78"),
    "IT": Plan("39", "", tuple(range(6, 12)), "312 345 6789"),
    "PT": Plan("351", "", (9,), "912 345 678"),
    "NL": Plan("31", "0", (9,), "06 12345678"),
    "AT": Plan("43", "0", tuple(range(4, 14)), "0664 123456"),
    "GB": Plan("44", "0", (9, 10), "07400 123456"),
    "IE": Plan("353", "0", tuple(range(7, 11)), "085 012 3456"),
    "US": Plan("1", "1", (10,), "201 555 0123"),
    "CA": Plan("1", "1", (10,), "506 234 5678"),
    "MA": Plan("212", "0", (9,), "0650 123456"),
    "DZ": Plan("213", "0", (8, 9), "0551 23 45 67"),
    "TN": Plan("216", "", (8,), "20 123 456"),
    "GP": Plan("590", "0", (9,), "0690 00 12 34"),
    "MQ": Plan("596", "0", (9,), "0696 20 12 34"),
    "GF": Plan("594", "0", (9,), "0694 20 12 34"),
    "RE": Plan("262", "0", (9,), "0692 12 34 56"),
}
"""Numbering plans by country. Source: ITU-T E.164, national plans."""

_BETWEEN = re.compile(r"[\s.\-/()\u00a0\u202f]+")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


class Phone(AnswerType):
    """A phone number; the answer is in international form, `+33612345678`.

    ```yaml
    type: phone
    country: FR
    ```

    Spaces, dots and the home prefix of `country` (France by default) are understood.
    """

    name = "phone"
    settings: ClassVar[Mapping[str, Schema]] = {
        "country": {"type": "string", "enum": sorted(PLANS)},
    }

    def prepare(self) -> None:
        """Read the country."""
        self.plan = PLANS[self.given.get("country", "FR")]

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the number in international form."""
        del scope
        if not isinstance(raw, str) or len(raw) > 40:
            raise self._refusal()
        if not raw.strip():
            raise refuse("answer.missing")
        number = self._international(raw)
        if _E164.fullmatch(number) is None:
            raise self._refusal()
        for plan in PLANS.values():
            length = len(number) - 1 - len(plan.code)
            if number[1:].startswith(plan.code) and length not in plan.lengths:
                raise self._refusal()
        return number

    def _international(self, raw: str) -> str:
        # `+33 (0)6 …` is a common way of writing both forms at once.
        digits = _BETWEEN.sub("", raw.strip().replace("(0)", ""))
        if digits.startswith("+"):
            return digits
        if digits.startswith("00"):
            return "+" + digits[2:]
        return "+" + self.plan.code + digits.removeprefix(self.plan.trunk)

    def _refusal(self) -> Exception:
        return refuse("answer.not-a-phone", example=self.plan.example)

    def show(self, value: Json, language: str, *, labels: Mapping[str, str] | None = None) -> str:
        """Return a French number by pairs of figures, any other one as it is."""
        del language, labels
        number = str(value)
        if number.startswith("+33") and len(number) == 12:
            home = "0" + number[3:]
            return localise.HARD_SPACE.join(home[at : at + 2] for at in range(0, 10, 2))
        return number

    def schema(self) -> dict[str, Json]:
        """Return a text in international form."""
        return {"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$"}
