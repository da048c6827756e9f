"""What a report of a period holds: the same answers as the API's, in the order of a committee.

Nothing is worked out here: each figure is the desk's answer to a question. Source: issue 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from measures.asking.question import Asked
from measures.desk import Desk
from measures.irritants.reading import for_report
from measures.satisfaction_link import FACTORS
from measures.statistics.money import is_masking, masquage, rabot
from measures.streams.asking import Asked as AskedStream
from measures.streams.asking import longest, value_stream
from runtime.access import Actor, authorize

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A measure as a report shows it: cut by a dimension, or alone."""

    slug: str
    by: str | None = None
    settings: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its title, what to keep in mind reading it, its figures."""

    id: str
    title: Words
    note: Words
    parts: tuple[Part, ...]


LOSSES: Final = (
    "queue", "ivr", "lookup", "analysis", "procedure", "hold", "transfer", "repetition",
    "robot_wait", "rework", "idle", "masked",
)  # fmt: skip
KNOWN_OR_NOT: Final = ("segment", "team", "site", "provider")
"""Dimensions that a deployment need not say: what is cut by one is only told where it does."""
SECTIONS: Final = (
    Section(
        "overview",
        {"fr": "Vue d'ensemble", "en": "Overview"},
        {"fr": "Ce sur quoi reposent les chiffres figure à côté d'eux : n, intervalle à 95 %, "
               "réserves.",
         "en": "What the figures rest on stands beside them: n, 95 % interval, doubts."},
        tuple(Part(slug) for slug in (
            "contacts", "tickets", "coverage", "identification_rate", "duc_experienced",
            "once_and_done", "reiterations", "handling_time", "lead_time", "service_level",
            "satisfaction", "found_useful", "robot_share", "unattributed")),
    ),
    Section(
        "time",
        {"fr": "Où va le temps des clients", "en": "Where customers' time goes"},
        {"fr": "La DUC vécue compte l'attente et non le post-appel ; modelée d'après les classes "
               "d'étapes tant que des écoutes ne l'ont pas calibrée.",
         "en": "The useful share as experienced counts the queue and not after-call work; it is "
               "modelled from the steps' classes until listeners have calibrated it."},
        (Part("duc_experienced", "motive:1"), Part("duc_experienced", "channel"),
         Part("duc_experienced_with_abandons"), Part("duc_handling"), Part("duc_perceived"),
         Part("duc_calibrated"), Part("duc_observed"), Part("duc_rated"), Part("lost_time"),
         *(Part(f"loss_{one}") for one in LOSSES), Part("loss_deferral")),
    ),
    Section(
        "once",
        {"fr": "Réglé une fois pour toutes", "en": "Once and done"},
        {"fr": "La part dépend de la fenêtre : 7, 14 et 30 jours. Seules comptent les demandes "
               "closes depuis une fenêtre entière.",
         "en": "The share depends on its window: 7, 14 and 30 days. Only demands closed a whole "
               "window ago count."},
        (Part("once_and_done", "motive:1"), Part("once_and_done", settings="window:14"),
         Part("once_and_done", settings="window:30"), Part("once_and_done_net"),
         Part("once_and_done_strict"),
         Part("once_and_done_survival"), Part("reiteration_rate", "motive:1"),
         Part("over_budget", "motive:1"), Part("contacts_a_demand"), Part("all_reiterations"),
         Part("channel_switches")),
    ),
    Section(
        "channels",
        {"fr": "Par canal", "en": "By channel"},
        {"fr": "Chaque canal a ses propres objectifs de réponse.",
         "en": "Each channel has answer targets of its own."},
        (Part("contacts", "channel"), Part("service_level", "channel"),
         Part("handling_time", "channel"), Part("abandoned", "channel"), Part("unhandled")),
    ),
    Section(
        "lean",
        {"fr": "Délais et valeur ajoutée", "en": "Lead time and value added"},
        {"fr": "Heures d'horloge, nuits et week-ends compris.",
         "en": "Clock hours, nights and week-ends included."},
        (Part("lead_time", "motive:1"), Part("time_spent"), Part("value_added"),
         Part("value_added_ratio"), Part("waste_factor"), Part("within_target"),
         Part("exceptionally_long"),
         Part("step_delay", "step"), Part("step_time", "step")),
    ),
    Section(
        "priorities",
        {"fr": "Par quoi commencer", "en": "What to improve first"},
        {"fr": "Ce que chaque motif pourrait épargner, en monnaie si la bibliothèque dit ce que "
               "coûte une minute. Des motifs sont comparés, jamais des personnes.",
         "en": "What each motive could spare, as money where the library says what a minute "
               "costs. Motives are compared, never people."},
        (Part("recoverable", "motive:1"), Part("cost_to_serve", "motive:1"),
         Part("return_of_change"), Part("contacts", "motive:1"), Part("contact_rate", "motive:1"),
         Part("weighed", "qualification:1"), Part("declared_otherwise", "motive:1"),
         Part("not_solved"),
         Part("skipped"), Part("none_of_these"), Part("corrected"), Part("flagged")),
    ),
    Section(
        "groups",
        {"fr": "Par clientèle, équipe, site et prestataire",
         "en": "By segment, team, site and provider"},
        {"fr": "Tels qu'ils étaient au moment du contact. Rien d'un groupe de moins de cinq "
               "conseillers ; les motifs d'une équipe ne sont pas ceux d'une autre.",
         "en": "As they were at the time of the contact. Nothing of a group of fewer than five "
               "advisors; one team's motives are not another's."},
        tuple(Part(slug, by) for by in KNOWN_OR_NOT for slug in (
            "contacts", "duc_experienced", "once_and_done", "satisfaction")),
    ),
    Section(
        "voice",
        {"fr": "Ce que disent clients et écoutes", "en": "What customers and listeners say"},
        {"fr": "Ceux qui répondent ne sont pas ceux qui ne répondent pas : le taux de réponse est "
               "à côté.",
         "en": "Those who answer are not those who do not: the response rate stands beside."},
        (Part("satisfaction", "motive:1"), Part("effort"), Part("recommendation"),
         *(Part("satisfaction_factors", settings=f"factor:{one}") for one in FACTORS),
         Part("found_useful"), Part("felt_losses"), Part("rating_agreement"),
         Part("fidelity_declaration"), Part("fidelity_qualification"), Part("fidelity_action"),
         Part("clicked_through")),
    ),
)  # fmt: skip


async def report(desk: Desk, actor: Actor, asked: Asked, *, language: str) -> dict[str, Any]:
    """Return the report of a period: `{period, sections, streams, irritants, removed, as_of …}`.

    `asked` gives period, filters and comparison; each figure is the desk's own answer to them.
    `streams`, the value streams of the journeys that took longest, and `irritants`, those that are
    not closed, are of everything: there are none where there is a filter.
    `removed` says of two periods what was taken out of a contact and what was only filled.

    Raises:
        WrongQuestion, PeopleAreNotRanked, TooManyGroups: as for a measure.
    """
    authorize(actor, "measure.read")
    await desk.question(actor, "contacts", replace(asked, by=None, settings=None))
    sections = []
    heads: dict[str, Any] = {}
    for section in SECTIONS:
        figures = []
        for part in section.parts:
            question = replace(asked, by=part.by, settings=part.settings)
            found = await _answer(desk, actor, part.slug, question, language)
            if found is not None and _is_known(found, part):
                figures.append(found)
                heads = found
        if figures:
            sections.append(
                {"id": section.id, "title": section.title[language],
                 "note": section.note[language], "figures": figures}
            )  # fmt: skip
    return {
        **{name: heads[name] for name in ("period", "compared_with", "zone", "where", "as_of")},
        "language": language,
        "sections": sections,
        "streams": await _streams(desk, actor, asked, language),
        "irritants": await _irritants(desk, actor, asked),
        "removed": _removed(sections),
        "labels": await desk.labels(actor, language),
    }


async def _answer(
    desk: Desk, actor: Actor, slug: str, question: Asked, language: str
) -> dict[str, Any] | None:
    """Return an answer; None where a filter of the report is none that the measure knows."""
    if question.where and not desk.knows(slug, question.where):
        return None
    return await desk.ask(actor, slug, question, language=language)


def _is_known(found: dict[str, Any], part: Part) -> bool:
    """Return whether anybody said what an answer is cut by."""
    by = part.by
    return by not in KNOWN_OR_NOT or any(one["key"][by] is not None for one in found["groups"])


async def _streams(desk: Desk, actor: Actor, asked: Asked, language: str) -> list[dict[str, Any]]:
    """Return the value streams of the journeys that took longest; a filter splits walks."""
    if asked.where:
        return []
    listed = await longest(desk, actor, since=asked.since, until=asked.until)
    return [
        await value_stream(
            desk, actor,
            AskedStream(
                journey=journey, since=asked.since, until=asked.until, compare=asked.compare
            ),
            language=language,
        )
        for journey in listed
    ]  # fmt: skip


async def _irritants(desk: Desk, actor: Actor, asked: Asked) -> list[dict[str, Any]]:
    """Return the register: it is of everything, and not of what a filter leaves."""
    if asked.where:
        return []
    return await for_report(desk, actor, since=asked.since, until=asked.until)


def _removed(sections: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return rabot and masquage of two periods, seconds a contact; None without two figures."""
    lost, perceived = (
        next(one for section in sections for one in section["figures"] if one["slug"] == slug)[
            "total"
        ]
        for slug in ("lost_time", "duc_perceived")
    )
    before = lost.get("before")
    if before is None or lost["value"] is None or before["value"] is None:
        return None
    # Lost time holds filled time: what is left of it was not filled.
    parts = [
        (0.0, one["also"]["masked_s"], one["value"] - one["also"]["masked_s"])
        for one in (before, lost)
    ]
    removed, filled = rabot(*parts), masquage(*parts)
    told = is_masking(removed, filled, perceived.get("difference"))
    return {"rabot_s": removed, "masquage_s": filled, "is_masking": told}
