"""The useful share over many contacts: experienced, with abandons, of handling, on average.

Source: the DUC article; measures.md A3, findings 1 to 3.
"""

from __future__ import annotations

from measures.measure import Measure, Setting
from measures.shapes import Mean, Ratio
from measures.sql import listed, spent
from measures.times import ASYNCHRONOUS, HANDLED, LIVE

USEFUL = "(ms_useful + CASE WHEN '{identification}' = 'useful' THEN ms_identification ELSE 0 END)"
IDENTIFICATION = Setting("not_useful", "whether identification counts as useful",
                         ("not_useful", "useful"))  # fmt: skip
NOT_CALIBRATED = ("not_calibrated",)
"""Until ratings say what each category is worth to customers. Source: measures.md A1."""
_SYNCHRONOUS = f"channel NOT IN {listed(ASYNCHRONOUS)}"
_PARTS = {"useful_s": f"sum({USEFUL}) / 1000.0", "spent_s": f"sum({spent(LIVE)}) / 1000.0"}
_EDGES = (
    "No time spent: null. E-mail and social: not counted, the customer's own time is unknown. "
    "Modelled from the steps' classes and not calibrated by ratings."
)

DUC_EXPERIENCED = Measure(
    slug="duc_experienced",
    label={"fr": "DUC vécue (attente comprise)", "en": "Useful share, as experienced"},
    unit="share",
    formula="Σ useful time ÷ Σ time the customer spent (a ratio of sums)",
    includes="Queue, menu, talk, hold and idle time; not after-call work; answered contacts.",
    edges=_EDGES,
    source="the DUC article; measures.md A3",
    shape=Ratio(USEFUL, spent(LIVE), _PARTS),
    keep=f"NOT abandoned AND {_SYNCHRONOUS}",
    settings={"identification": IDENTIFICATION},
    marks=NOT_CALIBRATED,
)
DUC_EXPERIENCED_WITH_ABANDONS = Measure(
    slug="duc_experienced_with_abandons",
    label={"fr": "DUC vécue, abandons compris", "en": "Useful share, abandons included"},
    unit="share",
    formula="Σ useful time ÷ Σ time customers spent, those who gave up included",
    includes="As duc_experienced, and the waiting of contacts nobody answered: none was useful.",
    edges=_EDGES + " Losing callers never improves it.",
    source="measures.md A1 (abandoned), A3",
    shape=Ratio(USEFUL, spent(LIVE), _PARTS),
    keep=_SYNCHRONOUS,
    settings={"identification": IDENTIFICATION},
    marks=NOT_CALIBRATED,
)
DUC_HANDLING = Measure(
    slug="duc_handling",
    label={"fr": "DUC du traitement (post-appel compris)", "en": "Useful share of handling"},
    unit="share",
    formula="Σ useful time ÷ Σ handling time",
    includes="Talk, hold, idle and after-call work; not queue or menu; answered contacts.",
    edges="No time spent: null. Counted on every channel.",
    source="measures.md A3, finding 1",
    shape=Ratio(USEFUL, spent(HANDLED)),
    keep="NOT abandoned",
    settings={"identification": IDENTIFICATION},
    marks=NOT_CALIBRATED,
)
DUC_MEAN_OF_RATIOS = Measure(
    slug="duc_mean_of_ratios",
    label={"fr": "DUC du client moyen", "en": "Useful share of the average customer"},
    unit="share",
    formula="(1 ÷ n) Σ useful time of a contact ÷ its time spent",
    includes="As duc_experienced, each contact with the same weight.",
    edges="A contact without any time is left out.",
    source="measures.md A3, finding 2",
    shape=Mean(f"{USEFUL} / {spent(LIVE)}", most=1.0),
    keep=f"NOT abandoned AND {_SYNCHRONOUS} AND {spent(LIVE)} > 0",
    settings={"identification": IDENTIFICATION},
    marks=NOT_CALIBRATED,
)
PERCEIVED_SHARE = Measure(
    slug="duc_perceived",
    label={"fr": "DUC perçue (temps rempli compris)", "en": "Useful share, filled time included"},
    unit="share",
    formula="Σ (useful + filled time) ÷ Σ time the customer spent",
    includes="As duc_experienced; losses filled with content count as perceived useful.",
    edges="A gain here without one in duc_experienced is masquage: nothing was removed.",
    source="measures.md A5",
    shape=Ratio(f"({USEFUL} + ms_masked)", spent(LIVE)),
    keep=f"NOT abandoned AND {_SYNCHRONOUS}",
    settings={"identification": IDENTIFICATION},
    marks=NOT_CALIBRATED,
)
MEASURES = (
    DUC_EXPERIENCED, DUC_EXPERIENCED_WITH_ABANDONS, DUC_HANDLING, DUC_MEAN_OF_RATIOS,
    PERCEIVED_SHARE,
)  # fmt: skip
