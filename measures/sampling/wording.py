"""What a listener reads of a contact: its steps by their titles, and the codes they may give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authoring.draw import step_title
from engine.ledger import Segment
from engine.model import Library
from measures.facts.judged import RECODED
from runtime.finished import Batch
from runtime.revisions import Revisions


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of the libraries that a contact's sessions were walked by, in one language.

    `walks`: session → the journey it began with, and its library as it was then.
    """

    walks: Mapping[str, tuple[str, Library]]
    language: str

    @classmethod
    async def of(
        cls, revisions: Revisions, batch: Batch, contact: str, *, language: str
    ) -> Wording:
        """Return the words of the sessions that a contact served."""
        walks = {}
        for session in batch.served[contact]:
            row, _ = batch.sessions[session]
            revision = await revisions.get(batch.tenant, row["revision"])
            walks[session] = (row["journey"], revision.library)
        return cls(walks, language)

    def title(self, part: Segment) -> str | None:
        """Return what the step of a part is called; None where it has none, or is told of none."""
        walk = self.walks.get(part.session or "")
        if part.step is None or walk is None:
            return None
        root, library = walk
        return step_title(library, part.step, root=root, language=self.language)

    def codes(self) -> dict[str, list[dict[str, str]]]:
        """Return the codes that may be given, by axis: `{code, label}`, in the libraries' order."""
        found: dict[str, dict[str, str]] = {axis: {} for axis in RECODED}
        for _, library in self.walks.values():
            for axis, codes in found.items():
                for entry in library.codes.get(axis, {}).values():
                    if entry.leaf:
                        codes.setdefault(entry.code, self._said(library, entry.label))
        return {
            axis: [{"code": code, "label": label} for code, label in codes.items()]
            for axis, codes in found.items()
        }

    def _said(self, library: Library, text: Any) -> str:
        found = text.pick("*", self.language, default_language=library.languages[0])
        return str(found.source) if found else ""
