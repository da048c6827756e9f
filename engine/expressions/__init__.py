"""The language of conditions: small, typed, total, and ours.

`compile_expression` reads a text once; the result is a plain function of a scope. No text of an
author ever reaches Python's own evaluation. Source: language.md, Expressions; semantics.md 19.
"""

from __future__ import annotations

from engine.expressions.checking import Checked, Problem, check, near
from engine.expressions.errors import MAX_ITEMS, MAX_STEPS, CostExceeded, ExpressionError
from engine.expressions.expression import Expression, compile_expression
from engine.expressions.functions import FUNCTIONS, Function
from engine.expressions.grammar import GRAMMAR, MISSING_TABLE
from engine.expressions.nodes import Ast, CodeTest
from engine.expressions.parser import parse
from engine.expressions.units import parse_duration

__all__ = [
    "FUNCTIONS",
    "GRAMMAR",
    "MAX_ITEMS",
    "MAX_STEPS",
    "MISSING_TABLE",
    "Ast",
    "Checked",
    "CodeTest",
    "CostExceeded",
    "Expression",
    "ExpressionError",
    "Function",
    "Problem",
    "check",
    "compile_expression",
    "near",
    "parse",
    "parse_duration",
]
