"""A postal address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from engine.answers.base import AnswerType, Schema, clean_text, parts_of, refuse
from engine.kinds import TEXT, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

PARTS = ("name", "line1", "line2", "postcode", "city", "region", "country")
POSTCODES = {
    "FR": re.compile(r"[0-9]{5}", re.ASCII),
    "BE": re.compile(r"[1-9][0-9]{3}", re.ASCII),
    "CH": re.compile(r"[1-9][0-9]{3}", re.ASCII),
    "LU": re.compile(r"[0-9]{4}", re.ASCII),
    "DE": re.compile(r"[0-9]{5}", re.ASCII),
    "ES": re.compile(r"[0-9]{5}", re.ASCII),
    "IT": re.compile(r"[0-9]{5}", re.ASCII),
}
"""What a country's postcodes look like; those of other countries are taken as they come."""

_LAST_LINE = re.compile(r"([0-9]{4,5})\s+(\D+)")


class Address(AnswerType):
    """A postal address; the answer is an object of its parts.

    ```yaml
    type: address
    country: FR
    required_parts: [line1, postcode, city]
    ```

    Its parts are name, line1, line2, postcode, city, region and country; `country` is the one taken
    when none is given.
    """

    name = "address"
    settings: ClassVar[Mapping[str, Schema]] = {
        "country": {"type": "string"},
        "required_parts": {"type": "array", "items": {"type": "string", "enum": list(PARTS)}},
    }

    def prepare(self) -> None:
        """Read what must be given."""
        self.country: str | None = self.given.get("country")
        self.required = tuple(self.given.get("required_parts", ("line1", "postcode", "city")))

    @property
    def kind(self) -> Kind:
        """Return a record of its parts."""
        given = {*self.required} | ({"country"} if self.country else set())
        return Kind.record({p: TEXT if p in given else TEXT.or_missing() for p in PARTS})

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the parts given, each on one line, spaces trimmed."""
        del scope
        refusal = refuse("answer.not-an-address", parts=list(self.required))
        given = parts_of(raw, PARTS, refusal=refusal)
        parts: dict[str, Json] = {}
        for part in PARTS:
            value = given.get(part)
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            parts[part] = " ".join(clean_text(value, limit=1_000).split())
        if self.country is not None:
            parts.setdefault("country", self.country)
        for part in self.required:
            if part not in parts:
                raise refuse("answer.part-missing", part=part)
        postcode = POSTCODES.get(str(parts.get("country", "")))
        written = parts.get("postcode")
        if postcode is not None and written is not None and not postcode.fullmatch(written):
            raise refuse("answer.bad-postcode")
        return parts

    def schema(self) -> dict[str, Json]:
        """Return an object of texts."""
        return {
            "type": "object",
            "properties": {part: {"type": "string", "minLength": 1} for part in PARTS},
            "required": list(self.required),
            "additionalProperties": False,
        }

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the address typed on one line: `12 rue de la Paix, 75002 Paris`."""
        del language
        *lines, last = [part.strip() for part in text.split(",")]
        found = _LAST_LINE.fullmatch(last)
        if found is None or not 1 <= len(lines) <= 2:
            raise refuse("answer.not-an-address", parts=list(self.required))
        parts: dict[str, Json] = dict(zip(("line1", "line2"), lines, strict=False))
        return {**parts, "postcode": found[1], "city": found[2].strip()}
