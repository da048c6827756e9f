"""Figures' SQL, which is DuckDB's, as ClickHouse says it.

`sqlglot` knows both dialects; below is what it does not know, or says in a way that gives another
figure. What is not listed here is the same in both, as `tests/measures/test_clickhouse.py` holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlglot import exp, parse_one

from measures.facts.schema import TABLES

LIST: Final = "Array(String)"
"""What a list is within its column: a column that is a list alone would hold no nothing."""


def _call(name: str, *given: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(given))


def _list(node: exp.Expr) -> exp.Expr:
    """Return a list as ClickHouse's functions of lists take it; nothing is an empty one."""
    return _call("variantElement", node, exp.Literal.string(LIST))


def _extreme(node: exp.Expr) -> exp.Expr:
    # Of a whole number without a sign and a fraction, ClickHouse knows no common kind.
    numbers = (_call("toFloat64", one) for one in (node.this, *node.expressions))
    return _call(type(node).__name__.lower(), *numbers)


def _rounded(node: exp.Expr) -> exp.Expr:
    # ClickHouse rounds halves to the even number, DuckDB away from zero.
    value = node.this
    half = exp.Add(this=_call("abs", value.copy()), expression=exp.Literal.number("0.5"))
    return exp.Paren(this=exp.Mul(this=_call("sign", value), expression=_call("floor", half)))


def _moment(node: exp.Expr) -> exp.Expr:
    """Return `strftime(timezone(zone, to_timestamp(ms / 1000.0)), form)`, all in milliseconds."""
    zone, at = node.this.expressions
    local = _call("fromUnixTimestamp64Milli", at.this.this, zone)
    return _call("formatDateTime", local, node.args["format"])


def _cut_at(node: exp.Expr) -> exp.Expr:
    """Return `array_to_string(list_slice(string_split(code, dot), from, upto), dot)`."""
    split, *bounds = node.this.expressions
    code, dot = split.this, node.expression
    parts = _call("splitByString", split.expression, _call("assumeNotNull", code.copy()))
    joined = _call("arrayStringConcat", _call("arraySlice", parts, *bounds), dot)
    # A list of nothing would be an empty text, which is a code of its own.
    return _call("if", _call("isNull", code), exp.Null(), joined)


def _in_order(node: exp.Expr) -> exp.Expr:
    """Return `list(value ORDER BY …)`: sorted once it is gathered, with its keys before it."""
    keys = [one.this for one in node.this.expressions]
    gathered = _call("groupArray", _call("tuple", *keys, node.this.this))
    place = exp.Literal.number(len(keys) + 1)
    one = exp.to_identifier("one")
    last = exp.Lambda(this=_call("tupleElement", exp.column("one"), place), expressions=[one])
    return _call("arrayMap", last, _call("arraySort", gathered))


def _quantile(node: exp.Expr) -> exp.Expr:
    return exp.ParameterizedAgg(
        this="quantileExactInclusive", expressions=[node.expression], params=[node.this]
    )


def _named(node: exp.Expr) -> exp.Expr:
    instead = {"list_sum": "arraySum"}
    node.set("this", instead.get(node.name, node.name))
    return node


_SAID: Final[Mapping[type[exp.Expr], Callable[[Any], exp.Expr]]] = {
    exp.Anonymous: _named,
    exp.ArrayAgg: _in_order,
    exp.ArrayContains: lambda node: _call("has", _list(node.this), node.expression),
    exp.ArrayToString: _cut_at,
    exp.Greatest: _extreme,
    exp.IntDiv: lambda node: _call("intDiv", node.this, node.expression),
    exp.Least: _extreme,
    exp.Length: lambda node: _call("length", _list(node.this)),
    exp.PercentileCont: _quantile,
    exp.Round: _rounded,
    exp.TimeToStr: _moment,
    exp.Transform: lambda node: _call("arrayMap", node.expression, _list(node.this)),
}
"""How each is said in ClickHouse; what is inside it has been said already."""


def translated(query: str, rows: Callable[[str, list[str]], str]) -> str:
    """Return a query of DuckDB's as ClickHouse's.

    `rows` gives the query, ClickHouse's already, of some columns of a table of facts.
    """
    root = exp.Paren(this=parse_one(query, read="duckdb"))
    made_here = {one.alias for one in root.find_all(exp.CTE)}
    for node in reversed(list(root.walk())):
        if isinstance(node, exp.Select):
            node.set("expressions", [one for each in node.expressions for one in _columns(each)])
        elif type(node) in _SAID:
            node.replace(_SAID[type(node)](node))
    # What is read is named, or else all of it: ClickHouse takes its time over long queries.
    is_all = any(isinstance(star.parent, exp.Select) for star in root.find_all(exp.Star))
    read = {column.name for column in root.find_all(exp.Column)}
    for table in list(root.find_all(exp.Table)):
        name = table.name
        if name in TABLES and name not in made_here:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
            columns = [one for one in TABLES[name] if is_all or one in read]
            table.set("this", exp.var(f"({rows(name, columns or ['tenant'])})"))
    return str(root.this.sql(dialect="clickhouse"))


def _columns(one: exp.Expr) -> list[exp.Expr]:
    """Return `t.*` column by column: of several tables, ClickHouse would name them `t.column`."""
    if not (isinstance(one, exp.Column) and isinstance(one.this, exp.Star)):
        return [one]
    select, alias = one.parent_select, one.table
    assert select is not None, "a column that a query selects"
    sources = {each.alias_or_name: each.name for each in select.find_all(exp.Table)
               if each.parent_select is select}  # fmt: skip
    instead = {each.alias: each for each in one.this.args.get("replace") or ()}
    return [
        instead.get(name) or exp.alias_(exp.column(name, table=alias), name)
        for name in TABLES[sources[alias]]
    ]
