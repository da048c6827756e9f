"""Every check, one line each."""

from __future__ import annotations

from authoring.checks.asked_twice import AskedTwice
from authoring.checks.base import Check
from authoring.checks.by_hand_incomplete import ByHandIncomplete
from authoring.checks.call_depth import CallDepth
from authoring.checks.compensate_mismatch import CompensateMismatch
from authoring.checks.dead_end import DeadEnd
from authoring.checks.dead_rule import DeadRule
from authoring.checks.effect_understated import EffectUnderstated
from authoring.checks.endless_cycle import EndlessCycle
from authoring.checks.long_label import LongLabel
from authoring.checks.missing_axis import MissingAxis
from authoring.checks.missing_else import MissingElse
from authoring.checks.missing_parameter import MissingParameter
from authoring.checks.missing_wording import MissingWording
from authoring.checks.never_resolved import NeverResolved
from authoring.checks.no_manual import NoManual
from authoring.checks.no_outcome import NoOutcome
from authoring.checks.not_leaf import NotLeaf
from authoring.checks.not_startable import NotStartable
from authoring.checks.open_segment import OpenSegment
from authoring.checks.overlap import Overlap
from authoring.checks.recursion import Recursion
from authoring.checks.sensitive_out import SensitiveOut
from authoring.checks.silent_stop import SilentStop
from authoring.checks.unassigned import Unassigned
from authoring.checks.unidentified import Unidentified
from authoring.checks.unknown_code import UnknownCode
from authoring.checks.unknown_journey import UnknownJourney
from authoring.checks.unknown_outcome import UnknownOutcome
from authoring.checks.unknown_parameter import UnknownParameter
from authoring.checks.unknown_promise import UnknownPromise
from authoring.checks.unknown_target import UnknownTarget
from authoring.checks.unknown_team import UnknownTeam
from authoring.checks.unmapped_outcome import UnmappedOutcome
from authoring.checks.unreachable import Unreachable
from authoring.checks.unsafe_retry import UnsafeRetry
from authoring.checks.waste import Waste
from authoring.checks.when_without_else import WhenWithoutElse
from authoring.checks.wrong_type import WrongType

CHECKS: tuple[type[Check], ...] = (
    UnknownTarget,
    UnknownJourney,
    UnknownTeam,
    UnknownPromise,
    UnknownOutcome,
    UnmappedOutcome,
    NotStartable,
    Unreachable,
    DeadEnd,
    NoOutcome,
    EndlessCycle,
    Recursion,
    CallDepth,
    MissingElse,
    Unassigned,
    WrongType,
    DeadRule,
    Waste,
    AskedTwice,
    Overlap,
    MissingAxis,
    UnknownCode,
    NotLeaf,
    OpenSegment,
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
