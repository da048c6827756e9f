"""What can go wrong with an expression: while it is read, and the one thing while it runs."""

from __future__ import annotations

MAX_STEPS = 10_000
"""What one evaluation may cost, in operations."""
MAX_ITEMS = 1_000
"""The longest list that an expression walks."""


class ExpressionError(Exception):
    """An expression, or a cell, that cannot be read.

    `code` is stable, `start` and `end` are offsets in the text, `hint` says what to write instead.
    """

    def __init__(self, code: str, message: str, *, start: int, end: int, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.end = end
        self.hint = hint


class CostExceeded(Exception):
    """An evaluation that went over its budget: the session ends in its failure journey."""

    code = "expression.too-costly"

    def __init__(self, what: str) -> None:
        limits = f"{MAX_ITEMS} items, {MAX_STEPS} steps"
        super().__init__(f"{what}; an expression walks at most {limits}.")
