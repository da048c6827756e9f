"""When a demand's customer next came for the same motive: a column of the demand itself.

They come with a demand of their own, or with a contact for one that was open already: it depends on
other demands and their contacts, later ones too. So whenever rows come into the tail, those of the
same customers are looked up in the files as well; demands that it changes come into the tail anew,
as any late correction does. Source: measures.md A7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from measures.facts.schema import TABLES
from measures.sql import listed, quoted

if TYPE_CHECKING:
    import duckdb

HORIZON_DAYS: Final = 366
"""Days after its close within which a further demand is told: no window may be longer."""
_HORIZON_MS: Final = HORIZON_DAYS * 86_400_000


def customers_of(
    connection: duckdb.DuckDBPyConnection, tenant: str, tickets: Sequence[str]
) -> set[str]:
    """Return whose these demands are, as the tail has them."""
    found = connection.execute(
        "SELECT DISTINCT customer FROM tail_ticket WHERE tenant = ? AND customer IS NOT NULL "
        "AND list_contains(?::VARCHAR[], ticket)",
        [tenant, list(tickets)],
    ).fetchall()
    return {customer for (customer,) in found}


def link(
    connection: duckdb.DuckDBPyConnection, tenant: str, *,
    tickets: Sequence[str], customers: set[str], files: Mapping[str, Sequence[str]],
) -> None:  # fmt: skip
    """Bring `again` up to date for the demands of whoever has one of these `tickets`.

    `customers` are known already to be theirs; `files` are those of tickets and of contacts that
    are valid.
    """
    paths = files.get("ticket", ())
    columns = ", ".join(TABLES["ticket"])
    people = customers | customers_of(connection, tenant, tickets)
    known = f"SELECT {columns}, TRUE AS is_new FROM tail_ticket WHERE tenant = $tenant"  # noqa: S608 - our own names
    if paths:
        source = f"read_parquet({list(paths)})"
        before = connection.execute(
            f"SELECT DISTINCT customer FROM {source} WHERE list_contains($tickets::VARCHAR[], ticket) "  # noqa: S608, E501 - our own names
            "AND customer IS NOT NULL",
            {"tickets": list(tickets)},
        ).fetchall()
        people |= {customer for (customer,) in before}
        known += (
            f" UNION ALL SELECT {columns}, FALSE FROM {source} WHERE customer IN {listed(people)} "  # noqa: S608 - every text is quoted
            f"AND ticket NOT IN (SELECT id FROM tail_key WHERE tenant = {quoted(tenant)} "
            "AND kind = 'ticket')"
        )  # fmt: skip
    if not people:
        return
    theirs = f"SELECT * FROM ({known}) k WHERE customer IN {listed(people)}"  # noqa: S608 - every text is quoted
    changed = (
        f"WITH theirs AS MATERIALIZED ({theirs}), came AS (SELECT ticket, customer, motive, "  # noqa: S608 - our own parts
        f"first_offered AS at FROM theirs UNION ALL {_came(tenant, people, files)}), "
        "next AS (SELECT k.ticket, min(n.at) AS again FROM theirs k JOIN came n "
        "ON n.customer = k.customer AND n.motive = k.motive AND n.ticket <> k.ticket "
        f"AND n.at > k.closed AND n.at <= k.closed + {_HORIZON_MS} GROUP BY k.ticket) "
        "SELECT theirs.* REPLACE (next.again AS again) FROM theirs "
        "LEFT JOIN next ON next.ticket = theirs.ticket "
        "WHERE theirs.again IS DISTINCT FROM next.again"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE relinked AS {changed}", {"tenant": tenant})
    connection.execute(
        "DELETE FROM tail_ticket WHERE tenant = ? AND ticket IN (SELECT ticket FROM relinked)",
        [tenant],
    )
    connection.execute(f"INSERT INTO tail_ticket SELECT {columns} FROM relinked")  # noqa: S608 - our own names
    connection.execute(
        "INSERT INTO tail_key SELECT tenant, 'ticket', ticket, opened FROM relinked "
        "WHERE NOT is_new"
    )


def _came(tenant: str, people: set[str], files: Mapping[str, Sequence[str]]) -> str:
    """Return the query of the contacts for which these customers came by themselves."""
    columns = "ticket, customer, motive, offered AS at"
    wanted = (
        f"customer IN {listed(people)} AND direction = 'inbound' AND ticket IS NOT NULL "
        "AND motive IS NOT NULL"
    )
    query = f"SELECT {columns} FROM tail_contact WHERE tenant = {quoted(tenant)} AND {wanted}"  # noqa: S608 - every text is quoted
    if files.get("contact"):
        query += (
            f" UNION ALL SELECT {columns} FROM read_parquet({list(files['contact'])}) o "  # noqa: S608 - every text is quoted
            f"WHERE {wanted} AND contact NOT IN (SELECT id FROM tail_key "
            f"WHERE tenant = {quoted(tenant)} AND kind = 'contact')"
        )
    return query
