"""Everything that is wrong, or could be better, in a library.

What its form shows and what its journeys prove.
"""

from __future__ import annotations

from collections.abc import Iterator

from authoring.checks.registry import CHECKS
from authoring.checks.survey import Survey
from authoring.findings import Finding, has_errors, ordered
from authoring.load import Loaded

__all__ = ["check", "check_journey", "has_errors"]


def check(loaded: Loaded) -> list[Finding]:
    """Return all findings of a library, those of its form included, by file, line and column.

    A library too broken to be built has the findings of its form only.
    """
    library = loaded.library
    if library is None:
        return ordered(loaded.findings)
    survey = Survey(loaded, library)
    found = [finding for each in CHECKS for finding in each().library(survey)]
    for journey_id in library.journeys:
        found += _of_journey(survey, journey_id)
    return ordered([*loaded.findings, *found])


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
