"""Aggregates taken apart: what is taken of some of the rows, and how the whole is made of that.

`sum`, `count`, `avg`, `min` and `max` of parts give those of the whole; a quantile does not, so
that its values are counted. Rows can then be summed up by file, and the sums kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_CALL: Final = re.compile(r"\b(sum|count|avg|min|max|quantile_cont)\(")
_FILTER: Final = re.compile(r"\s*FILTER\s*\(")
_WHOLE: Final = {"sum": "sum", "count": "sum", "min": "min", "max": "max"}


class NotMergeable(ValueError):
    """An aggregate that parts of the rows do not give: it needs a query of its own."""


@dataclass(slots=True)
class Apart:
    """Aggregates taken apart.

    Attributes:
        partial: aggregates of some of the rows, with the function that makes the whole of them.
        spreads: expressions whose values are counted, for quantiles.
        shares: which quantile of which of them is asked for.
        whole: each aggregate asked for, of `a0`, `a1` … (the wholes) and `s0` … (the quantiles).
    """

    partial: dict[str, str] = field(default_factory=dict)
    spreads: list[str] = field(default_factory=list)
    shares: list[tuple[int, float]] = field(default_factory=list)
    whole: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, text: str) -> None:
        """Take apart one aggregate, or an expression of several. Raises NotMergeable."""
        made, place = [], 0
        while found := _CALL.search(text, place):
            inner, end = _within(text, found.end())
            condition = ""
            if also := _FILTER.match(text, end):
                condition, end = _within(text, also.end())
            made += [text[place : found.start()], self._one(found[1], inner, condition)]
            place = end
        self.whole[name] = "".join((*made, text[place:]))

    def _one(self, function: str, inner: str, condition: str) -> str:
        if "DISTINCT" in inner:
            raise NotMergeable(inner)
        if function == "quantile_cont":
            return self._quantile(inner, condition)
        if function == "avg":
            total, count = (self._part(one, inner, condition) for one in ("sum", "count"))
            return f"({total} / nullif({count}, 0))"
        part = self._part(function, inner, condition)
        return f"coalesce({part}, 0)::BIGINT" if function == "count" else part

    def _part(self, function: str, inner: str, condition: str) -> str:
        text = f"{function}({inner})" + (f" FILTER (WHERE {condition})" if condition else "")
        self.partial.setdefault(text, _WHOLE[function])
        return f"a{list(self.partial).index(text)}"

    def _quantile(self, inner: str, condition: str) -> str:
        value, _, share = inner.rpartition(",")
        wanted = f"CASE WHEN {condition} THEN {value.strip()} END" if condition else value.strip()
        if wanted not in self.spreads:
            self.spreads.append(wanted)
        one = (self.spreads.index(wanted), float(share))
        if one not in self.shares:
            self.shares.append(one)
        return f"s{self.shares.index(one)}"


def apart(texts: Mapping[str, str]) -> Apart:
    """Return aggregates, by name, taken apart. Raises NotMergeable."""
    found = Apart()
    for name, text in texts.items():
        found.add(name, text)
    return found


def _within(text: str, start: int) -> tuple[str, int]:
    """Return what stands in a bracket that opened before `start`, and where the text goes on."""
    depth, is_text = 1, False
    for place in range(start, len(text)):
        one = text[place]
        if one == "'":
            is_text = not is_text
        elif not is_text:
            depth += (one == "(") - (one == ")")
        if not depth:
            inner = text[start:place].strip()
            return inner.removeprefix("WHERE ").strip(), place + 1
    raise NotMergeable(text)
