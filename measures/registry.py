"""Every figure of a contact and every measure, one line each."""

from __future__ import annotations

from measures import (
    axes,
    causes,
    contact_rate,
    costs,
    durations,
    fit,
    lean,
    long_journeys,
    losses,
    once_and_done,
    priority,
    rated,
    reiterations,
    response,
    robots,
    satisfaction,
    satisfaction_factors,
    satisfaction_link,
    useful_share,
)
from measures.duc import DUC_EXPERIENCED, DUC_HANDLING, DUC_MEAN_OF_RATIOS, UNATTRIBUTED
from measures.figure import Figure
from measures.handling import CONVERSATION_TIME, HANDLING_TIME
from measures.measure import Measure, with_quantiles

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
"""Figures of the contacts of one session, worked out at once from its ledger."""
MEASURES: dict[str, Measure] = {
    measure.slug: with_quantiles(measure)
    for measure in (
        *useful_share.MEASURES,
        *durations.MEASURES,
        *losses.MEASURES,
        *lean.MEASURES,
        *once_and_done.MEASURES,
        *reiterations.MEASURES,
        *response.MEASURES,
        *long_journeys.MEASURES,
        *axes.MEASURES,
        *fit.MEASURES,
        *robots.MEASURES,
        *priority.MEASURES,
        *costs.MEASURES,
        *causes.MEASURES,
        *contact_rate.MEASURES,
        *satisfaction.MEASURES,
        *satisfaction_link.MEASURES,
        *satisfaction_factors.MEASURES,
        *rated.MEASURES,
    )
}
"""Measures over many contacts, demands or visits, worked out from the facts."""
