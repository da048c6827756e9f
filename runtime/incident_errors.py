"""What may go wrong with an incident; see `runtime.errors`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from runtime.errors import Failure


class IncidentStale(Failure):
    """The version named is not the latest written: somebody changed it meanwhile."""

    CODE: ClassVar[str] = "incident.stale"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "L'incident a changé entre-temps : relisez sa dernière version.",
        "en": "The incident has changed meanwhile: read its latest version again.",
    }


class IncidentOver(Failure):
    """The incident has ended; nothing of it changes any more."""

    CODE: ClassVar[str] = "incident.over"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Cet incident est terminé : ouvrez-en un autre.",
        "en": "This incident has ended: open another one.",
    }


class OwnDraft(Failure):
    """Somebody else than its author must validate the message."""

    CODE: ClassVar[str] = "incident.own-draft"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Une autre personne que l'auteur doit valider ce message.",
        "en": "Somebody other than its author must validate this message.",
    }


class Contradiction(Failure):
    """A variant says a figure that the text does not say."""

    CODE: ClassVar[str] = "incident.contradiction"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Une variante annonce un chiffre que le texte ne dit pas : un canal en contredirait "
        "un autre.",
        "en": "A variant says a figure that the text does not: one channel would contradict "
        "another.",
    }


class NotInScope(Failure):
    """The incident does not concern that session now."""

    CODE: ClassVar[str] = "incident.not-in-scope"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Cet incident ne concerne pas, ou plus, cette session.",
        "en": "This incident does not, or no longer, concern this session.",
    }
