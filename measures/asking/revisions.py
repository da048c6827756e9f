"""How a question names a revision, and which revisions came before a publication, and since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from measures.errors import WrongQuestion
from runtime.revisions import Publication

SHORTEST: Final = 6
"""Characters of a hash that are told from a number."""
_NAMES: Final = {
    "fr": "Une révision se dit par le numéro de sa publication, ou par le début de son empreinte.",
    "en": "A revision is said by the number of its publication, or by how its hash begins.",
}
_ROLLED_BACK: Final = {
    "fr": "Cette publication en reprend une plus ancienne : dites le numéro de la première.",
    "en": "That publication brings an older one back: say the number of the first.",
}


def revision_named(text: str, published: Sequence[Publication], *, field: str) -> str:
    """Return the hash of a revision from how it was named: `12`, or how its hash begins.

    Raises:
        WrongQuestion: it names none, or several.
    """
    if text.isdecimal() and len(text) < SHORTEST:
        found = {one.hash for one in published if one.number == int(text)}
    else:
        found = {one.hash for one in published if text and one.hash.startswith(text)}
    if len(found) != 1:
        known = [f"{one.number} ({one.hash[:12]})" for one in published]
        raise WrongQuestion(_NAMES, field=field, given=text, allowed=known[-20:])
    return found.pop()


@dataclass(frozen=True, slots=True)
class Turning:
    """A publication that changed something: the hashes of its library before it, and since.

    What was published again, as it was before, is of before: a roll-back takes the change away.
    """

    publication: Publication
    before: tuple[str, ...]
    since: tuple[str, ...]

    @property
    def filters(self) -> tuple[str, str]:
        """The filters of before and of since, as `where` of a measure; no contact has none."""
        return f"revision:{'|'.join(self.before or ('none',))}", f"revision:{'|'.join(self.since)}"


def turning_at(text: str, published: Sequence[Publication], *, field: str) -> Turning:
    """Return the first publication of a revision, from how it was named.

    Raises:
        WrongQuestion: it names none, or several, or by a number what was published before.
    """
    named = revision_named(text, published, field=field)
    first = min((one for one in published if one.hash == named), key=lambda one: one.at)
    if text.isdecimal() and len(text) < SHORTEST and first.number != int(text):
        raise WrongQuestion(_ROLLED_BACK, field=field, given=text, allowed=[str(first.number)])
    own = [one for one in published if one.library == first.library]
    before = {one.hash for one in own if one.number < first.number}
    since = {one.hash for one in own if one.number >= first.number} - before
    return Turning(first, tuple(sorted(before)), tuple(sorted(since)))
