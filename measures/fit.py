"""How well the script fits: what people skip, cannot answer, flag, correct or do by hand.

Source: issue 6 (script fit per step); measures.md A17, A18.
"""

from __future__ import annotations

from measures.measure import Measure
from measures.shapes import Mean, Share

_PERSON = "how IN ('answered', 'acknowledged', 'skipped', 'none', 'by_hand', 'not_done')"


def _per_visit(
    slug: str, *, label: dict[str, str], hits: str, formula: str, includes: str
) -> Measure:
    return Measure(
        slug=slug,
        label=label,
        unit="share",
        formula=formula,
        includes=includes,
        edges="By step it says where; a step nobody came to has none.",
        source="issue 6: script fit",
        table="visit",
        at="entered",
        keep=_PERSON,
        shape=Share(hits),
    )


SKIPS = _per_visit(
    "skipped",
    label={"fr": "Étapes passées", "en": "Steps skipped"},
    hits="how = 'skipped'",
    formula="visits skipped ÷ visits that a person left",
    includes="Visits that a person answered, acknowledged, skipped or did by hand.",
)
NONE_OF_THESE = _per_visit(
    "none_of_these",
    label={"fr": "« Aucun de ces choix »", "en": "None of these"},
    hits="how = 'none'",
    formula="visits left by `none of these` ÷ visits that a person left",
    includes="As skipped.",
)
CORRECTED = _per_visit(
    "corrected",
    label={"fr": "Étapes défaites par une correction", "en": "Steps undone by a correction"},
    hits="undone",
    formula="visits undone and not brought back ÷ visits that a person left",
    includes="As skipped, undone ones too.",
)
FLAGS = Measure(
    slug="flagged",
    label={"fr": "Signalements par passage", "en": "Flags a visit"},
    unit="count",
    formula="Σ flags ÷ visits",
    includes="Visits of the live path and undone ones.",
    edges="A flag that names no visit is not counted.",
    source="issue 6: script fit",
    table="visit",
    at="entered",
    shape=Mean("flags", has_quantiles=False),
)
NOT_SOLVED = Measure(
    slug="not_solved",
    label={"fr": "Contacts non résolus", "en": "Contacts not solved"},
    unit="share",
    formula="contacts ended unresolved, refused, put off, abandoned in the walk or transferred, "
    "and not resolved ÷ contacts whose session ended or was transferred",
    includes="Answered contacts.",
    edges="A session that goes on in a later contact counts there.",
    source="measures.md A18 (not solved)",
    keep="NOT abandoned AND (outcome IS NOT NULL OR transfers > 0)",
    shape=Share("coalesce(outcome, '') <> 'resolved'"),
)
TRANSFERS = Measure(
    slug="transfers",
    label={"fr": "Transferts par contact", "en": "Transfers a contact"},
    unit="count",
    formula="Σ transfers asked ÷ contacts",
    includes="Answered contacts; hand-overs between roles are not transfers.",
    edges="A transfer that is declined counts: it was asked.",
    source="measures.md A4 (L6)",
    keep="NOT abandoned",
    shape=Mean("transfers", {"contacts_with": "count(*) FILTER (transfers > 0)"},
               has_quantiles=False),
)  # fmt: skip
IDENTIFIED = Measure(
    slug="identification_rate",
    label={"fr": "Part de contacts identifiés", "en": "Contacts with a known customer"},
    unit="share",
    formula="contacts whose customer is known ÷ contacts",
    includes="All contacts that are over.",
    edges="It bounds once_and_done and unhandled.",
    source="measures.md A1",
    shape=Share("customer IS NOT NULL"),
)
COVERAGE = Measure(
    slug="coverage",
    label={"fr": "Couverture par les parcours", "en": "Contacts that a journey served"},
    unit="share",
    formula="contacts with a session ÷ contacts known to the channel",
    includes="Answered contacts.",
    edges="Contacts that no channel told of are not known here.",
    source="measures.md A1, A17",
    keep="NOT abandoned",
    shape=Share("sessions > 0"),
)
MEASURES = (SKIPS, NONE_OF_THESE, CORRECTED, FLAGS, NOT_SOLVED, TRANSFERS, IDENTIFIED, COVERAGE)
