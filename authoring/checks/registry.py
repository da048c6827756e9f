"""Every check, one line each."""

from __future__ import annotations

from authoring.checks.actions import (
    CompensateMismatch,
    EffectUnderstated,
    MissingParameter,
    SensitiveOut,
    Unidentified,
    UnknownParameter,
    UnsafeRetry,
    WhenWithoutElse,
)
from authoring.checks.asked_twice import AskedTwice
from authoring.checks.base import Check
from authoring.checks.coded import MissingAxis
from authoring.checks.codes import NotLeaf, UnknownCode
from authoring.checks.dead_end import DeadEnd
from authoring.checks.dead_rule import DeadRule
from authoring.checks.endless_cycle import EndlessCycle
from authoring.checks.manual import ByHandIncomplete, NoManual
from authoring.checks.missing_else import MissingElse
from authoring.checks.never_resolved import NeverResolved
from authoring.checks.no_outcome import NoOutcome
from authoring.checks.not_startable import NotStartable
from authoring.checks.recursion import Recursion
from authoring.checks.unassigned import Unassigned
from authoring.checks.unknown_name import UnknownJourney, UnknownTeam
from authoring.checks.unknown_outcome import UnknownOutcome
from authoring.checks.unknown_target import UnknownTarget
from authoring.checks.unmapped_outcome import UnmappedOutcome
from authoring.checks.unreachable import Unreachable
from authoring.checks.waste import Waste
from authoring.checks.wording import LongLabel, MissingWording, SilentStop

CHECKS: tuple[type[Check], ...] = (
    UnknownTarget,
    UnknownJourney,
    UnknownTeam,
    UnknownOutcome,
    UnmappedOutcome,
    NotStartable,
    Unreachable,
    DeadEnd,
    NoOutcome,
    EndlessCycle,
    Recursion,
    MissingElse,
    Unassigned,
    DeadRule,
    Waste,
    AskedTwice,
    MissingAxis,
    UnknownCode,
    NotLeaf,
    NeverResolved,
    NoManual,
    ByHandIncomplete,
    WhenWithoutElse,
    UnsafeRetry,
    EffectUnderstated,
    CompensateMismatch,
    UnknownParameter,
    MissingParameter,
    Unidentified,
    SensitiveOut,
    MissingWording,
    SilentStop,
    LongLabel,
)
"""The checks, in the order of the reference."""
