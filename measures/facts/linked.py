"""When a demand's customer next came for the same motive: a column of the demand itself.

It depends on other demands, later ones too. So whenever rows come into the tail, the demands of the
same customers are looked up in the files as well; those that it changes come into the tail anew,
as any late correction does. Source: measures.md A7.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    tickets: Sequence[str], customers: set[str], paths: Sequence[str],
) -> None:  # fmt: skip
    """Bring `again` up to date for the demands of whoever has one of these `tickets`.

    `customers` are known already to be theirs; `paths` are the files of demands that are valid.
    """
    columns = ", ".join(TABLES["ticket"])
    people = customers | customers_of(connection, tenant, tickets)
    known = f"SELECT {columns}, TRUE AS is_new FROM tail_ticket WHERE tenant = $tenant"  # noqa: S608 - our own names
    if paths:
        files = f"read_parquet({list(paths)})"
        before = connection.execute(
            f"SELECT DISTINCT customer FROM {files} WHERE list_contains($tickets::VARCHAR[], ticket) "  # noqa: S608, E501 - our own names
            "AND customer IS NOT NULL",
            {"tickets": list(tickets)},
        ).fetchall()
        people |= {customer for (customer,) in before}
        known += (
            f" UNION ALL SELECT {columns}, FALSE FROM {files} o WHERE customer IN {listed(people)} "  # noqa: S608 - every text is quoted
            f"AND ticket NOT IN (SELECT id FROM tail_key WHERE tenant = {quoted(tenant)} "
            "AND kind = 'ticket')"
        )  # fmt: skip
    if not people:
        return
    theirs = f"SELECT * FROM ({known}) k WHERE customer IN {listed(people)}"  # noqa: S608 - every text is quoted
    changed = (
        f"WITH theirs AS MATERIALIZED ({theirs}), next AS (SELECT k.ticket, "  # noqa: S608 - our own parts
        "min(n.first_offered) AS again FROM theirs k JOIN theirs n ON n.customer = k.customer "
        "AND n.motive = k.motive AND n.first_offered > k.closed "
        f"AND n.first_offered <= k.closed + {_HORIZON_MS} GROUP BY k.ticket) "
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
