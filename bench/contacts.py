"""Made-up contacts, written straight as facts: a year of a service, the same for the same seed.

They are shaped like real ones: few motives make most contacts, times are log-normal, advisors
differ, demands come again, some give up waiting, days have peaks. Of every contact the parts fit
together as the facts of a real one do: its seconds are its categories, its segments and its visits.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.ledger import CATEGORIES
from measures.facts.folder import FORM, Folder, Manifest
from measures.facts.partitions import FORMS
from measures.facts.schema import ORDER, TABLES
from measures.facts.tail import connect
from measures.sql import quoted, spent, summed
from measures.times import HANDLING, SUMS

if TYPE_CHECKING:
    import duckdb

TENANT: Final = "acme"
BEGINS: Final = 1_735_689_600_000
"""The first of January 2025, at midnight UTC."""
DAY: Final = 86_400_000
HOURS: Final = (8, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 12, 13, 14, 14, 15, 15, 16, 17, 18)
"""Hours of the day, as often as contacts come in them."""
STEPS: Final = 20
"""Steps of a contact that a journey served; about twenty-one visits in twenty."""
_TYPICAL: Final = {
    "identification": (0.9, 18, 0.5), "lookup": (0.45, 25, 0.8), "analysis": (0.35, 30, 0.8),
    "procedure": (0.2, 20, 0.9), "hold": (0.15, 60, 0.8), "transfer": (0.06, 35, 0.6),
    "repetition": (0.25, 15, 0.6), "robot_wait": (0.3, 4, 0.7), "masked": (0.12, 25, 0.7),
    "rework": (0.08, 30, 0.8), "after_call": (0.85, 40, 0.7), "idle": (0.05, 120, 0.7),
    "unattributed": (0.3, 6, 0.8), "useful": (1.0, 95, 0.7),
}  # fmt: skip
"""By category: in what share of answered contacts, its median in seconds, its spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What is made: how many contacts, over how many days, from which seed."""

    contacts: int
    seed: int = 1
    days: int = 365
    advisors: int = 240

    def drawn(self, row: str, place: int) -> str:
        """Return a number from 0 to 1 that is drawn for a row, another one for each place."""
        # One number is hashed: of several, the hashes would differ in the same bits for every row.
        mixed = f"({row})::BIGINT * 4096 + {place + self.seed * 10**16}"
        return f"(hash({mixed}) / 18446744073709551616.0)"

    def normal(self, row: str, place: int) -> str:
        """Return a number drawn from the normal distribution (Box and Muller's)."""
        first, second = self.drawn(row, place), self.drawn(row, place + 1)
        return f"(sqrt(-2 * ln({first} + 1e-12)) * cos(6.283185307179586 * {second}))"


def write_facts(folder: Path, year: Year) -> Manifest:
    """Write a year's facts below a folder, as the service would, and return its manifest."""
    connection = connect()
    try:
        connection.execute("SET memory_limit = '2GB'")
        for query in (*_base(year), *_tables(year)):
            connection.execute(query)
        return _files(connection, folder, year)
    finally:
        connection.close()


def _base(year: Year) -> list[str]:
    """Return the statements that draw demands and what is said of each of their contacts."""
    one = "row_number() OVER (ORDER BY i)"
    day = f"floor({year.drawn('t', 2)} * {year.days})"
    hour = f"list_extract({list(HOURS)}, 1 + floor({year.drawn('t', 3)} * {len(HOURS)})::INT)"
    gap = f"(-ln({year.drawn('i', 4)} + 1e-9) * 1.7 * {DAY})"
    queue = f"(exp(2.6 + 1.1 * {year.normal('i', 10)}) * 1000)::BIGINT"
    begun = (
        f"CREATE TEMP TABLE begun AS SELECT i, sum(({year.drawn('i', 1)} < 0.69 OR i = 0)::INT) "
        f"OVER (ORDER BY i) AS t, {one} AS n FROM range({year.contacts}) r(i)"
    )
    placed = (
        "CREATE TEMP TABLE placed AS SELECT i, t, "
        f"{BEGINS} + ({day} * {DAY} + {hour} * 3600000 + {year.drawn('t', 5)} * 3600000)::BIGINT "
        f"+ sum(CASE WHEN i = first THEN 0 ELSE {gap}::BIGINT + 60000 END) "
        "OVER (PARTITION BY t ORDER BY i)::BIGINT AS offered, i = first AS is_first, "
        "i = last AS is_last "
        "FROM (SELECT i, t, min(i) OVER w AS first, max(i) OVER w AS last FROM begun "
        "WINDOW w AS (PARTITION BY t))"
    )
    said = (
        "CREATE TEMP TABLE said AS SELECT *, "
        f"direction = 'inbound' AND queue > 20000 AND {year.drawn('i', 12)} < 0.17 AS abandoned, "
        f"(1 + floor({year.drawn('i', 13)} * {year.advisors}))::INT AS a FROM (SELECT *, "
        f"CASE WHEN {year.drawn('t', 14)} < 0.92 THEN "
        f"floor({year.drawn('t', 15)} * {year.contacts} * 0.4)::BIGINT END AS who, "
        f"floor(40 * pow({year.drawn('t', 16)}, 2.2))::INT AS m, "
        f"CASE WHEN {year.drawn('i', 17)} < 0.72 THEN 'phone' WHEN {year.drawn('i', 17)} < 0.87 "
        f"THEN 'chat' WHEN {year.drawn('i', 17)} < 0.96 THEN 'email' ELSE 'social' END AS channel, "
        f"CASE WHEN is_first OR {year.drawn('i', 18)} < 0.75 THEN 'inbound' WHEN "
        f"{year.drawn('i', 18)} < 0.9 THEN 'outbound' ELSE 'internal' END AS direction, "
        f"{queue} AS queue FROM placed)"
    )
    return [begun, placed, said]


def _tables(year: Year) -> list[str]:
    """Return the statements that make the tables of facts from what was drawn."""
    speed = f"exp(0.22 * {year.normal('a', 900)})"
    times = {}
    for place, (category, (share, median, spread)) in enumerate(_TYPICAL.items()):
        at = 100 + 10 * place
        length = f"({median} * exp({spread} * {year.normal('i', at)}) * {speed} * 1000)::BIGINT"
        times[category] = (
            f"CASE WHEN NOT abandoned AND {year.drawn('i', at + 5)} < {share} "
            f"THEN {length} ELSE 0 END"
        )
    times["ivr"] = (
        f"CASE WHEN channel = 'phone' THEN (8000 + 9000 * {year.drawn('i', 19)})::BIGINT ELSE 0 END"
    )
    times["queue"] = (
        "CASE WHEN direction <> 'inbound' THEN 0 WHEN channel IN ('email', 'social') THEN queue * 400 ELSE queue END"  # noqa: E501 - one expression, one line
    )
    times["deferral"] = "0"
    spans = ", ".join(f"{times[one]} AS ms_{one}" for one in CATEGORIES)
    during = [one for one in CATEGORIES if one not in {"ivr", "queue", "after_call"}]
    return [
        f"CREATE TEMP TABLE timed AS SELECT *, {_motive()} FROM (SELECT *, {spans} FROM said)",
        f"CREATE TEMP TABLE contact AS {_contact(year, during)}",
        f"CREATE TEMP TABLE demand AS {_ticket(year)}",
        f"CREATE TEMP TABLE ticket AS {_LINKED}",
    ]


def _motive() -> str:
    code = "'m' || lpad((m // 5)::VARCHAR, 2, '0') || '.' || 'n' || (m % 5)"
    return f"CASE WHEN abandoned THEN NULL ELSE {code} END AS motive"


def _counted(year: Year, name: str, place: int, share: float) -> str:
    return f"(NOT abandoned AND {year.drawn('i', place)} < {share})::BIGINT AS {name}"


def _contact(year: Year, during: list[str]) -> str:
    draws = {
        "consults": 0.08, "promises": 0.06, "flags": 0.02, "skips": 0.04, "none_of_these": 0.03,
        "by_hand": 0.05, "amends": 0.05, "robot_failed": 0.02, "robot_done": 0.6,
        "deferrals": 0.07,
    }  # fmt: skip
    counts = ", ".join(
        _counted(year, name, 300 + place, share)
        for place, (name, share) in enumerate(draws.items())
    )
    answered = "offered + ms_ivr + ms_queue"
    ended = f"{answered} + {summed(during)}"
    code = f"CASE WHEN {year.drawn('i', 320)} < 0.95 THEN motive || '.q' || floor({year.drawn('i', 321)} * 4)::INT END"  # noqa: E501 - one expression, one line
    made = {
        "tenant": quoted(TENANT), "contact": "'c' || lpad(i::VARCHAR, 9, '0')",
        "answered": f"CASE WHEN NOT abandoned THEN {answered} END",
        "responded": f"CASE WHEN NOT abandoned THEN {answered} END",
        "ended": ended, "wrapped": f"{ended} + ms_after_call",
        "closed": f"{ended} + ms_after_call",
        "status": "CASE WHEN abandoned THEN 'abandoned' ELSE 'wrapped_up' END",
        "implied": "FALSE", "dropped": "FALSE",
        "customer": "CASE WHEN who IS NOT NULL THEN lower(to_hex(hash(who))) END",
        "advisor": "CASE WHEN NOT abandoned THEN 'a' || lpad(a::VARCHAR, 6, '0') END",
        "actor_kind": "CASE WHEN abandoned THEN 'channel' ELSE 'advisor' END",
        "customer_segment": "CASE WHEN who % 10 < 7 THEN 'standard' WHEN who % 10 < 9 "
        "THEN 'premium' WHEN who IS NOT NULL THEN 'trade' END",
        "team": "CASE WHEN NOT abandoned THEN 'team' || (a % 12) END",
        "site": "CASE WHEN NOT abandoned THEN 'site' || (a % 3) END",
        "provider": "CASE WHEN NOT abandoned THEN 'provider' || (a % 2) END",
        "audience": "'advisor'", "language": "'fr'", "ticket": "'t' || lpad(t::VARCHAR, 9, '0')",
        "journey": "CASE WHEN NOT abandoned THEN 'care.m' || lpad((m // 5)::VARCHAR, 2, '0') END",
        "revision": f"CASE WHEN abandoned THEN NULL WHEN offered < {BEGINS + 180 * DAY} "
        "THEN 'r1' ELSE 'r2' END",
        "outcome": f"CASE WHEN abandoned THEN NULL WHEN {year.drawn('i', 322)} < 0.84 "
        f"THEN 'resolved' WHEN {year.drawn('i', 322)} < 0.95 THEN 'unresolved' ELSE 'refused' END",
        "qualification": code,
        "action": f"CASE WHEN NOT abandoned THEN 'act.' || floor({year.drawn('i', 323)} * 6)::INT END",  # noqa: E501 - one expression, one line
        "declarations": "[motive]", "qualifications": "[motive]", "actions": "[motive]",
        "sessions": f"(NOT abandoned AND {year.drawn('i', 324)} < 0.97)::BIGINT",
        "visits": f"CASE WHEN abandoned THEN 0 ELSE {STEPS - 4} + floor({year.drawn('i', 325)} * 11)::BIGINT END",  # noqa: E501 - one expression, one line
        "transfers": "(ms_transfer > 0)::BIGINT", "holds": "(ms_hold > 0)::BIGINT",
        "repeats": "(ms_repetition > 0)::BIGINT",
        "robot_ms": f"CASE WHEN abandoned THEN 0 ELSE ms_robot_wait + (3000 * {year.drawn('i', 326)})::BIGINT END",  # noqa: E501 - one expression, one line
        "behind_ms": f"CASE WHEN abandoned THEN 0 ELSE (3000 * {year.drawn('i', 326)})::BIGINT END",
        "doubtful_ms": "0", "raters": "0",
        **{name: summed(of) for name, of in SUMS.items()},
    }  # fmt: skip
    drawn = {"offered", "channel", "direction", "abandoned", "motive"}
    drawn |= {f"ms_{category}" for category in CATEGORIES}
    columns = ", ".join(
        f"{made.get(name, name if name in drawn else 'NULL')} AS {name}"
        for name in TABLES["contact"]
        if name not in draws
    )
    return f"SELECT {columns}, {counts}, i, t, {_month('offered')} AS month FROM timed"


def _ticket(year: Year) -> str:
    """Return the query of demands: the last contact closes one, or it stays open."""
    last = "max_by({0}, offered)"
    inbound = "count(*) FILTER (direction = 'inbound')"
    is_open = f"{year.drawn('t', 400)} < 0.01"
    made = {
        "tenant": quoted(TENANT), "ticket": "ticket", "opened": "min(offered)",
        "closed": f"CASE WHEN NOT {is_open} THEN max(closed) END",
        "status": f"CASE WHEN {is_open} THEN 'open' ELSE 'closed' END",
        **{name: last.format(name) for name in ("outcome", "qualification", "action")},
        **{name: f"min_by({name}, offered)" for name in
           ("journey", "revision", "motive", "customer", "customer_segment", "advisor", "team",
            "site", "provider", "channel")},
        "qualifications": "list(qualification)", "actions": "list(action)",
        "first_contact": "min_by(contact, offered)",
        "channels": "list(channel ORDER BY offered) FILTER (direction <> 'internal')",
        "contacts": inbound, "internal": "count(*) FILTER (direction = 'internal')",
        "outbound": "count(*) FILTER (direction = 'outbound')", "reconnects": "0",
        "switches": "0", "transfers": "sum(transfers)", "deferrals": "sum(deferrals)",
        "reopened": f"({year.drawn('t', 401)} < 0.02)::BIGINT", "sessions": "sum(sessions)",
        "first_offered": "min(offered)", "last_over": "max(ended)",
        "handling_ms": "sum(handling_ms)", "useful_ms": "sum(ms_useful)",
        "live_ms": "sum(live_ms)", "robot_ms": "sum(robot_ms)", "again": "NULL",
        "internal_ms": "sum(CASE WHEN direction = 'internal' THEN handling_ms ELSE 0 END)",
        "robot_runs": "sum(robot_done + robot_failed)",
        "self_care": f"({year.drawn('t', 402)} < 0.1)",
    }  # fmt: skip
    columns = ", ".join(
        f"{made[name]} AS {name}" for name in TABLES["ticket"] if name != "switches"
    )
    changes = (
        "list_sum([(channels[k] <> channels[k + 1])::BIGINT for k in range(1, len(channels))])"
    )
    return (
        f"SELECT *, coalesce({changes}, 0) AS switches, {_month('opened')} AS month "
        f"FROM (SELECT {columns} FROM contact GROUP BY ticket, t) sums"
    )


_LINKED: Final = (
    "SELECT d.* REPLACE (n.first_offered AS again) FROM demand d ASOF LEFT JOIN "
    "(SELECT customer, motive, first_offered FROM demand WHERE customer IS NOT NULL) n "
    "ON n.customer = d.customer AND n.motive = d.motive AND n.first_offered > d.closed"
)
"""Demands with when their customer came again with another one; contacts of older ones are left."""


def _segments(part: str) -> str:
    """Return the query of the segments of some contacts: one of each category, end to end."""
    values = ", ".join(f"({place}, '{one}', ms_{one})" for place, one in enumerate(CATEGORIES))
    made = {
        "position": "row_number() OVER w - 1",
        "begins": "offered + coalesce(sum(ms) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING "
        "AND 1 PRECEDING), 0)::BIGINT",
        "ends": "offered + (sum(ms) OVER w)::BIGINT", "ms": "ms", "category": "category",
        "raw": "CASE WHEN category = 'masked' THEN 'lookup' END", "flag": "NULL",
        "session": "'s' || contact", "visit": "1", "step": "'step' || position_",
    }  # fmt: skip
    order = ("ivr", "queue", *(c for c in CATEGORIES if c not in {"ivr", "queue", "after_call"}),
             "after_call")  # fmt: skip
    rank = ", ".join(f"{quoted(one)}: {place}" for place, one in enumerate(order))
    columns = ", ".join(
        f"{made[name]} AS {name}" if name in made else name for name in TABLES["segment"]
    )
    return (
        f"SELECT {columns} FROM (SELECT c.*, v.category, v.ms, map {{{rank}}}[v.category] "
        f"AS position_ FROM ({part}) c, LATERAL (VALUES {values}) v(place, category, ms) "
        "WHERE v.ms > 0) WINDOW w AS (PARTITION BY contact ORDER BY position_)"
    )


def _visits(part: str, year: Year) -> str:
    """Return the query of the visits of some contacts: its talk, split over its steps."""
    begun = "coalesce(answered, offered)"
    long = f"({spent(c for c in HANDLING if c != 'after_call')})"
    at = f"({begun} + ({long} * (v - 1) // visits))"
    until = f"({begun} + ({long} * v // visits))"
    is_robot = "v % 7 = 0"
    drawn = year.drawn("i * 64 + v", 500)
    made = {
        "session": "'s' || contact", "visit": "v", "step": "'step' || lpad(v::VARCHAR, 2, '0')",
        "occurrence": "1", "entered": at, "finished": until,
        "how": f"CASE WHEN {is_robot} THEN CASE WHEN {drawn} < 0.9 THEN 'succeeded' WHEN {drawn} "
        f"< 0.94 THEN 'failed' WHEN {drawn} < 0.98 THEN 'by_hand' ELSE 'refused' END "
        f"WHEN v % 5 = 1 THEN 'acknowledged' WHEN {drawn} < 0.95 THEN 'answered' WHEN {drawn} "
        "< 0.98 THEN 'skipped' ELSE 'none' END",
        "exit": "NULL", "undone": f"{drawn} > 0.985", "repeats": "FALSE",
        "root": "journey",
        "person": f"NOT ({is_robot})", "robot": is_robot, "flags": f"({drawn} < 0.002)::BIGINT",
        "ms": f"{until} - {at}", "delay_ms": f"CASE WHEN {drawn} <= 0.985 THEN {until} - {at} END",
        "useful_ms": f"(({until} - {at}) * ms_useful // greatest({long}, 1))",
    }  # fmt: skip
    columns = ", ".join(
        f"{made[name]} AS {name}" if name in made else name for name in TABLES["visit"]
    )
    return (
        f"SELECT {columns} FROM (SELECT c.*, unnest(range(1, visits + 1)) AS v "
        f"FROM ({part}) c WHERE visits > 0)"
    )


def _files(connection: duckdb.DuckDBPyConnection, folder: Path, year: Year) -> Manifest:
    """Write one file a month and table, and the manifest that names them."""
    manifest = Manifest(generation=1, watermark=BEGINS + (year.days + 60) * DAY)
    tables: dict[str, dict[str, str]] = manifest.files.setdefault(TENANT, {})
    months = connection.execute("SELECT DISTINCT month FROM contact ORDER BY 1").fetchall()
    for (month,) in months:
        for table in ("contact", "segment", "visit", "ticket"):
            kinds = TABLES[table]
            of = "ticket" if table == "ticket" else "contact"
            part = f"SELECT * FROM {of} WHERE month = {quoted(month)}"
            query = {"segment": _segments(part), "visit": _visits(part, year)}.get(table, part)
            columns = ", ".join(f"{name}::{kind} AS {name}" for name, kind in kinds.items())
            name = f"{TENANT}/{table}/{month}.1.parquet"
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"COPY (SELECT {columns} FROM ({query}) ORDER BY {ORDER[table]}) "
                f"TO {quoted(str(path))} {FORM}"
            )
            tables.setdefault(table, {})[month] = name
    Folder(folder).keep(manifest)
    return manifest


def _month(when: str) -> str:
    return f"strftime(to_timestamp({when} / 1000.0) AT TIME ZONE 'UTC', {quoted(FORMS[0])})"
