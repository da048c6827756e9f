"""What people are told: wordings by audience, language and length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.templates import Template

ANYONE = "*"
"""The audience, or language, of a wording that says it for all."""


@dataclass(frozen=True, slots=True)
class Text:
    """Everything said at one place: a template per audience, language and length.

    Audience and language may be `*`, for all; the length is `full` or `short`.
    """

    variants: Mapping[tuple[str, str, str], Template] = field(hash=False)
    picked: dict[tuple[str, str, str, str | None], Template | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was picked before: the same few are asked for at every look."""

    @classmethod
    def plain(cls, text: str) -> Text:
        """Return a text that says the same, braces and all, to everyone in every language."""
        return cls({(ANYONE, ANYONE, "full"): Template((text,), text)})

    @property
    def reads(self) -> frozenset[str]:
        """Return the dotted names that any of its variants shows."""
        return frozenset().union(*(template.reads for template in self.variants.values()))

    def pick(
        self,
        audience: str,
        language: str,
        *,
        length: str = "full",
        default_language: str | None = None,
    ) -> Template | None:
        """Return what to say to an audience, None when nothing is worded for it.

        The audience's own wording goes first (a bot's, then the customer's), then the one for all;
        within it the language asked for, then the default one, then any other; within that the
        short length if asked for, else the full one. Source: semantics.md 17.
        """
        asked = (audience, language, length, default_language)
        if asked not in self.picked:
            self.picked[asked] = self._pick(audience, language, length, default_language)
        return self.picked[asked]

    def _pick(
        self, audience: str, language: str, length: str, default_language: str | None
    ) -> Template | None:
        for who in audiences(audience):
            mine = {
                (spoken, size): t
                for (group, spoken, size), t in self.variants.items()
                if group == who
            }
            if not mine:
                continue
            for spoken in (
                language,
                ANYONE,
                default_language,
                *sorted({spoken for spoken, _ in mine}),
            ):
                for size in (length, "full", "short"):
                    found = mine.get((spoken or "", size))
                    if found is not None:
                        return found
        return None

    def languages(self, audience: str) -> set[str]:
        """Return the languages in which an audience is told it; `*` when it is the same in all."""
        for who in audiences(audience):
            spoken = {language for (group, language, _) in self.variants if group == who}
            if spoken:
                return spoken
        return set()


def audiences(audience: str) -> tuple[str, ...]:
    """Return whose wording serves an audience, best first: a bot uses the customer's.

    Source: semantics.md 17.
    """
    return (audience, "customer", ANYONE) if audience == "bot" else (audience, ANYONE)
