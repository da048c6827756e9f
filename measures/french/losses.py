"""The losses in French: each its rule and its cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_RULES: Final = {
    "queue": "de l'arrivée au décroché ; cause : disponibilité",
    "lookup": "recherches que le client attend ; cause : accès",
    "analysis": "étapes de classe analysis, ou un repère ; cause : accès",
    "procedure": "recherche du parcours, étapes de classe procedure, actions à la main ; cause : "
    "compétence",
    "hold": "attente en ligne, ou appel à côté ; cause : disponibilité",
    "transfer": "de la demande à la prise ; cause : disponibilité",
    "repetition": "question dont la valeur était déjà connue ; cause : accès",
    "ivr": "temps dans le menu vocal",
    "rework": "étapes qu'une correction a défaites",
    "robot_wait": "une action devant le client",
    "masked": "une perte remplie d'un contenu",
    "idle": "aucun événement plus longtemps que le seuil du canal",
}
TEXTS: Final[Mapping[str, tuple[str, str, str]]] = {
    f"loss_{category}": (
        f"Σ {category} ÷ contacts",
        f"Temps de la catégorie `{category}` : {rule}. Contacts abandonnés compris.",
        "`share`, à côté, est sa part du temps des clients. Sans elle, un contact compte 0 s.",
    )
    for category, rule in _RULES.items()
}
"""By measure: how it is worked out, over what, what happens at the edges."""
