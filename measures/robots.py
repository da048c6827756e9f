"""What robots did, and what that spared. Source: domain.md (le rabot); measures.md A1 and A12."""

from __future__ import annotations

from measures.measure import Measure
from measures.shapes import Mean, Share

ROBOT_SHARE = Measure(
    slug="robot_share",
    label={"fr": "Part des robots", "en": "Done by robots"},
    unit="share",
    formula="actions a robot did ÷ actions",
    includes="Live visits of automated steps, done by the robot or by hand in its place.",
    edges="An action that a robot was refused was answered, and counts as done by it.",
    source="issue 6: robot share",
    table="visit",
    at="entered",
    keep="NOT undone AND (how IN ('succeeded', 'refused', 'behind', 'failed', 'by_hand'))",
    shape=Share("how IN ('succeeded', 'refused', 'behind')",
                {"by_hand": "count(*) FILTER (how = 'by_hand')"}),
)  # fmt: skip
BEHIND_TALK = Measure(
    slug="work_behind_talk",
    label={"fr": "Travail en parallèle par contact", "en": "Work behind talk, a contact"},
    unit="s",
    formula="Σ time of actions behind talk ÷ contacts",
    includes="Answered contacts. It cost the customer nothing: a rabot, and not a masquage.",
    edges="A contact without any counts as 0 s.",
    source="measures.md A1",
    keep="NOT abandoned",
    shape=Mean("behind_ms / 1000.0"),
)
MACHINE_TIME = Measure(
    slug="machine_time",
    label={"fr": "Temps de machine par contact", "en": "Machine time, a contact"},
    unit="s",
    formula="Σ time of automated actions ÷ contacts",
    includes="Answered contacts; in the foreground and behind talk.",
    edges="Retries count within their action.",
    source="measures.md A12",
    keep="NOT abandoned",
    shape=Mean("robot_ms / 1000.0"),
)
MEASURES = (ROBOT_SHARE, BEHIND_TALK, MACHINE_TIME)
