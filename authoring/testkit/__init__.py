"""Conversations that must hold.

Written by experts, played against the engine, measured for what they cover.
"""

from __future__ import annotations

from authoring.testkit.cases import Case, cases
from authoring.testkit.coverage import Coverage, JourneyCoverage, Missed, covered
from authoring.testkit.play import Result, play, run_tests
from authoring.testkit.record import record

__all__ = [
    "Case",
    "Coverage",
    "JourneyCoverage",
    "Missed",
    "Result",
    "cases",
    "covered",
    "play",
    "record",
    "run_tests",
]
