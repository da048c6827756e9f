"""What the walks of a journey come to, read from the facts in one query: each step, and all.

A pass is a walk's whole time on a step, however often it came there; steps that a correction undid
count as rework of the walk. Source: measures.md A6 (TP, VA, délai).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from measures.cut import Key, Reader, rows
from measures.sql import quoted
from measures.statistics.medians import around_median
from measures.statistics.ratio import Sums
from measures.streams.lines import COUNTED, EMPTY, PRODUCTS, SPREAD, TIMES, Line, Part, line_of

_OF_VISITS: Final = (
    "sum(CASE WHEN undone THEN 0 ELSE ms END) / 1000.0 AS spent, "
    "sum(CASE WHEN undone THEN 0 ELSE useful_ms END) / 1000.0 AS added, "
    "sum(CASE WHEN delay_ms > ms THEN delay_ms - ms ELSE 0 END) / 1000.0 AS wait, "
    "coalesce(sum(delay_ms), 0) / 1000.0 AS delay, "
    "sum(CASE WHEN undone THEN ms ELSE 0 END) / 1000.0 AS rework, "
    "sum(CASE WHEN undone THEN 0 ELSE 1 END) AS visits, 1 AS walks, "
    "min(CASE WHEN undone THEN NULL ELSE visit END) AS begun, "
    "max(contact) AS contact, max(advisor) AS advisor, max(motive) AS motive"
)
_OF_PASSES: Final = (
    *(f"sum({one}) AS {one}" for one in (*TIMES, "visits")), "1 AS walks",
    *(f"max({one}) AS {one}" for one in ("contact", "advisor", "motive")),
)  # fmt: skip
_SUMS: Final = (
    *(f"sum({one})" for one in COUNTED), *(f"sum({one} * {other})" for one, other in PRODUCTS),
)  # fmt: skip
_SPREAD: Final = (
    *(f"quantile_cont({one}, {share})" for one in SPREAD for share in (0.5, 0.9)),
    "count(DISTINCT contact)",
)
_PARTS, _SPREADS, _FOLLOWING = range(3)


@dataclass(frozen=True, slots=True)
class Walks:
    """Which walks: those of a journey that ended in a period, of one revision or of all.

    `since` until before `until`: milliseconds UTC.
    """

    journey: str
    since: int
    until: int
    revision: str | None = None

    @property
    def of_all_revisions(self) -> str:
        """The query of the visits of these walks, whatever their revision."""
        return (
            f"SELECT * FROM visit WHERE root = {quoted(self.journey)} "  # noqa: S608 - every text is quoted
            f"AND ended >= {self.since} AND ended < {self.until}"
        )

    @property
    def visits(self) -> str:
        """The query of the visits of these walks."""
        if self.revision is None:
            return self.of_all_revisions
        return f"{self.of_all_revisions} AND revision = {quoted(self.revision)}"

    @property
    def each(self) -> str:
        """The query of the walks, one row each."""
        return f"SELECT session, {_OF_VISITS} FROM ({self.visits}) v GROUP BY session"  # noqa: S608 - our own parts


@dataclass(slots=True)
class Found:
    """What is read of some walks.

    Attributes:
        whole: the line of all; `steps`: that of each (journey, step).
        contacts: how many each of them rests on, all under the empty key.
        following: how many walks went from one step to another; `counts` and `places`: how many
            came to a step, and the sum of the places at which they did.
    """

    whole: Line = EMPTY
    steps: dict[Key, Line] = field(default_factory=dict)
    contacts: dict[Key, int] = field(default_factory=dict)
    following: Counter[tuple[Key, Key]] = field(default_factory=Counter)
    counts: Counter[Key] = field(default_factory=Counter)
    places: Counter[Key] = field(default_factory=Counter)


def read(reader: Reader, walks: Walks) -> Found:
    """Return what some walks come to."""
    found, parts = Found(), dict[Key, list[Part]]()
    spreads: dict[Key, list[float]] = {}
    for row in reader.execute(_query(walks)).fetchall():
        kind, keys = int(row[0]), tuple(None if one is None else str(one) for one in row[1:5])
        numbers = [float(one or 0) for one in row[5:]]
        step: Key = () if keys[1] is None else keys[:2]
        if kind == _PARTS:
            part = Part.of(numbers, is_alone=keys[2] is None)
            parts.setdefault(step, []).append(part)
        elif kind == _SPREADS:
            spreads[step] = numbers
            found.contacts[step] = round(numbers[len(_SPREAD) - 1])
        else:
            found.counts[step] += round(numbers[0])
            found.places[step] += round(numbers[1])
            if keys[3] is not None:
                found.following[step, keys[2:]] += round(numbers[0])
    for step, listed in parts.items():
        line = line_of(listed, spreads[step])
        if step:
            found.steps[step] = line
        else:
            found.whole = line
    return found


def _query(walks: Walks) -> str:
    """Return the query of sums by advisor, of spreads and of what followed what."""
    passes = (
        f"SELECT journey, step, session, {_OF_VISITS} FROM ({walks.visits}) v "  # noqa: S608 - our own parts
        "GROUP BY journey, step, session"
    )
    ranked = (
        "SELECT session, journey, step, row_number() OVER (PARTITION BY session ORDER BY begun) "
        "AS place FROM pass WHERE visits > 0"
    )
    made = [
        f"pass AS MATERIALIZED ({passes})",
        f"walk AS (SELECT session, {', '.join(_OF_PASSES)} FROM pass GROUP BY session)",  # noqa: S608 - our own parts
        f"ranked AS MATERIALIZED ({ranked})",
    ]
    step, nobody = ("journey", "step"), ("NULL", "NULL")
    followed = (
        "ranked a LEFT JOIN ranked b ON b.session = a.session AND b.place = a.place + 1 "
        "GROUP BY a.journey, a.step, b.journey, b.step"
    )
    live = "pass WHERE visits > 0 GROUP BY journey, step"
    sources = [
        _part(_PARTS, (*step, "advisor", "NULL"), _SUMS, f"{live}, advisor"),
        _part(_SPREADS, (*step, *nobody), _SPREAD, live),
        _part(_PARTS, (*nobody, "advisor", "NULL"), _SUMS, "walk GROUP BY advisor"),
        _part(_SPREADS, (*nobody, *nobody), _SPREAD, "walk"),
        _part(_FOLLOWING, ("a.journey", "a.step", "b.journey", "b.step"),
              ("count(*)", "sum(a.place)"), followed),
    ]  # fmt: skip
    return f"WITH {', '.join(made)} {' UNION ALL '.join(sources)}"


def _part(kind: int, keys: tuple[str, ...], numbers: tuple[str, ...], source: str) -> str:
    """Return the query of a kind of rows, all of them with the same columns."""
    shown = [f"{kind} AS kind"]
    shown += [f"{one}::VARCHAR AS k{place}" for place, one in enumerate(keys)]
    padded = (*numbers, *("NULL",) * (len(_SUMS) - len(numbers)))
    shown += [f"({one})::DOUBLE AS n{place}" for place, one in enumerate(padded)]
    return f"SELECT {', '.join(shown)} FROM {source}"  # noqa: S608 - our own parts


def around_lead(reader: Reader, walks: Walks, whole: Line) -> tuple[float, float] | None:
    """Return the bounds of the median lead time, widened for walks of one advisor."""
    if not whole.walks:
        return None
    # Delays added up in another order may differ in their last digit; they are of milliseconds.
    median = whole.spread["delay"][0] + 1e-6
    query = (
        f"SELECT advisor, count(*), sum(CASE WHEN delay <= {median!r} THEN 1 ELSE 0 END) "  # noqa: S608 - our own parts
        f"FROM ({walks.each}) p GROUP BY advisor"
    )
    by_advisor, alone = [], []
    for (advisor,), (count, hits) in rows(reader, query, 1).items():
        if advisor is None:
            alone += [(1.0, 1.0)] * int(hits) + [(0.0, 1.0)] * int(count - hits)
        else:
            by_advisor.append((float(hits), float(count)))
    hits = sum(u for u, _ in [*by_advisor, *alone])
    simple = Sums(whole.walks, hits, whole.walks, hits, hits, whole.walks)
    shares = around_median(simple, Sums.of([*by_advisor, *alone]))
    if shares is None:
        return None
    asked = ", ".join(f"quantile_cont(delay, {share!r})" for share in shares)
    [(low, high)] = reader.execute(f"SELECT {asked} FROM ({walks.each}) p").fetchall()  # noqa: S608 - our own parts
    return float(low), float(high)


def by_motive(reader: Reader, walks: Walks, name: str) -> dict[str, tuple[float, float]]:
    """Return by motive how many walks there are, and their mean of a time."""
    query = f"SELECT motive, count(*), avg({name}) FROM ({walks.each}) p GROUP BY motive"  # noqa: S608 - our own parts
    return {
        motive or "": (float(count), float(mean))
        for (motive,), (count, mean) in rows(reader, query, 1).items()
    }


def contacts_by_revision(reader: Reader, walks: Walks) -> dict[Key, int]:
    """Return how many contacts passed each (journey, step, revision), and walked each revision."""
    found: dict[Key, int] = {}
    for names in (("journey", "step", "revision"), ("revision",)):
        listed = ", ".join(names)
        query = (
            f"SELECT {listed}, count(DISTINCT contact) FROM ({walks.of_all_revisions}) v "  # noqa: S608 - our own parts
            f"WHERE NOT undone GROUP BY {listed}"
        )
        found |= {key: int(count) for key, (count,) in rows(reader, query, len(names)).items()}
    return found
