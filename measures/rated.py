"""The useful share as trained listeners find it, the modelled one calibrated by them, agreement.

Source: measures.md A3, A17.
"""

from __future__ import annotations

from collections import defaultdict

from measures.cut import Cut, Key, Reader, Worked, rows, selected
from measures.measure import Measure, Setting
from measures.shapes import Found, Ratio, Share, Special
from measures.sql import listed, spent
from measures.statistics.agreement import LOW_ALPHA, alpha, by_second, kappa
from measures.statistics.estimate import Estimate, doubts, nothing
from measures.times import ASYNCHRONOUS, LIVE

_SYNCHRONOUS = f"NOT abandoned AND channel NOT IN {listed(ASYNCHRONOUS)}"
_LEAST = Setting(5, "rated contacts of a motive from which its own ratings are used", least=1)


def _worth(motive: str) -> str:
    """Return the query of what a category's time is worth, by motive or over all of them."""
    shares = ", ".join(
        f"sum(useful_ms) FILTER (category = '{one}')::DOUBLE / "
        f"nullif(sum(ms) FILTER (category = '{one}'), 0) AS u_{one}"
        for one in LIVE
    )
    return f"SELECT {motive}count(DISTINCT contact) AS n, {shares} FROM rating"  # noqa: S608 - our own parts


_CALIBRATED = " + ".join(
    f"coalesce(m.u_{one}, a.u_{one}, {1 if one == 'useful' else 0}) * c.ms_{one}" for one in LIVE
)
_ROWS = (
    f"SELECT c.*, {_CALIBRATED} AS calibrated_ms, a.n AS rated, m.n IS NOT NULL AS by_motive "  # noqa: S608 - our own parts
    f"FROM contact c CROSS JOIN ({_worth('')}) a "
    f"LEFT JOIN ({_worth('motive, ')} WHERE motive IS NOT NULL GROUP BY motive "
    "HAVING count(DISTINCT contact) >= {least}) m ON m.motive = c.motive"
)

DUC_OBSERVED = Measure(
    slug="duc_observed",
    label={"fr": "DUC observée par les écoutes", "en": "Useful share, as listeners find it"},
    unit="share",
    formula="Σ time found useful ÷ Σ time listened to (a ratio of sums)",
    includes="Contacts of samples that a trained listener rated, the mean of their raters. "
    "Source: observed.",
    edges="Nothing rated: null. Contacts drawn from strata of other sizes are not weighed here: "
    "the sample's own page weighs them.",
    source="measures.md A3 (observed)",
    keep=f"{_SYNCHRONOUS} AND raters > 0",
    shape=Ratio("rated_useful_ms", "rated_ms", {"raters": "avg(raters)"}),
)
DUC_CALIBRATED = Measure(
    slug="duc_calibrated",
    label={"fr": "DUC calibrée par les écoutes", "en": "Useful share, calibrated by listeners"},
    unit="share",
    formula="Σ over categories of (share found useful in that category · time) ÷ Σ time the "
    "customer spent",
    includes="All contacts of duc_experienced. The share of a category is that of the motive where "
    "`least` of its contacts were rated, else that of all. Source: modelled, calibrated.",
    edges="Nothing rated at all: null. A category that nobody rated keeps its modelled worth. "
    "`by_motive` is the part of the contacts whose own motive was rated; the interval takes the "
    "shares as known.",
    source="measures.md A3 (modelled)",
    rows=_ROWS,
    more=("calibrated_ms", "rated", "by_motive"),
    keep=f"{_SYNCHRONOUS} AND rated > 0",
    shape=Ratio(
        "calibrated_ms",
        spent(LIVE),
        {"rated": "max(rated)", "by_motive": "count(*) FILTER (by_motive) / count(*)",
         "not_calibrated": f"sum(ms_useful) / nullif(sum({spent(LIVE)}), 0)"},
    ),
    settings={"least": _LEAST},
)  # fmt: skip


def _agreement(reader: Reader, cut: Cut) -> Found:
    width = len(cut.dims)
    query = f"SELECT {selected(cut.dims)}contact, found FROM ({cut.kept})"  # noqa: S608 - our own parts
    seconds: dict[Key, dict[tuple[str, int], list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in reader.execute(query).fetchall():
        key = tuple(None if one is None else str(one) for one in row[:width])
        contact, found = row[width:]
        parts: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        for listener, begins, ends, share in found:
            parts[listener].append((begins, ends, share))
        for one in parts.values():
            for second, share in by_second(one).items():
                seconds[key][contact, second].append(share)
    return {key: Worked(*_agreed(list(units.values()))) for key, units in seconds.items()}


def _agreed(units: list[list[float]]) -> tuple[Estimate, dict[str, float | None]]:
    twice = sum(len(one) > 1 for one in units)
    also: dict[str, float | None] = {"rated_twice": twice / len(units)}
    value = alpha(units, is_interval=True)
    if value is None:
        return nothing("one_value" if twice else "empty"), also
    marks = () if value >= LOW_ALPHA else ("low_agreement",)
    return Estimate(value, n=twice, marks=(*doubts(twice), *marks)), also


AGREEMENT = Measure(
    slug="rating_agreement",
    label={"fr": "Accord entre écoutes (α)", "en": "Agreement of listeners (α)"},
    unit="ratio",
    formula="Krippendorff's α, interval scale, on seconds rated by two listeners or more",
    includes="Seconds of rated contacts; `rated_twice` is the part that two or more rated.",
    edges="Below 0.667 it is marked `low_agreement`: figures that rest on ratings are then not to "
    "be relied on. Nothing rated twice, or one value throughout: null.",
    source="measures.md A3; Krippendorff (2004)",
    rows="SELECT c.*, r.found FROM contact c JOIN (SELECT tenant, contact, "
    "list([listener, begins, ends, useful_ms * 100 // ms] ORDER BY listener, part) AS found "
    "FROM (SELECT *, dense_rank() OVER (PARTITION BY tenant, contact ORDER BY rater) AS listener "
    "FROM rating WHERE ms > 0) l GROUP BY tenant, contact) r ON r.tenant = c.tenant "
    "AND r.contact = c.contact",
    shape=Special(_agreement),
)


def _fidelity(axis: str, column: str, *, fr: str, en: str) -> Measure:
    def work_out(reader: Reader, cut: Cut) -> Found:
        query = (
            f"SELECT {selected(cut.dims)}coalesce({column}, ''), recoded_{axis}, count(*) "  # noqa: S608 - our own parts
            f"FROM ({cut.kept}) GROUP BY ALL"
        )
        width = len(cut.dims)
        pairs: dict[Key, list[tuple[str, str]]] = {}
        for key, (count,) in rows(reader, query, width + 2).items():
            pair = (key[width] or "", key[width + 1] or "")
            pairs.setdefault(key[:width], []).extend([pair] * count)
        return {
            key: Worked(kappa(listed), {"agree": sum(a == b for a, b in listed) / len(listed)})
            for key, listed in pairs.items()
        }

    return Measure(
        slug=f"fidelity_{axis}",
        label={"fr": f"Fidélité du tracé : {fr}", "en": f"Fidelity of the trace: {en}"},
        unit="ratio",
        formula="Cohen's κ of the code traced and the code given blind by a listener",
        includes="Contacts of samples that were coded again; `agree` is the plain share.",
        edges="One and the same code throughout: null, reason one_code. A contact without a code "
        "counts as one of its own.",
        source="measures.md A17; Cohen (1960)",
        keep=f"recoded_{axis} IS NOT NULL",
        shape=Special(work_out),
    )


TOO_FAST = Measure(
    slug="clicked_through",
    label={"fr": "Étapes franchies trop vite", "en": "Steps clicked through too fast"},
    unit="share",
    formula="visits that a person left within `floor` seconds ÷ visits that a person left",
    includes="Live visits that were answered or acknowledged by staff.",
    edges="What was answered before it was asked (provided, or taken back) is not a click.",
    source="measures.md A17 (implausible dwell)",
    table="visit",
    at="entered",
    keep="NOT undone AND person AND how IN ('answered', 'acknowledged')",
    shape=Share("finished - entered < {floor} * 1000::BIGINT"),
    settings={"floor": Setting(1, "seconds in which nobody reads a step", least=0)},
)
MEASURES = (
    DUC_OBSERVED, DUC_CALIBRATED, AGREEMENT,
    _fidelity("declaration", "motive", fr="déclaration", en="declaration"),
    _fidelity("qualification", "qualification", fr="qualification", en="qualification"),
    _fidelity("action", "action", fr="action", en="action"),
    TOO_FAST,
)  # fmt: skip
