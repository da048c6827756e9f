"""What people are told of the ticket that a session belongs to: which, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "same": {
        "fr": "Suite de la demande en cours du client : même motif, même objet.",
        "en": "Goes on with the customer's open request: same subject, same object.",
    },
    "again": {
        "fr": "Demande rouverte : le client revient pour le même motif et le même objet.",
        "en": "Request opened again: the customer comes back for the same subject and object.",
    },
    "object.unsaid": {
        "fr": "Rattachée à la seule demande en cours sur ce motif ; l'objet n'est pas encore dit.",
        "en": "Attached to the only open request on this subject; the object was not said yet.",
    },
    "object.unsaid.new": {
        "fr": "Nouvelle demande tant que l'objet n'est pas dit : une autre a ce motif.",
        "en": "A new request until the object is said: another one is on this subject.",
    },
    "several": {
        "fr": "Nouvelle demande tant que l'objet n'est pas dit : plusieurs ont ce motif.",
        "en": "A new request until the object is said: several are on this subject.",
    },
    "object.other": {
        "fr": "Nouvelle demande : même motif qu'une autre, pour un autre objet.",
        "en": "A new request: the subject of an earlier one, about another object.",
    },
    "window.over": {
        "fr": "Nouvelle demande : la précédente sur ce motif est trop ancienne.",
        "en": "A new request: the earlier one on this subject is too long ago.",
    },
    "motive.other": {
        "fr": "Nouvelle demande : les autres du client ont un autre motif.",
        "en": "A new request: the customer's others are on other subjects.",
    },
    "motive.unknown": {
        "fr": "Le motif n'est pas encore dit.",
        "en": "The subject was not said yet.",
    },
    "corrected": {
        "fr": "Demande choisie à la main.",
        "en": "Request chosen by hand.",
    },
}


def told(what: str, reason: str, language: str) -> str:
    """Return why a session belongs to its ticket, for people; English where there is no other."""
    text = TEXTS[f"{reason}.new" if (what, reason) == ("new", "object.unsaid") else reason]
    return text["fr" if language.startswith("fr") else "en"]
