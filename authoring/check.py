"""Everything that is wrong, or could be better, in a library.

What its form shows and what its journeys prove.
"""

from __future__ import annotations

from collections.abc import Iterator

from authoring.cache import Cache
from authoring.checks.registry import CHECKS
from authoring.checks.survey import Survey
from authoring.findings import Finding, has_errors, ordered
from authoring.load import Loaded

__all__ = ["check", "check_journey", "has_errors"]


def check(loaded: Loaded, *, cache: Cache | None = None) -> list[Finding]:
    """Return all findings of a library, those of its form included, by file, line and column.

    A library too broken to be built has the findings of its form only. With a cache, one examined
    before, to the letter, is not examined again.
    """
    library = loaded.library
    if library is None:
        return ordered(loaded.findings)
    # Its tests are not examined here, and all the rest is in the revision.
    key = f"findings {library.revision}"
    known: tuple[Finding, ...] | None = None if cache is None else cache.built(key)
    if known is None:
        known = tuple(_examined(Survey(loaded, library)))
        if cache is not None:
            cache.keep_built(key, known)
    return ordered([*loaded.findings, *known])


def _examined(survey: Survey) -> Iterator[Finding]:
    for each in CHECKS:
        yield from each().library(survey)
    for journey_id in survey.library.journeys:
        yield from _of_journey(survey, journey_id)


def check_journey(loaded: Loaded, journey_id: str) -> list[Finding]:
    """Return the findings of one journey, examining only those it leads to beside it.

    Raises:
        KeyError: the library has no such journey.
    """
    library = loaded.library
    if library is None:
        return ordered(loaded.findings)
    found = list(_of_journey(Survey(loaded, library), journey_id))
    file = loaded.sources.journeys.get(journey_id)
    form = [finding for finding in loaded.findings if finding.file == file]
    return ordered([*form, *found])


def _of_journey(survey: Survey, journey_id: str) -> Iterator[Finding]:
    subject = survey.subject(journey_id)
    for each in CHECKS:
        yield from each().journey(subject)
