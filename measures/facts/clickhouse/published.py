"""What is published of a tenant's facts in ClickHouse: which loads count, and as of when.

It is one row, so that a question sees what was published before or after it and never half of it.
The same as the manifest of the folder (decision 0023), for the same reasons.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from measures.facts.clickhouse.tables import PUBLISHED
from measures.facts.schema import TABLES, VERSION
from measures.sql import quoted

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

NOBODY: Final = ""
"""The tenant whose row says who brings facts, and as of when: no tenant is named so."""


class Content(msgspec.Struct):
    """Which loads count.

    Attributes:
        files: by table and file of facts, its load.
        tail: the load of the tail; 0 where it is empty.
        past: loads that no longer count, and since when, in nanoseconds UTC: questions that began
            before may still read them.
    """

    files: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    tail: int = 0
    past: dict[int, int] = msgspec.field(default_factory=dict)

    def of(self, table: str) -> list[int]:
        """Return the loads of files of a table."""
        return sorted(self.files.get(table, {}).values())

    @property
    def current(self) -> set[int]:
        """The loads that count."""
        return {one for table in TABLES for one in self.of(table)} | ({self.tail} - {0})

    @property
    def known(self) -> set[int]:
        """Those, and the ones that questions may still read."""
        return self.current | self.past.keys()


@dataclass(frozen=True, slots=True)
class Published:
    """What was published last of a tenant: by which writer, as of which moment (ms UTC)."""

    tenant: str
    as_of: int = 0
    writer: str = ""
    content: Content = field(default_factory=Content)


def newest(client: Client, tenant: str | None = None) -> dict[str, Published]:
    """Return what was published last of one tenant, or of each."""
    whose = "" if tenant is None else f" AND tenant IN ({quoted(NOBODY)}, {_text(tenant)})"
    found = client.query(
        f"SELECT tenant, as_of, writer, content FROM {PUBLISHED} WHERE version = {VERSION}{whose} "  # noqa: S608 - every text is quoted
        "ORDER BY tenant, number DESC LIMIT 1 BY tenant"
    )
    return {
        name: Published(name, as_of, writer, msgspec.json.decode(content, type=Content))
        for name, as_of, writer, content in found.result_rows
    }


def publish(client: Client, one: Published, *, number: int) -> None:
    """Make this what counts, at once; of two, the greater number."""
    row = {"version": VERSION, "tenant": one.tenant, "number": number, "as_of": one.as_of,
           "writer": one.writer, "content": msgspec.json.encode(one.content).decode()}  # fmt: skip
    client.raw_insert(
        PUBLISHED, column_names=list(row), insert_block=msgspec.json.encode(row), fmt="JSONEachRow"
    )


def _text(text: str) -> str:
    """Return a text as ClickHouse writes it, to whom a backslash says that something follows."""
    return quoted(text.replace("\\", "\\\\"))
