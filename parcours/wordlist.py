"""The words of the domain as people read them, in French and English."""

from __future__ import annotations

from typing import Final

CATEGORIES: Final[dict[str, tuple[str, str]]] = {
    "useful": ("temps utile", "useful"),
    "identification": ("identification", "identification"),
    "ivr": ("serveur vocal", "voice menu"),
    "queue": ("attente", "queueing"),
    "lookup": ("recherche d'information", "looking up"),
    "analysis": ("analyse", "analysis"),
    "procedure": ("procédure", "procedure"),
    "hold": ("mise en attente", "hold"),
    "transfer": ("transfert", "transfer"),
    "repetition": ("répétition", "repetition"),
    "deferral": ("report", "deferral"),
    "robot_wait": ("attente du robot", "waiting for the robot"),
    "masked": ("masquage", "masked"),
    "rework": ("reprise", "rework"),
    "after_call": ("après l'appel", "after the call"),
    "idle": ("inactivité", "idle"),
    "unattributed": ("non attribué", "not attributed"),
}
"""Categories of time, in the order of measures.md A1."""

AXES: Final[dict[str, tuple[str, str]]] = {
    "declaration": ("Déclaré", "Declared"),
    "qualification": ("Constaté", "Found"),
    "action": ("Fait", "Done"),
}

OUTCOMES: Final[dict[str, tuple[str, str]]] = {
    "resolved": ("résolu", "resolved"),
    "deferred": ("différé", "deferred"),
    "transferred": ("transféré", "transferred"),
    "refused": ("refusé", "refused"),
    "abandoned": ("abandonné", "abandoned"),
    "unresolved": ("non résolu", "unresolved"),
}


COLON: Final = {"fr": " : ", "en": ": "}
"""What stands between a title and what it is the title of: French puts a space before it."""


def word(table: dict[str, tuple[str, str]], name: str, language: str) -> str:
    """Return a word in `fr` or `en`; the name itself where the table has none."""
    fr, en = table.get(name, (name, name))
    return fr if language == "fr" else en
