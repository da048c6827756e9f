"""The eight losses and what else is no use to the customer, in seconds a contact.

Source: the DUC article; measures.md A4, A5.
"""

from __future__ import annotations

from measures.measure import Measure
from measures.shapes import Mean, Ratio
from measures.sql import spent
from measures.times import LIVE, LOST

CAUSES = {
    "queue": "availability", "lookup": "access", "analysis": "access", "procedure": "competence",
    "hold": "availability", "transfer": "availability", "repetition": "access",
}  # fmt: skip
"""The articles' three causes, by loss."""
_LABELS = {
    "queue": ("Attente initiale", "Initial wait", "arrival to answer"),
    "lookup": ("Recherche d'information", "Looking up", "look-ups the customer waits for"),
    "analysis": ("Analyse du dossier", "Analysing the case", "steps of class analysis, or a mark"),
    "procedure": ("Recherche de la procédure", "Finding the procedure",
                  "journey search, steps of class procedure, actions done by hand"),
    "hold": ("Mise en attente pour consulter", "Hold to consult", "hold, or a side call"),
    "transfer": ("Transfert", "Transfer", "asked to accepted"),
    "repetition": ("Répétition", "Repetition", "a question whose value was already known"),
    "ivr": ("Serveur vocal", "Menu", "time in the phone's menu"),
    "rework": ("Reprise", "Rework", "steps that a correction undid"),
    "robot_wait": ("Attente d'un robot", "Waiting for a robot", "an action in the foreground"),
    "masked": ("Attente remplie (masquage)", "Filled waiting", "a loss filled with content"),
    "idle": ("Inactivité", "Idle", "no event for longer than the channel's threshold"),
}  # fmt: skip


def _loss(category: str) -> Measure:
    fr, en, rule = _LABELS[category]
    cause = CAUSES.get(category)
    column = f"ms_{category}"
    return Measure(
        slug=f"loss_{category}",
        label={"fr": f"Perte : {fr.lower()}", "en": f"Loss: {en.lower()}"},
        unit="s",
        formula=f"Σ {category} ÷ contacts",
        includes=f"Time of the category `{category}`: {rule}; abandoned contacts too."
        + (f" Cause: {cause}." if cause else ""),
        edges="`share` beside it is its part of the time customers spent. A contact without it "
        "counts as 0 s.",
        source="measures.md A4",
        shape=Mean(
            f"{column} / 1000.0",
            {"share": f"sum({column}) / nullif(sum({spent(LIVE)}), 0)",
             "contacts_with": f"count(*) FILTER ({column} > 0)"},
        ),
    )  # fmt: skip


LOST_TIME = Measure(
    slug="lost_time",
    label={"fr": "Temps sans utilité par contact", "en": "Time of no use, a contact"},
    unit="s",
    formula="Σ (all losses, filled or not) ÷ contacts",
    includes="The losses, rework, waiting for robots, menu, idle and filled time.",
    edges="Less of it in a later period is the rabot, in seconds a contact; the same with more "
    "filled time is masquage.",
    source="measures.md A5",
    shape=Mean(f"{spent(LOST)} / 1000.0", {"masked_s": "avg(ms_masked) / 1000.0"}),
    is_compared_by_mix=True,
)
DEFERRALS = Measure(
    slug="loss_deferral",
    label={"fr": "Perte : rappel différé", "en": "Loss: call-back later"},
    unit="count",
    formula="Σ call-backs promised ÷ contacts",
    includes="Waits of the kind call_back: counted, for they take no second of a contact.",
    edges="Their lead time stands in lead_time.",
    source="measures.md A4 (L8)",
    shape=Mean("deferrals", {"contacts_with": "count(*) FILTER (deferrals > 0)"},
               has_quantiles=False),
)  # fmt: skip
UNATTRIBUTED = Measure(
    slug="unattributed",
    label={"fr": "Temps non attribué", "en": "Time not attributed"},
    unit="share",
    formula="Σ unattributed ÷ Σ time of contacts",
    includes="All categories of all contacts.",
    edges="Above 5 % every other figure of time is marked incomplete.",
    source="measures.md A4",
    shape=Ratio("ms_unattributed", f"({spent(LIVE)} + ms_after_call + ms_deferral)"),
)
MEASURES = (*(_loss(category) for category in _LABELS), LOST_TIME, DEFERRALS, UNATTRIBUTED)
