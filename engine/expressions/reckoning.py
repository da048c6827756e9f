"""What kind of value comes out of adding, subtracting, multiplying and dividing two kinds."""

from __future__ import annotations

from engine.kinds import ANY, DATE, DURATION, NUMBER, Kind, joins

_SCALED = frozenset({"money", "duration"})


def arithmetic_kind(operator: str, left: Kind, *, right: Kind) -> Kind | None:
    """Return the kind of the result, None when the two kinds do not go together so."""
    names = {left.name, right.name}
    if names & {"any", "missing"}:
        return ANY
    if operator in {"+", "-"}:
        return _sum_kind(operator, left, right=right)
    if left.name == right.name == "number":
        return _product_of_numbers(operator, left, right=right)
    if operator == "*":
        if left.name == "number" and left.unit is None and right.name in _SCALED:
            return right
        return left if left.name in _SCALED and right == NUMBER else None
    if left.name in _SCALED and right == NUMBER:
        return left
    if left.name in _SCALED and left.name == right.name and joins(left, right) is not None:
        return NUMBER
    return None


def _sum_kind(operator: str, left: Kind, *, right: Kind) -> Kind | None:
    if left.name == "date" and right.name == "duration":
        return DATE
    if operator == "+" and left.name == "duration" and right.name == "date":
        return DATE
    if operator == "-" and left.name == right.name == "date":
        return DURATION
    if left.name != right.name or left.name not in {"number", "money", "duration"}:
        return None
    if left.name == "number" and joins(left, right) is not None:
        return Kind("number", unit=left.unit or right.unit)
    return joins(left, right)


def _product_of_numbers(operator: str, left: Kind, *, right: Kind) -> Kind | None:
    if operator == "*":
        return None if left.unit and right.unit else Kind("number", unit=left.unit or right.unit)
    if right.unit is None:
        return left
    return NUMBER if left.unit == right.unit else None
