"""What may be wrong with a question about measures: a code and a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from runtime.errors import Failure


class UnknownMeasure(Failure):
    """There is no measure of that name."""

    CODE: ClassVar[str] = "measure.unknown"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Il n'y a pas d'indicateur de ce nom : GET /v1/measures les liste.",
        "en": "There is no measure of that name: GET /v1/measures lists them.",
    }


class WrongQuestion(Failure):
    """A dimension, filter, period or setting is not one that this measure has."""

    CODE: ClassVar[str] = "measure.wrong-question"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Dimension, filtre, période ou réglage impossible pour cet indicateur.",
        "en": "This measure has no such dimension, filter, period or setting.",
    }


class PeopleAreNotRanked(Failure):
    """Figures of single people are asked for."""

    CODE: ClassVar[str] = "measure.people"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Aucun indicateur n'est donné ni classé par personne (garde-fou de Campbell).",
        "en": "No measure is given, or ranked, by person (Campbell's safeguard).",
    }


class OwnFiguresOff(Failure):
    """The deployment does not open an advisor's own figures to them."""

    CODE: ClassVar[str] = "measure.own-off"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ce déploiement n'ouvre pas à chacun ses propres chiffres (réglage own_figures).",
        "en": "This deployment does not open one's own figures (setting own_figures).",
    }


class TooManyGroups(Failure):
    """The question cuts the facts into more groups than anybody reads."""

    CODE: ClassVar[str] = "measure.too-many-groups"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Trop de groupes : ajoutez un filtre, ou prenez un niveau plus haut.",
        "en": "Too many groups: add a filter, or take a higher level.",
    }


class OwnContact(Failure):
    """Who asks to rate a contact handled it."""

    CODE: ClassVar[str] = "sample.own-contact"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "On n'évalue pas un contact que l'on a traité : une autre personne l'écoute.",
        "en": "Nobody rates a contact they handled: somebody else listens to it.",
    }


class FactsAway(Failure):
    """The database that holds the facts does not answer, or holds none yet."""

    CODE: ClassVar[str] = "measure.facts-away"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "ClickHouse, où sont les faits, ne répond pas, ou n'en a pas encore : réessayez.",
        "en": "ClickHouse, which holds the facts, does not answer, or has none yet: try again.",
    }


class ExtraMissing(Failure):
    """What is asked for needs a library that was not installed with the service."""

    CODE: ClassVar[str] = "measure.extra-missing"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Il manque une bibliothèque : installez parcours[report,xlsx].",
        "en": "A library is missing: install parcours[report,xlsx].",
    }


class IrritantChanged(Failure):
    """The version named is not the latest: somebody changed the irritant meanwhile."""

    CODE: ClassVar[str] = "irritant.changed"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "L'irritant a changé entre-temps : relisez-le, puis redonnez sa version.",
        "en": "The irritant has changed meanwhile: read it again, then give its version.",
    }
