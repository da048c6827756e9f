"""What every journey of a library stands on.

Its settings, codes, operations, facts and tables, already built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from authoring.building.formulas import Formulas
from engine.kinds import Kind
from engine.model import CodeEntry, Fact, Field, Operation
from engine.tables import DecisionTable


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table, with what its inputs and outputs are.

    And what its rows carry beside values.

    `rows` are the rules as written, where they may route, code or set; `path` is where they stand
    in `file`.
    """

    table: DecisionTable
    inputs: Mapping[str, Kind]
    outputs: Mapping[str, Kind]
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Interface:
    """What callers see of a journey: the kinds of the values they may save."""

    values: Mapping[str, Kind]
    outcomes: tuple[str, ...] = ()


@dataclass(slots=True)
class Ground:
    """Settings of a library, and the parts its journeys share."""

    languages: tuple[str, ...] = ("en",)
    times: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, CodeEntry]] = field(default_factory=dict)
    operations: Mapping[str, Operation] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)
    """By operation, the values it gives as fields with their labels.

    What a person fills in by hand.
    """
    facts: Mapping[str, Fact] = field(default_factory=dict)
    fact_fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By fact, its type as written: what a field bound to it takes when it has none of its own."""
    tables: Mapping[str, Table] = field(default_factory=dict)
    broken_tables: frozenset[str] = frozenset()
    broken_operations: frozenset[str] = frozenset()
    formulas: Formulas = field(default_factory=Formulas)
