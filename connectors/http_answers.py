"""How an answer is understood, read from an operation's table of the deployment file."""

from __future__ import annotations

import re
from typing import Any, Final

from connectors.exchange import Refusal
from connectors.fields import Fields
from connectors.paging import MOST, Pages
from connectors.picking import ALL, Pick

_REASON: Final = re.compile(r"[a-z0-9_]+(?:[.-][a-z0-9_]+)*")


def read_result(fields: Fields) -> tuple[Pick | None, dict[str, Any]]:
    """Return what is taken out of an answer, and the schema of it."""
    declared = read_schemas(fields, "output")
    said = fields.any("result", None)
    pick: Pick | None = None
    names = set(declared)
    if said == ALL:
        pick = Pick()
        if not declared:
            fields.wrong("result", fr='avec "*", les sorties déclarées par `output`',
                         en='with "*", the outputs declared by `output`')  # fmt: skip
    elif isinstance(said, dict):
        pick = Pick(parts={name: _pick(fields, one) for name, one in said.items()})
        names |= set(said)
    elif said is not None:
        fields.wrong("result", fr='une table {sortie = "chemin"}, ou "*"',
                     en='a table {output = "path"}, or "*"')  # fmt: skip
    elif declared:
        pick = Pick()
    properties = {name: declared.get(name, {}) for name in sorted(names)}
    return pick, {"type": "object", "properties": properties, "additionalProperties": False}


def _pick(fields: Fields, said: Any) -> Pick:
    if isinstance(said, str):
        return Pick(_path(said))
    if not isinstance(said, dict):
        fields.wrong("result", fr='un chemin, "a.b.0"', en='a path, "a.b.0"')
        return Pick()
    if set(said) == {"value"}:
        return Pick(constant=said["value"])
    at, form, codes = said.get("at"), said.get("as"), said.get("map")
    if not isinstance(at, str):
        return Pick(parts={name: _pick(fields, one) for name, one in said.items()})
    unknown = set(said) - {"at", "each", "map", "as"}
    if unknown or form not in {None, "text", "hundredths"} or not isinstance(codes, dict | None):
        fields.wrong("result", fr="at, avec each = {…}, map = {…} ou as = text | hundredths",
                     en="at, with each = {…}, map = {…} or as = text | hundredths")  # fmt: skip
        return Pick()
    each = _pick(fields, said["each"]) if "each" in said else None
    return Pick(_path(at), each, codes, form)


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(dotted.split(".")) if dotted else ()


def read_statuses(fields: Fields, key: str) -> frozenset[int]:
    """Return HTTP statuses: one, or a list of them."""
    said = fields.any(key, [])
    listed = said if isinstance(said, list) else [said]
    if not all(type(one) is int and 100 <= one <= 599 for one in listed):
        fields.wrong(key, fr="des statuts HTTP", en="HTTP statuses")
        return frozenset()
    return frozenset(listed)


def read_refusals(fields: Fields) -> tuple[Refusal, ...]:
    """Return which answers are business refusals, and the reason of each."""
    said = fields.value("refusals", list, [], fr="une liste de tables", en="a list of tables")
    found = [_refusal(one) for one in said or ()]
    if None in found:
        example = (
            '{status = 404, reason = "not_found"}',
            '{status = 409, at = "error.code", map = {OUT = "out_of_stock"}}',
        )
        fields.wrong("refusals", fr=" ou ".join(example), en=" or ".join(example))
    return tuple(one for one in found if one is not None)


def _refusal(said: Any) -> Refusal | None:
    if not isinstance(said, dict) or set(said) - {"status", "at", "reason", "map"}:
        return None
    status, at = said.get("status", []), said.get("at", "")
    listed = status if isinstance(status, list) else [status]
    words = said.get("map", {"*": said.get("reason")})
    is_whole = (
        all(type(number) is int for number in listed)
        and isinstance(at, str)
        and isinstance(words, dict)
        and all(isinstance(word, str) and _REASON.fullmatch(word) for word in words.values())
        and ("map" in said) != ("reason" in said)
        and bool(at or (listed and "map" not in said))
    )
    return Refusal(frozenset(listed), _path(at), words) if is_whole else None


def read_pages(fields: Fields) -> Pages | None:
    """Return how the pages of an answer follow each other; None when it comes whole."""
    inside = fields.table("pages", None)
    if inside is None:
        return None
    by = inside.text("by", among=("link", "cursor", "number"))
    return Pages(
        by,
        items=_path(inside.text("items", "")),
        query=inside.text("query", "page" if by == "number" else "cursor"),
        at=_path(inside.text("at", "") if by == "cursor" else ""),
        first=inside.number("first", 1, least=0, most=1) if by == "number" else 1,
        most=inside.number("most", 10, least=1, most=MOST),
        cut=inside.text("beyond", "fail", among=("fail", "cut")) == "cut",
    )


def read_schemas(fields: Fields, key: str) -> dict[str, Any]:
    """Return the schemas of named values: a table, or a bare type, `"string"`."""
    said = fields.value(key, dict, {}, fr="une table de types", en="a table of types") or {}
    found = {}
    for name, schema in said.items():
        if isinstance(schema, str):
            found[name] = {"type": schema}
        elif isinstance(schema, dict):
            found[name] = schema
        else:
            fields.wrong(key, fr=f"un type pour « {name} »", en=f"a type for `{name}`")
        types = found.get(name, {}).get("type", "string")
        if types not in {"string", "number", "integer", "boolean", "object", "array"}:
            fields.wrong(key, fr=f"un type JSON pour « {name} »", en=f"a JSON type for `{name}`")
    return found
