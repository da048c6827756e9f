"""Which motive to improve first: what each could spare, and how sure its rank is.

It ranks motives, never people. Source: measures.md A12.
"""

from __future__ import annotations

from measures.cut import Cut, Key, Reader, Worked, rows, selected
from measures.measure import BUDGET, COHORT, Measure, Setting
from measures.policy import LIBRARY
from measures.shapes import Found, Special
from measures.statistics.estimate import FEW, Estimate, doubts, nothing
from measures.statistics.money import Motive
from measures.statistics.ranks import rank_intervals

SEED = 20_240_229
MINUTE_MS = 60_000.0


def _recoverable(reader: Reader, cut: Cut) -> Found:
    cost, spare = float(cut.settings["cost"]), float(cut.settings["spare"])
    budget = cut.settings["budget"]
    width = len(cut.dims)
    query = (
        f"SELECT {selected(cut.dims)}opened // 86400000, count(*), sum(contacts), "  # noqa: S608 - our own parts
        f"sum(handling_ms), sum(greatest(contacts - {budget}, 0)), sum(paid_loss_ms) "
        f"FROM ({cut.kept}) GROUP BY ALL"
    )
    days: dict[Key, list[tuple[float, ...]]] = {}
    # In order of days: the draws then fall on the same ones, in whatever order rows were stored.
    listed = rows(reader, query, width + 1).items()
    for key, values in sorted(listed, key=lambda item: [part or "" for part in item[0]]):
        days.setdefault(key[:width], []).append(tuple(float(one or 0) for one in values))
    cents = {
        key: [_motive([day], spare).recoverable_cost(cost) for day in of]
        for key, of in days.items()
    }
    shown = {key for key, of in days.items() if sum(day[0] for day in of) >= FEW}
    ranked = rank_intervals({_name(key): cents[key] for key in shown}, seed=SEED) if width else {}
    found: Found = {}
    for key, of in days.items():
        n = round(sum(day[0] for day in of))
        if width and key not in shown:
            found[key] = Worked(nothing("few", n), {})
            continue
        rank, low, high = ranked.get(_name(key), (None, None, None))
        value = _motive(of, spare).recoverable_cost(cost)
        also = {"rank": rank, "rank_low": low, "rank_high": high}
        found[key] = Worked(Estimate(value, n=n, marks=doubts(n)), also if width else {})
    _add_up(found)
    return found


def _add_up(found: Found) -> None:
    """Say of each motive, the greatest first, what share of all it and those before it make."""
    ordered = sorted(
        (one for one in found.values() if "rank" in one.also), key=lambda one: one.also["rank"] or 0
    )
    whole, before = sum(one.estimate.value or 0 for one in ordered), 0.0
    for one in ordered:
        before += one.estimate.value or 0
        assert isinstance(one.also, dict)
        one.also["cumulative"] = before / whole if whole else None


def _name(key: Key) -> str:
    return "\0".join(one or "" for one in key)


def _motive(days: list[tuple[float, ...]], spare: float) -> Motive:
    demands, contacts, handling, avoidable, losses = (sum(day[k] for day in days) for k in range(5))
    return Motive(
        demands,
        handling / contacts / MINUTE_MS if contacts else 0.0,
        avoidable / demands,
        losses / demands / MINUTE_MS,
        spare,
    )


RECOVERABLE = Measure(
    slug="recoverable",
    label={"fr": "Récupérable par motif", "en": "What could be spared"},
    unit="min",
    formula="n · cost · (avoidable contacts a demand · minutes a contact + losses a first contact, "
    "minutes)",
    includes="Losses that an advisor is paid for (no queue, no menu), of first contacts, and "
    "contacts beyond what the motive needs. Money where the library says what a minute costs, "
    "minutes otherwise; by motive with rank, rank interval and `cumulative` share.",
    edges="A motive of fewer than 30 demands is not shown. Ranks are of motives, by the bootstrap "
    "over days with a fixed seed.",
    source="measures.md A12",
    table="ticket",
    rows="SELECT t.*, coalesce(c.ms_lookup + c.ms_analysis + c.ms_procedure + c.ms_hold "
    "+ c.ms_transfer + c.ms_repetition + c.ms_rework + c.ms_robot_wait, 0) AS paid_loss_ms "
    "FROM ticket t LEFT JOIN contact c ON c.tenant = t.tenant AND c.contact = t.first_contact",
    more=("paid_loss_ms",),
    keep="status = 'closed'",
    shape=Special(_recoverable),
    settings={
        "cost": Setting(LIBRARY, "money a minute costs; 1 leaves minutes", says="minute",
                        otherwise=1),
        "spare": Setting(1, "share of the losses that can be spared", most=1),
        "budget": BUDGET,
        "cohort": COHORT,
    },
)  # fmt: skip
MEASURES = (RECOVERABLE,)
