"""Costs, budgets and targets in French: formula, what is included, edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from measures.french.demands import COUNTED

TEXTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "once_and_done_net": (
        "comme once_and_done, sur les seuls motifs qui peuvent se régler en un contact",
        "Motifs dont le budget de contacts est 1, d'après la bibliothèque (`tickets`).",
        "Comme once_and_done.",
    ),
    "over_budget": (
        "demandes à plus de contacts que `budget` ÷ demandes",
        "Le budget est ce que la bibliothèque dit du motif, 1 si elle n'en dit rien.",
        COUNTED,
    ),
    "contacts_a_demand": (
        "Σ contacts entrants ÷ demandes",
        (
            "`expected`, à côté, est la moyenne de ce que la bibliothèque dit nécessaire aux "
            "motifs ; `beyond` est Σ contacts au-delà ÷ demandes."
        ),
        COUNTED,
    ),
    "within_target": (
        "demandes closes dans le délai cible de leur motif ÷ demandes closes",
        (
            "Du premier contact à la clôture, en heures d'horloge. La cible est celle du motif "
            "dans la bibliothèque."
        ),
        (
            "Les motifs sans cible sont laissés de côté. Demandes ouvertes : voir "
            "exceptionally_long."
        ),
    ),
    "cost_to_serve": (
        (
            "Σ (minutes de conseiller · coût ÷ occupation + minutes internes · coût + coût de "
            "chaque contact selon le canal + passages de robot · coût + gestes) ÷ demandes"
        ),
        (
            "Demandes closes, tous leurs contacts. Les coûts unitaires sont ceux de la "
            "bibliothèque (`costs`) ; un geste est le `cost` du code de son action. "
            "`by_resolved` est Σ coût ÷ demandes résolues."
        ),
        (
            "Rien n'est dit du coût d'une minute : null, raison no_costs. Un contact sur deux "
            "demandes a la moitié de son temps dans chacune ; le coût de son canal y compte deux "
            "fois."
        ),
    ),
    "return_of_change": (
        (
            "n · coût · h · (1 + R) − n · coût · (h · factor) · (1 + R · (1 − spared) · "
            "(1 + longer))"
        ),
        (
            "Demandes closes à un contact au moins ; h minutes par contact et R réitérations par "
            "demande, telles que mesurées. `break_even` : réitérations par demande auxquelles le "
            "changement ne coûte rien."
        ),
        (
            "Une simulation, marquée `assumed` : factor, spared et longer sont de l'auteur. Un "
            "seuil négatif dit que le temps de traitement seul ne peut pas le payer."
        ),
    ),
    "weighed": (
        "Σ poids du code de `axis`",
        (
            "Contacts décrochés, chacun par son code principal : son poids propre dans la "
            "bibliothèque, son coût, son insatisfaction ou ses secondes (`weigh`)."
        ),
        (
            "Un code qui ne dit rien a le poids du plus proche au-dessus ; à défaut, 1 pour "
            "`weight` et 0 pour les autres. `share`, à côté d'un groupe, est sa part du tout."
        ),
    ),
    "action_effect": (
        ("Σ poids · (demandes réglées d'emblée ÷ demandes), par motif, qualification et canal"),
        (
            "Demandes closes de clients connus, réglées au sens de once_and_done. À demander avec "
            "by=action et where=qualification:… ; chaque action est pesée par le mélange de "
            "toutes, sur la part `reach` où elle fut prise. `raw` est son propre mélange ; "
            "`reiterations` sont par demande."
        ),
        (
            "Qui prend une action n'est pas tiré au sort : c'est quoi essayer, non ce qu'elle a "
            "causé. Une strate d'une seule demande laisse l'intervalle de côté (`thin_stratum`)."
        ),
    ),
    "prevention": (
        "part revenue pour ce que l'action devait éviter, avec elle − sans elle",
        (
            "Demandes closes de clients connus ; actions dont le code dit `prevents`. Sans elle : "
            "demandes d'une qualification pour laquelle elle fut prise ailleurs. Revenue : dans "
            "la fenêtre, pour la déclaration à éviter ou au-dessous. Négatif : moins reviennent."
        ),
        (
            "Tous l'ont eue, ou personne : null, raison no_comparison. Avec plusieurs de ces "
            "actions une demande compte pour chacune : demander by=action."
        ),
    ),
}
"""By measure: how it is worked out, over what, what happens at the edges."""
