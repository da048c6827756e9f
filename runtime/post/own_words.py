"""What a message's writer says in it: without what they quote, and without their signature.

Each sentence keeps its place in the whole text, so that it can be shown where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST_SENTENCE: Final = 600
_SAYS: Final = re.compile(
    r"\s*(?:on\b.{4,200}\bwrote|le\b.{4,200}\ba écrit|.{0,80}\ba écrit le\b.{4,120})\s*:\s*",
    re.IGNORECASE | re.DOTALL,
)
_CUT: Final = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|message d[’']origine|forwarded message|message transféré|"
    r"message transfere)\s*-{2,}|_{10,})\s*",
    re.IGNORECASE,
)
_BLOCK: Final = re.compile(r"\s*\*?(?:de|from)\s?:\*?\s", re.IGNORECASE)
_BLOCK_GOES_ON: Final = re.compile(
    r"\s*\*?(?:envoyé|sent|date|à|to|objet|subject)\s?:", re.IGNORECASE
)
_CLOSES: Final = re.compile(
    r"\s*(?:(?:bien |très )?cordialement|(?:bien|sincèrement) à vous|"
    r"(?:bonne|belle) (?:journée|soirée)|(?:sincères |meilleures )?salutations.*|"
    r"(?:with )?(?:kind|best|warm)? ?regards|yours (?:sincerely|faithfully|truly)|sincerely|"
    r"envoyé (?:de|depuis) mon .{1,40}|sent from my .{1,40}|(?:je vous prie|veuillez) .*agréer.*)"
    r"\s*[,.!]?\s*",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE: Final = 8
"""Lines below a closing formula that are still the signature."""
_END: Final = re.compile(r"(?<=[.!?…])[\s]+(?=[^\s])")
_NO_END: Final = re.compile(
    r"(?:^\s*\d{1,2}|\b(?:m|mr|mrs|ms|mme|mlle|dr|st|ste|n|no|art|tel|tél|cf|ex))\.$",
    re.IGNORECASE,
)
"""What a full stop follows without ending a sentence: the number of an item, a shortened word."""
_ITEM: Final = re.compile(r"\s*(?:[-*•–]\s|\d{1,2}\s?[.)/:-]\s|[^:\n]{2,60}\s?:\s)")
_FULL: Final = 55
"""Characters from which a line without a full stop is taken to go on in the next."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the writer's own, and where it stands: `begin` and `end` in the whole text.

    `below` is the line quoted right above it, when it answers one in place.
    """

    text: str
    begin: int
    end: int
    below: str | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    begin: int
    quoted: bool


def sentences(text: str) -> list[Sentence]:
    """Return what the writer says, sentence by sentence, in order."""
    found: list[Sentence] = []
    for lines, below in _paragraphs(_own(text)):
        begin = lines[0].begin
        whole = text[begin : lines[-1].begin + len(lines[-1].text)]
        for at, end in _ends(whole):
            bare = whole[at:end].strip()
            if bare:
                start = begin + at + whole[at:end].index(bare[0])
                kept = bare[:LONGEST_SENTENCE]
                found.append(Sentence(kept, start, start + len(kept), below))
    return found


def _ends(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a paragraph begins and ends."""
    at = 0
    for met in _END.finditer(text):
        if _NO_END.search(text, at, met.start()) is None:
            yield at, met.start()
            at = met.end()
    yield at, len(text)


def _lines(text: str) -> list[_Line]:
    found, at = [], 0
    for line in text.split("\n"):
        found.append(_Line(line, at, line.lstrip().startswith(">")))
        at += len(line) + 1
    return found


def _own(text: str) -> list[_Line]:
    """Return the lines that are the writer's, and those quoted among them, which they answer."""
    lines = _lines(text)
    kept: list[_Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        said = _attribution(lines, at)
        if said:
            rest = lines[at + said :]
            if not any(one.quoted for one in rest):
                break
            at += said
            continue
        if not line.quoted and (_CUT.fullmatch(line.text) or _is_block(lines, at)):
            break
        if not line.quoted and _closes(lines, at):
            at = _after_signature(lines, at)
            continue
        kept.append(line)
        at += 1
    return kept


def _attribution(lines: list[_Line], at: int) -> int:
    """Return over how many lines it is said here who wrote what follows; 0 when it is not."""
    for count in (1, 2, 3):
        part = lines[at : at + count]
        if len(part) == count and not any(one.quoted for one in part):
            joined = " ".join(one.text for one in part)
            if len(joined) < 300 and _SAYS.fullmatch(joined):
                return count
    return 0


def _is_block(lines: list[_Line], at: int) -> bool:
    """Return whether the headers of an earlier message begin here, as some programs write them."""
    if _BLOCK.match(lines[at].text) is None:
        return False
    after = [one.text for one in lines[at + 1 : at + 6]]
    return sum(1 for one in after if _BLOCK_GOES_ON.match(one)) >= 2


def _closes(lines: list[_Line], at: int) -> bool:
    text = lines[at].text
    return text.rstrip() == "--" or _CLOSES.fullmatch(text) is not None


def _after_signature(lines: list[_Line], at: int) -> int:
    """Return the line after a signature: where something is quoted, or where it is too long."""
    is_marked = lines[at].text.rstrip() == "--"
    end = at + 1
    while end < len(lines) and not lines[end].quoted and not _attribution(lines, end):
        if lines[end].text.strip().startswith(("PS", "P.-S.", "P.S.")):
            break
        if not is_marked and end - at > _LONGEST_SIGNATURE:
            break
        end += 1
    return end


def _paragraphs(lines: list[_Line]) -> Iterator[tuple[list[_Line], str | None]]:
    """Yield the lines that belong together, with the quoted line above the first of them."""
    held: list[_Line] = []
    below: str | None = None
    above: str | None = None
    for line in lines:
        if line.quoted or not line.text.strip():
            if held:
                yield held, below
                held, above = [], None
            if line.quoted:
                bare = line.text.lstrip("> ").strip()
                above = bare or above
            continue
        if held and _begins_anew(held[-1].text, line.text):
            yield held, below
            held, above = [], None
        if not held:
            below = above
        held.append(line)
    if held:
        yield held, below


def _begins_anew(before: str, line: str) -> bool:
    return len(before.rstrip()) < _FULL or _ITEM.match(line) is not None
