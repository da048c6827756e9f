"""A file that was sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from engine.answers.base import AnswerType, Schema, clean_text, parts_of, refuse
from engine.kinds import NUMBER, TEXT, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

PARTS = ("id", "name", "media_type", "size", "sha256")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,100}/[a-z0-9.+-]{1,100}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class File(AnswerType):
    """A file that was sent; the answer refers to it: `{id, name, media_type, size, sha256}`.

    ```yaml
    type: file
    media_types: [image/jpeg, image/png, application/pdf]
    max_bytes: 10000000
    ```

    `image/*` takes every image. The file itself is kept elsewhere, under its `id`.
    """

    name = "file"
    settings: ClassVar[Mapping[str, Schema]] = {
        "media_types": {"type": "array", "items": {"type": "string"}},
        "max_bytes": {"type": "integer", "minimum": 1},
    }

    def prepare(self) -> None:
        """Read what files are taken."""
        self.media_types: tuple[str, ...] = tuple(self.given.get("media_types", ()))
        self.max_bytes: int | None = self.given.get("max_bytes")

    @property
    def kind(self) -> Kind:
        """Return a record."""
        sure = {"media_type"} if self.media_types else set()
        sure |= {"size"} if self.max_bytes else set()
        fields = {part: NUMBER if part == "size" else TEXT for part in PARTS}
        return Kind.record(
            {p: k if p in {"id", "name"} | sure else k.or_missing() for p, k in fields.items()}
        )

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the reference."""
        del scope
        refusal = refuse("answer.not-a-file")
        given = parts_of(raw, PARTS, refusal=refusal)
        needed = ["id", "name", *(["media_type"] if self.media_types else [])]
        needed += ["size"] if self.max_bytes else []
        for part in needed:
            if part not in given:
                raise refuse("answer.part-missing", part=part)
        for part in ("id", "name"):
            clean_text(given[part], limit=500)
        size = given.get("size", 0)
        if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= 10**15:
            raise refusal
        if self.max_bytes is not None and size > self.max_bytes:
            raise refuse("answer.file-too-large", limit=self.max_bytes)
        sha256 = given.get("sha256")
        if sha256 is not None and (not isinstance(sha256, str) or not _SHA256.fullmatch(sha256)):
            raise refusal
        if "media_type" in given:
            self._check_media_type(given["media_type"])
        return {part: given[part] for part in PARTS if part in given}

    def _check_media_type(self, media_type: object) -> None:
        if not isinstance(media_type, str) or _MEDIA_TYPE.fullmatch(media_type) is None:
            raise refuse("answer.not-a-file")
        family = media_type.partition("/")[0] + "/*"
        if self.media_types and not {media_type, family} & set(self.media_types):
            raise refuse("answer.other-media-type", types=list(self.media_types))

    def show(self, value: Json, language: str, *, labels: Mapping[str, str] | None = None) -> str:
        """Return the file's name."""
        del labels
        if isinstance(value, dict):
            return str(value.get("name", ""))
        return super().show(value, language)

    def schema(self) -> dict[str, Json]:
        """Return an object that refers to a file."""
        return {
            "type": "object",
            "properties": {
                "id": {"type": "string", "minLength": 1},
                "name": {"type": "string", "minLength": 1},
                "media_type": {"type": "string"},
                "size": {"type": "integer", "minimum": 0},
                "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            },
            "required": ["id", "name"],
            "additionalProperties": False,
        }

    def parse_spoken(self, text: str, language: str) -> Json:
        """Refuse: a file is sent, not typed."""
        del text, language
        raise refuse("answer.not-a-file")
