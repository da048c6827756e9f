"""Whether data has the form a schema asks for.

A verdict compiled once, and an explanation for people when it has not.

The subset of JSON Schema 2020-12 that the library's schemas use, and nothing else: a keyword
unknown here is an error of ours when the schema is compiled. A test holds the verdict against a
complete validator's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Schema = Mapping[str, Any]
Verdict = Callable[[Any], bool]

_SILENT = frozenset({"$schema", "$defs", "title", "description", "default", "examples", "format"})
TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: value.__class__ is str,
    "boolean": lambda value: value.__class__ is bool,
    "null": lambda value: value is None,
    "object": lambda value: value.__class__ is dict,
    "array": lambda value: value.__class__ is list,
    "number": lambda value: value.__class__ is int or value.__class__ is float,
    "integer": lambda value: (
        value.__class__ is int or (value.__class__ is float and value.is_integer())
    ),
}


def matcher(pattern: str) -> Callable[[str], bool]:
    """Return a search for a pattern of a schema.

    These are ours, and linear; authored ones go to google-re2.
    """
    # In JSON Schema `$` is the end of the text, in Python also before a last line break.
    found = re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern).search
    return lambda text: found(text) is not None


class _Later:
    """A verdict that is still being compiled: it is looked up when it is wanted."""

    def __init__(self, compiled: Mapping[str, Verdict], name: str) -> None:
        self.compiled = compiled
        self.name = name

    def __call__(self, value: Any) -> bool:
        return self.compiled[self.name](value)


class Shape:
    """A schema compiled: `fits` gives the verdict, in about the time of walking the data."""

    def __init__(self, schema: Schema, defs: Mapping[str, Schema] | None = None) -> None:
        self.schema = schema
        self.defs: Mapping[str, Schema] = defs if defs is not None else schema.get("$defs", {})
        self._compiled: dict[str, Verdict] = {}
        self._verdicts: dict[int, Verdict] = {}
        self.fits: Verdict = self._compile(schema)

    def resolve(self, schema: Schema) -> Schema:
        """Return what a schema stands for once references are followed."""
        while "$ref" in schema:
            schema = self.defs[schema["$ref"].removeprefix("#/$defs/")]
        return schema

    def verdict(self, schema: Schema) -> Verdict:
        """Return the compiled verdict of a part of the schema."""
        # The schemas are the shape's own, kept as long as it is: their identity is theirs alone.
        found = self._verdicts.get(id(schema))
        if found is None:
            found = self._verdicts[id(schema)] = self._compile(schema)
        return found

    def _compile(self, schema: Schema) -> Verdict:
        name = schema.get("$ref")
        if name is not None:
            return self._reference(name.removeprefix("#/$defs/"))
        if schema.get("type") == "object":
            return self._object(schema)
        tests: list[Verdict] = []
        for keyword, value in schema.items():
            if keyword not in _SILENT:
                tests.append(self._keyword(keyword, value, schema))
        if not tests:
            return lambda _value: True
        if len(tests) == 1:
            return tests[0]
        ready = tuple(tests)
        return lambda value: all(test(value) for test in ready)

    def _reference(self, name: str) -> Verdict:
        compiled = self._compiled
        if name not in compiled:
            # Set before compiling: a part that holds itself finds the way back here.
            compiled[name] = _Later(compiled, name)
            compiled[name] = self._compile(self.defs[name])
        return compiled[name]

    def _keyword(self, keyword: str, value: Any, schema: Schema) -> Verdict:
        match keyword:
            case "type":
                if isinstance(value, list):
                    any_of = tuple(TYPES[one] for one in value)
                    return lambda data: any(test(data) for test in any_of)
                return TYPES[value]
            case "enum":
                return _among(value)
            case "const":
                return _among([value])
            case "pattern":
                matches = matcher(value)
                return lambda data: data.__class__ is not str or matches(data)
            case "minLength":
                return lambda data: data.__class__ is not str or len(data) >= value
            case "maxLength":
                return lambda data: data.__class__ is not str or len(data) <= value
            case "minimum":
                return lambda data: not TYPES["number"](data) or data >= value
            case "maximum":
                return lambda data: not TYPES["number"](data) or data <= value
            case "exclusiveMinimum":
                return lambda data: not TYPES["number"](data) or data > value
            case "exclusiveMaximum":
                return lambda data: not TYPES["number"](data) or data < value
            case "items":
                item = self._compile(value)
                return lambda data: data.__class__ is not list or all(map(item, data))
            case "minItems":
                return lambda data: data.__class__ is not list or len(data) >= value
            case "maxItems":
                return lambda data: data.__class__ is not list or len(data) <= value
            case "uniqueItems":
                return lambda data: data.__class__ is not list or not value or _unique(data)
            case "anyOf":
                return self._any_of(value)
            case (
                "properties"
                | "required"
                | "additionalProperties"
                | "propertyNames"
                | "minProperties"
            ):
                mapping = self._object({**schema, "type": "object"})
                return lambda data: data.__class__ is not dict or mapping(data)
            case _:
                raise KeyError(f"authoring.schema.shape does not know the keyword {keyword!r}")

    def _object(self, schema: Schema) -> Verdict:
        others = schema.get("additionalProperties", True)
        known = {key: self._compile(value) for key, value in schema.get("properties", {}).items()}
        required = tuple(schema.get("required", ()))
        other = None if isinstance(others, bool) else self._compile(others)
        names = self._compile(schema["propertyNames"]) if "propertyNames" in schema else None
        least = schema.get("minProperties", 0)
        closed = others is False
        rest = [
            self._keyword(key, value, schema)
            for key, value in schema.items()
            if key
            not in {
                "type",
                "properties",
                "required",
                "additionalProperties",
                "propertyNames",
                "minProperties",
                *_SILENT,
            }
        ]

        def fits(data: Any) -> bool:
            if data.__class__ is not dict or len(data) < least:
                return False
            for key in required:
                if key not in data:
                    return False
            for key, value in data.items():
                test = known.get(key)
                if test is None:
                    if closed or (other is not None and not other(value)):
                        return False
                elif not test(value):
                    return False
            if names is not None and not all(map(names, data)):
                return False
            return all(test(data) for test in rest) if rest else True

        return fits

    def _any_of(self, branches: list[Schema]) -> Verdict:
        tests = tuple(self._compile(branch) for branch in branches)
        keyed = [
            (self.required_of(branch), test) for branch, test in zip(branches, tests, strict=True)
        ]
        by_key: dict[str, list[Verdict]] = {}
        if len(branches) > 3 and all(len(required) == 1 for required, _ in keyed):
            for required, test in keyed:
                by_key.setdefault(required[0], []).append(test)

            def by_required(data: Any) -> bool:
                if data.__class__ is not dict:
                    return False
                return any(
                    test(data) for key, some in by_key.items() if key in data for test in some
                )

            return by_required
        by_const = self._by_const(branches, tests)
        return by_const if by_const is not None else lambda data: any(test(data) for test in tests)

    def _by_const(self, branches: list[Schema], tests: tuple[Verdict, ...]) -> Verdict | None:
        """Return a verdict that goes straight to the branch whose `type` the data names.

        If that tells them apart.
        """
        named: dict[str, Verdict] = {}
        others: list[Verdict] = []
        for branch, test in zip(branches, tests, strict=True):
            const = self.constants_of(branch).get("type")
            if isinstance(const, str) and const not in named:
                named[const] = test
            else:
                others.append(test)
        if len(named) < 3:
            return None

        def by_type(data: Any) -> bool:
            if data.__class__ is dict and "type" in data:
                kind = data["type"]
                test = named.get(kind) if kind.__class__ is str else None
                return test is not None and test(data)
            return any(test(data) for test in others)

        return by_type

    def required_of(self, branch: Schema) -> tuple[str, ...]:
        """Return the keys a branch requires."""
        schema = self.resolve(branch)
        return tuple(schema.get("required", ())) if schema.get("type") == "object" else ()

    def constants_of(self, branch: Schema) -> dict[str, Any]:
        """Return the keys of a branch that may have one value only."""
        schema = self.resolve(branch)
        return {
            key: one["const"] for key, one in schema.get("properties", {}).items() if "const" in one
        }


def same(one: Any, other: Any) -> bool:
    """Return whether two data are equal in JSON: 1 is 1.0, but not true."""
    return bool(one == other) and (one.__class__ is bool) == (other.__class__ is bool)


def _among(values: list[Any]) -> Verdict:
    texts = frozenset(value for value in values if isinstance(value, str))
    others = tuple(value for value in values if not isinstance(value, str))
    if not others:
        return lambda data: data.__class__ is str and data in texts
    return lambda data: (
        (data.__class__ is str and data in texts) or any(same(data, value) for value in others)
    )


def _unique(data: list[Any]) -> bool:
    return not any(same(one, other) for at, one in enumerate(data) for other in data[:at])
