"""A number that proves itself by its check digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from engine.answers.base import AnswerType, Schema, clean_text, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.events import Json
    from engine.scope import Scope

LA_POSTE = "356000000"


def luhn(digits: str) -> bool:
    """Return whether the last digit checks the others. Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def mod97(text: str) -> bool:
    """Return whether a number with letters leaves 1 by 97. Source: ISO/IEC 7064, MOD 97-10."""
    return int("".join(str(int(letter, 36)) for letter in text)) % 97 == 1


def _iban(text: str) -> bool:
    return mod97(text[4:] + text[:4])


def _siret(text: str) -> bool:
    # The post office's branches are checked by the plain sum of their digits. Source: INSEE.
    if text.startswith(LA_POSTE) and sum(int(digit) for digit in text) % 5 == 0:
        return True
    return luhn(text) and luhn(text[:9])


def _ean13(text: str) -> bool:
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text)) % 10 == 0


SCHEMES: Mapping[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "luhn": (re.compile(r"[0-9]{2,40}", re.ASCII), luhn),
    "mod97": (re.compile(r"[0-9A-Z]{3,40}", re.ASCII), mod97),
    "iban": (re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", re.ASCII), _iban),
    "siren": (re.compile(r"[0-9]{9}", re.ASCII), luhn),
    "siret": (re.compile(r"[0-9]{14}", re.ASCII), _siret),
    "ean13": (re.compile(r"[0-9]{13}", re.ASCII), _ean13),
}
"""Form and check of each scheme, of a text without spaces and in capitals."""


class Identifier(AnswerType):
    """A number that proves itself by its check digits; spaces are left out.

    ```yaml
    type: identifier
    scheme: siret
    ```

    Without `scheme` it is any number or reference, kept without its spaces.
    """

    name = "identifier"
    settings: ClassVar[Mapping[str, Schema]] = {
        "scheme": {"type": "string", "enum": sorted(SCHEMES)},
    }

    def prepare(self) -> None:
        """Read the scheme."""
        self.scheme: str | None = self.given.get("scheme")

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the number without spaces, in capitals when it has a scheme."""
        del scope
        text = "".join(clean_text(raw, limit=1_000).split())
        if self.scheme is None:
            return text
        text = text.upper()
        form, check = SCHEMES[self.scheme]
        if form.fullmatch(text) is None or not check(text):
            raise refuse("answer.bad-identifier", scheme=self.scheme.upper())
        return text

    def show(self, value: Json, language: str, *, labels: Mapping[str, str] | None = None) -> str:
        """Return an IBAN in groups of four, SIREN and SIRET in groups of three."""
        del language, labels
        text = str(value)
        if self.scheme == "iban":
            return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
        if self.scheme in {"siren", "siret"}:
            groups = [text[at : at + 3] for at in range(0, 9, 3)]
            return " ".join([*groups, text[9:]]).strip()
        return text

    def schema(self) -> dict[str, Json]:
        """Return a text of the scheme's form."""
        if self.scheme is None:
            return {"type": "string", "minLength": 1}
        return {"type": "string", "pattern": f"^{SCHEMES[self.scheme][0].pattern}$"}
