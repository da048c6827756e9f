"""Facts written by hand, in seconds and days, and the questions asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from engine.ledger import CATEGORIES
from measures.asking.answer import answer
from measures.asking.question import Asked, question
from measures.cut import Reader
from measures.facts import tail
from measures.facts.linked import link
from measures.facts.schema import TABLES
from measures.policy import Policy
from measures.times import SUMS

if TYPE_CHECKING:
    import duckdb

NOW = 1_767_225_600_000
DAY = 86_400_000
T0 = NOW - 20 * DAY
TIMES = (
    "offered",
    "answered",
    "responded",
    "ended",
    "closed",
    "opened",
    "first_offered",
    "entered",
    "finished",
)


def connected(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> duckdb.DuckDBPyConnection:
    """Return a database with rows written by hand; what is left out has an ordinary value."""
    connection = tail.connect()
    makers = {"contact": _contact, "ticket": _ticket, "visit": _visit, "segment": _segment,
              "rating": _rating}  # fmt: skip
    tables = {**tables, "visits": _with_delays(tables.get("visits", ()))}
    for table, kinds in TABLES.items():
        made = [makers[table](row, place) for place, row in enumerate(tables.get(f"{table}s", ()))]
        wanted = [{column: row.get(column) for column in kinds} for row in made]
        unknown = {name for row in made for name in row} - set(kinds)
        assert not unknown, unknown
        tail.insert(connection, f"tail_{table}", wanted, kinds=kinds)
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM tail_{table}")
    tickets = [one for (one,) in connection.execute("SELECT ticket FROM tail_ticket").fetchall()]
    link(connection, "acme", tickets=tickets, customers=set(), files={})
    return connection


def ask(
    connection: Reader, slug: str, *, now: int = NOW,
    policy: Policy | None = None, **asked: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return the answer to a question about rows written by hand."""
    wanted = question(slug, Asked(**asked), zone="Europe/Paris", now=now, policy=policy)
    return answer(connection, wanted, "en")


def _at(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its times in milliseconds: they are written in seconds after the start."""
    return {
        name: T0 + round(value * 1000) if name in TIMES and value is not None else value
        for name, value in row.items()
    }


def _contact(row: Mapping[str, Any], place: int) -> dict[str, Any]:
    spent = {c: round(row[c] * 1000) for c in CATEGORIES if c in row}
    rest = _at({name: value for name, value in row.items() if name not in CATEGORIES})
    offered = rest.get("offered", T0 + place)
    abandoned = rest.get("abandoned", False)
    ended = rest.get("ended", offered + sum(spent.values()))
    answered = None if abandoned else rest.get("answered", offered + spent.get("queue", 0))
    return {
        "tenant": "acme", "contact": f"c{place}", "channel": "phone", "direction": "inbound",
        "status": "abandoned" if abandoned else "wrapped_up", "sessions": 1, "flags": 0,
        "transfers": 0, "deferrals": 0, "behind_ms": 0, "robot_ms": 0,
        **{f"ms_{category}": spent.get(category, 0) for category in CATEGORIES},
        **{name: sum(spent.get(one, 0) for one in summed) for name, summed in SUMS.items()},
        "ended": ended, "closed": ended, "responded": answered, **rest,
        "offered": offered, "answered": answered, "abandoned": abandoned,
    }  # fmt: skip


def _ticket(row: Mapping[str, Any], place: int) -> dict[str, Any]:
    rest = _at({k: v for k, v in row.items() if k not in {"handling", "useful"}})
    opened = rest.get("opened", T0 + place)
    closed = rest.get("closed", opened + 3_600_000)
    channels = rest.get("channels", ["phone"])
    return {
        "tenant": "acme", "ticket": f"t{place}", "opened": opened, "closed": closed,
        "status": "open" if closed is None else "closed", "outcome": "resolved",
        "motive": "parcel", "customer": f"cus{place}", "channel": channels[0],
        "contacts": len(channels), "internal": 0, "outbound": 0, "transfers": 0, "deferrals": 0,
        "reopened": 0, "reconnects": 0, "sessions": 1, "first_offered": opened,
        "switches": sum(a != b for a, b in pairwise(channels)),
        "handling_ms": round(row.get("handling", 0) * 1000),
        "useful_ms": round(row.get("useful", 0) * 1000),
        "live_ms": 0, "robot_ms": 0, "internal_ms": 0, "robot_runs": 0, "actions": [],
        "first_contact": None, "self_care": False, **rest,
    }  # fmt: skip


def _with_delays(visits: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the visits of one session, in their order, with the delay of each that is over.

    Those that say theirs, which may be nothing, are of other sessions.
    """
    made, before = [], None
    for visit in visits:
        row = dict(visit)
        if "delay_ms" in row:
            made.append(row)
            continue
        end = row.get("finished", row.get("entered", 0) + row.get("spent", 0))
        if end is not None and not row.get("undone"):
            begun = row.get("entered", 0) if before is None else before
            row["delay_ms"], before = round((end - begun) * 1000), end
        made.append(row)
    return made


def _visit(row: Mapping[str, Any], place: int) -> dict[str, Any]:
    rest = _at({k: v for k, v in row.items() if k not in {"spent", "useful"}})
    entered = rest.get("entered", T0 + place)
    spent = round(row.get("spent", 0) * 1000)
    return {
        "tenant": "acme", "contact": f"c{place}", "session": "s", "visit": place + 1,
        "offered": entered, "step": "step", "entered": entered, "finished": entered + spent,
        "how": "answered", "undone": False, "repeats": False, "person": True, "robot": False,
        "flags": 0, "occurrence": 1, "ms": spent, "useful_ms": round(row.get("useful", 0) * 1000),
        "channel": "phone", "root": rest.get("journey"), "ended": entered + spent, **rest,
    }  # fmt: skip


def _rating(row: Mapping[str, Any], place: int) -> dict[str, Any]:
    ms = round(row["spent"] * 1000)
    rest = {name: value for name, value in row.items() if name not in {"spent", "share"}}
    return {
        "tenant": "acme", "contact": "c0", "rater": "r0", "part": place, "category": "useful",
        "offered": T0, "closed": T0, "channel": "phone", "begins": 0, "ends": ms, "ms": ms,
        "useful_ms": round(ms * row["share"]), **rest,
    }  # fmt: skip


def _segment(row: Mapping[str, Any], place: int) -> dict[str, Any]:
    return {"tenant": "acme", "contact": "c0", "position": place, **row}
