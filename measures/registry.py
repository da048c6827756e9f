"""Every figure, one line each."""

from __future__ import annotations

from measures.duc import DUC_EXPERIENCED, DUC_HANDLING, DUC_MEAN_OF_RATIOS, UNATTRIBUTED
from measures.figure import Figure
from measures.handling import CONVERSATION_TIME, HANDLING_TIME

FIGURES: dict[str, Figure] = {
    figure.id: figure
    for figure in (
        DUC_EXPERIENCED,
        DUC_HANDLING,
        DUC_MEAN_OF_RATIOS,
        UNATTRIBUTED,
        CONVERSATION_TIME,
        HANDLING_TIME,
    )
}
