"""Statements that the deployment names, on a SQLite file or a PostgreSQL database.

```toml
[erp]
kind = "sql"
file = "erp.db"                          # or dsn = "secret://erp-dsn": postgresql://reader@host/erp
[erp.operations.get_order]
statement = "SELECT status, amount FROM orders WHERE id = :id"
input = {id = "text"}                    # or number, integer, date, time, yes_no, money EUR; text?
output = {status = "text", amount = "money EUR"}
none = "not_found"                       # the refusal when there is no row
[erp.operations.list_orders]
statement = "SELECT id, status FROM orders WHERE customer = :customer ORDER BY id"
input = {customer = "text"}
output = {id = "text", status = "text"}
as = "orders"                            # several rows: a list of this name
[erp.operations.add_note]
statement = "INSERT INTO note (id, text) VALUES (:key, :text) ON CONFLICT (id) DO NOTHING"
input = {text = "text"}
writes = true
effect = "keyed"                         # needs :key, what every attempt at one action has alike
```

Values are bound, never written into the text. Without `writes` a statement cannot write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.deployment import Deployment
from connectors.faults import Fault
from connectors.fields import Fields
from connectors.port import Described, EffectClass, Outcome, Status
from connectors.secret import Secret
from connectors.sql_databases import (
    Database,
    NotRun,
    PostgresDatabase,
    Run,
    SqliteDatabase,
    is_here,
)
from connectors.sql_looking import Said, misfits
from connectors.sql_text import READS, WRITES, Bound, bind
from connectors.sql_values import Kind, WrongValue, bound, kind_of, read

TIMEOUT: Final = 5_000
MOST: Final = 1_000
"""Most rows of an answer. Source: promises.md 3.1."""
KEY: Final = "key"
"""The value that every attempt at one action has alike; nobody gives it but the outbox."""
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_DSN: Final = re.compile(r"postgres(?:ql)?://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    """One statement: what it takes and gives, and how its rows are told."""

    statement: Bound
    takes: Mapping[str, Kind]
    needs: frozenset[str]
    gives: Mapping[str, Kind]
    many: str | None
    none: str | None
    writes: bool
    described: Described


class Sql:
    """Runs the statements of one table of the deployment."""

    def __init__(
        self, database: Database, operations: Mapping[str, _Operation], said: Mapping[str, Said]
    ) -> None:
        self._database = database
        self._operations = operations
        self._said = said

    def operations(self) -> Mapping[str, Described]:
        """Return what its statements take and give."""
        return {name: one.described for name, one in self._operations.items()}

    async def prepare(self) -> Sequence[Fault]:
        """Ask whether the database takes the statements; nothing is run."""
        return await misfits(self._database, self._operations, self._said)

    async def close(self) -> None:
        """Let connections go."""
        await self._database.close()

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Run a statement with its values bound; see `Connector.call`."""
        asked = self._operations.get(operation)
        if asked is None:
            return Outcome("failed", reason="connector.unknown-operation", sent=False)
        try:
            if any(inputs.get(name) is None for name in asked.needs):
                return Outcome("failed", reason="connector.input", sent=False)
            values = {**bound(asked.takes, inputs), KEY: key}
        except WrongValue:
            return Outcome("failed", reason="connector.input", sent=False)
        run = Run(
            statement=asked.statement,
            values=[values[name] for name in asked.statement.names],
            writes=asked.writes,
            most=MOST if asked.many else 1,
            within_s=min(timeout_ms, asked.described.timeout_ms) / 1_000,
        )
        try:
            rows = await self._database.run(run)
        except NotRun as not_run:
            status: Status = "failed" if not_run.is_known else "unknown"
            # A transaction that was not committed is as good as one that was never sent.
            return Outcome(
                status,
                reason=not_run.reason,
                sent=not not_run.is_known or not asked.writes,
                again=not_run.again,
            )
        return _told(asked, rows.found, rows.changed)


def _told(asked: _Operation, found: Sequence[Mapping[str, Any]], changed: int) -> Outcome:
    """Return what rows mean as the operation's outcome."""
    failed: Status = "unknown" if asked.writes else "failed"
    if asked.writes and not asked.gives:
        return Outcome("succeeded", {"changed": changed})
    if not found and asked.many is None:
        if asked.none is not None:
            return Outcome("refused", reason=asked.none)
        return Outcome("succeeded", {})
    if len(found) > (MOST if asked.many else 1):
        reason = "connector.too-large" if asked.many else "connector.schema"
        return Outcome(failed, reason=reason)
    try:
        given = [read(asked.gives, row) for row in found]
    except WrongValue:
        return Outcome(failed, reason="connector.schema")
    return Outcome("succeeded", {asked.many: given} if asked.many else given[0])


def connect(name: str, table: Mapping[str, Any], deployment: Deployment) -> Sql:
    """Return the connector of a table of the deployment.

    Raises:
        Misconfigured: everything wrong in it, at once.
    """
    fields = deployment.fields(name, table)
    database = _database(fields)
    inside = fields.tables("operations")
    operations = {f"{name}.{word}": _operation(name, word, one) for word, one in inside.items()}
    if not operations:
        fields.wrong("operations", fr="au moins une opération", en="at least one operation")
    for word, table_of in inside.items():
        probe = operations[f"{name}.{word}"].described.probe
        if probe is not None and (probe not in operations or operations[probe].writes):
            table_of.refuse("probe", "deployment.wrong-probe",
                            fr="attendu : une lecture de cette base.",
                            en="expected: a reading of this database.")  # fmt: skip
    fields.done()
    assert database is not None
    said = {f"{name}.{word}": one.fault for word, one in inside.items()}
    return Sql(database, operations, said)


def _database(fields: Fields) -> Database | None:
    if ("file" in fields) == ("dsn" in fields):
        fields.wrong("dsn", fr="file (SQLite) ou dsn (PostgreSQL), l'un des deux",
                     en="file (SQLite) or dsn (PostgreSQL), one of both")  # fmt: skip
        fields.any("file", None)
        fields.any("dsn", None)
        return None
    if "file" in fields:
        path = fields.file("file")
        return None if path is None else SqliteDatabase(path)
    secret = fields.secret("dsn")
    authorities = fields.file("authorities", None)
    if secret is None:
        return None
    if not fields.faults:
        fields.attempt("dsn", lambda: _refuse_wrong_dsn(secret))
    return PostgresDatabase(secret, authorities)


def _refuse_wrong_dsn(secret: Secret) -> None:
    dsn = secret.reveal()
    if _DSN.fullmatch(dsn) is None:
        raise ValueError("the secret must be postgresql://user:password@host/database")
    if "sslmode" in dsn and not is_here(dsn):
        raise ValueError("the secret must not say sslmode: the server's certificate is verified")


def _operation(connector: str, word: str, fields: Fields) -> _Operation:
    if _NAME.fullmatch(word) is None:
        fields.refuse(None, "deployment.wrong-value", fr=f"« {word} » n'est pas un nom.",
                      en=f"`{word}` is not a name.")  # fmt: skip
    text = fields.text("statement")
    statement = fields.attempt("statement", lambda: bind(text)) if text else None
    statement = statement or Bound("select", (), "", "")
    needed, takes = _kinds(fields, "input")
    _, gives = _kinds(fields, "output")
    writes = fields.flag("writes")
    many = fields.text("as", None)
    effect: EffectClass = "read"
    if writes:
        effect = fields.text("effect", "unsafe", among=("unsafe", "keyed"))
    probe = fields.text("probe", None)
    described = Described(
        input=_schema(takes, needed),
        output=_output(gives, many, writes=writes),
        effect=effect,
        timeout_ms=fields.span("timeout", TIMEOUT, most_ms=60_000),
        sensitive=frozenset(fields.texts("sensitive")),
        probe=None if probe is None else f"{connector}.{probe}",
    )
    made = _Operation(
        statement=statement, takes=takes, needs=needed, gives=gives, many=many,
        none=fields.text("none", None), writes=writes, described=described,
    )  # fmt: skip
    _refuse_unfit(fields, made)
    return made


def _refuse_unfit(fields: Fields, made: _Operation) -> None:
    """Remember what does not fit together in an operation."""
    first, names = made.statement.first, set(made.statement.names)
    if made.statement.numbered and first not in (WRITES if made.writes else READS):
        fields.wrong("statement", fr="une lecture (SELECT, WITH), ou writes = true",
                     en="a reading (SELECT, WITH), or writes = true")  # fmt: skip
    for name in sorted(names - set(made.takes) - {KEY}):
        fields.wrong("input", fr=f"« {name} », que l'instruction emploie",
                     en=f"`{name}`, which the statement uses")  # fmt: skip
    for name in sorted(set(made.takes) - names):
        fields.wrong("statement", fr=f":{name}, que `input` déclare",
                     en=f":{name}, which `input` declares")  # fmt: skip
    if KEY in made.takes:
        fields.wrong("input", fr="un autre nom que key, la clé de l'action",
                     en="another name than key, the action's own")  # fmt: skip
    if made.described.effect == "keyed" and KEY not in names:
        fields.wrong("statement", fr=":key, qu'un effet keyed demande",
                     en=":key, which a keyed effect needs")  # fmt: skip
    if not made.writes and not made.gives:
        fields.wrong("output", fr="au moins une colonne", en="at least one column")
    unknown = made.described.sensitive - {
        *made.described.input["properties"], *made.described.output["properties"],
    }  # fmt: skip
    if unknown:
        fields.wrong("sensitive", fr="des noms de input ou de output",
                     en="names of input or output")  # fmt: skip


def _kinds(fields: Fields, key: str) -> tuple[frozenset[str], dict[str, Kind]]:
    """Return the names that must be given, and the kind of each."""
    found: dict[str, Kind] = {}
    needed = set()
    for name, written in (fields.value(key, dict, {}, fr="une table", en="a table") or {}).items():
        kind = kind_of(written.removesuffix("?")) if isinstance(written, str) else None
        if kind is None or _NAME.fullmatch(name) is None:
            fields.wrong(
                key,
                fr=f"« {name} » : text, number, integer, date, time, yes_no ou money EUR",
                en=f"`{name}`: text, number, integer, date, time, yes_no or money EUR",
            )
            continue
        found[name] = kind
        if not written.endswith("?"):
            needed.add(name)
    return frozenset(needed), found


def _schema(kinds: Mapping[str, Kind], needed: frozenset[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: dict(kind.schema) for name, kind in kinds.items()},
        "required": sorted(needed),
        "additionalProperties": False,
    }


def _output(gives: Mapping[str, Kind], many: str | None, *, writes: bool) -> dict[str, Any]:
    if writes and not gives:
        return {"type": "object", "properties": {"changed": {"type": "integer"}}}
    row = _schema(gives, frozenset())
    if many is None:
        return row
    return {"type": "object", "properties": {many: {"type": "array", "items": row}}}
