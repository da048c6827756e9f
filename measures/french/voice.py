"""What customers and listeners say, in French: formula, what is included, edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "satisfaction": (
        "réponses 4 ou 5 ÷ réponses de 1 à 5",
        "Contacts décrochés dont le client a répondu à cette question.",
        (
            "Personne n'a répondu : null. `response_rate` et `asked` sont à côté ; `weighted` "
            "donne à chaque motif et issue le poids de tous ses contacts, sur la part "
            "`weighted_reach` où quelqu'un a répondu. Ceux qui répondent ne sont pas ceux qui ne "
            "répondent pas."
        ),
    ),
    "satisfaction_link": (
        (
            "Σ par motif (satisfaits avec · insatisfaits sans ÷ n) ÷ Σ (insatisfaits avec · "
            "satisfaits sans ÷ n), satisfait valant 4 ou 5 sur 5"
        ),
        (
            "Contacts décrochés dont le client a dit sa satisfaction. `factor` dit avec quoi : une "
            "demande résolue au premier contact, ou une part utile, ou une durée de traitement, "
            "au-dessus de la médiane de ces contacts (`limit`). 1 : aucun lien ; au-dessus, les "
            "satisfaits l'ont plus souvent. Ajusté par motif (Mantel-Haenszel) ; `raw` ne l'est "
            "pas. `motives` : combien de motifs se comparent."
        ),
        (
            "Un lien, jamais une cause : ceux qui l'ont et les autres diffèrent par plus que le "
            "motif. Tous l'ont, ou tous sont satisfaits : null, raison one_value ; aucun motif où "
            "comparer : null, raison no_comparison. Marqué few si un côté en a moins de 30. "
            "L'intervalle prend les contacts comme indépendants (Robins, Breslow et Greenland). "
            "Pour once_and_done, les demandes closes depuis moins d'une fenêtre ne comptent pas ; "
            "pour useful_share, ni e-mail, ni courrier, ni réseaux sociaux."
        ),
    ),
    "satisfaction_factors": (
        (
            "exp(β) d'une régression logistique : log des cotes d'être satisfait (4 ou 5 sur 5) = "
            "motif + β₁ · résolue au premier contact + β₂ · part utile + β₃ · log de la durée de "
            "traitement"
        ),
        (
            "Contacts décrochés dont le client a dit sa satisfaction et dont les trois facteurs "
            "sont connus. Chacun est tenu à égalité des deux autres et du motif : résolue au "
            "premier contact ou non, dix points de part utile de plus, une durée deux fois plus "
            "longue. `factor` dit lequel est la valeur ; tous sont à côté. Les motifs de moins de "
            "30 réponses n'en font qu'un. `uniform` : réponses d'un motif où tous ont dit de même, "
            "qui ne comparent rien."
        ),
        (
            "Un lien, jamais une cause. Il reste : la difficulté de la demande dans son motif, ce "
            "que le client avait vécu avant, qui répond ou non ; et une demande est en partie "
            "résolue au premier contact parce qu'il fut utile, ce qui ôte à l'un et à l'autre. "
            "Moins de 10 satisfaits ou insatisfaits par facteur : null, raison few_events ; un "
            "facteur qui sépare tout : separated ; qui se déduit des autres : collinear ; qui ne "
            "varie jamais : one_value. Intervalles groupés par conseiller. Ni e-mail, ni courrier, "
            "ni réseaux sociaux (pas de part utile), ni demande close depuis moins d'une fenêtre."
        ),
    ),
    "effort": (
        "Σ réponses de 1 (pénible) à 7 (facile) ÷ réponses",
        "Contacts décrochés dont le client a répondu à cette question.",
        "Comme satisfaction. `easy` est la part des réponses à partir de 5.",
    ),
    "recommendation": (
        "(réponses 9 et 10 − réponses de 0 à 6) ÷ réponses, de −1 à 1",
        "Contacts décrochés dont le client a répondu à cette question.",
        "Comme satisfaction.",
    ),
    "found_useful": (
        "Σ réponses, de pas du tout (0) à entièrement (1) ÷ réponses",
        "Contacts décrochés dont le client a répondu à cette question.",
        (
            "Comme satisfaction. Chaque client pèse autant, quelle que soit la durée du contact :"
            " voir duc_rated."
        ),
    ),
    "duc_rated": (
        "Σ (part dite utile · temps passé par le client) ÷ Σ temps passé par le client",
        "Comme duc_experienced, des contacts dont le client a répondu. Source : dite.",
        (
            "Ce que les clients trouvent utile peut être du remplissage : `raw` en retire le "
            "temps rempli. Personne n'a répondu : null. E-mail et réseaux sociaux non comptés."
        ),
    ),
    "felt_losses": (
        "Σ pertes cochées ÷ réponses",
        (
            "Clients qui ont répondu à une question au moins. À côté, la part qui a ressenti "
            "chaque perte."
        ),
        "Rien de coché compte comme rien de ressenti.",
    ),
    "duc_observed": (
        "Σ temps trouvé utile ÷ Σ temps écouté (un rapport de sommes)",
        (
            "Contacts d'échantillons évalués par un écoutant formé, la moyenne de leurs "
            "écoutants. Source : observée."
        ),
        (
            "Rien d'évalué : null. Les contacts tirés de strates d'autres tailles ne sont pas "
            "pondérés ici : la page de l'échantillon les pondère."
        ),
    ),
    "duc_calibrated": (
        (
            "Σ sur les catégories de (part trouvée utile dans la catégorie · temps) ÷ Σ temps "
            "passé par le client"
        ),
        (
            "Tous les contacts de duc_experienced. La part d'une catégorie est celle du motif "
            "quand `least` de ses contacts ont été évalués, sinon celle de tous. Source : "
            "modelée, calibrée."
        ),
        (
            "Rien d'évalué : null. Une catégorie que personne n'a évaluée garde sa valeur "
            "modelée. `by_motive` est la part des contacts dont le motif a été évalué ; "
            "l'intervalle tient les parts pour connues."
        ),
    ),
    "rating_agreement": (
        (
            "α de Krippendorff, échelle d'intervalle, sur les secondes évaluées par deux "
            "écoutants ou plus"
        ),
        ("Secondes des contacts évalués ; `rated_twice` est la part que deux ou plus ont évaluée."),
        (
            "Sous 0,667 il est marqué `low_agreement` : les chiffres qui reposent sur des "
            "évaluations ne sont alors pas fiables. Rien d'évalué deux fois, ou une seule valeur "
            ": null."
        ),
    ),
    "fidelity_declaration": (
        "κ de Cohen entre le code tracé et celui donné à l'aveugle par un écoutant",
        "Contacts d'échantillons codés de nouveau ; `agree` est la part brute d'accord.",
        (
            "Un seul et même code partout : null, raison one_code. Un contact sans code compte "
            "comme un code à part."
        ),
    ),
    "fidelity_qualification": (
        "κ de Cohen entre le code tracé et celui donné à l'aveugle par un écoutant",
        "Contacts d'échantillons codés de nouveau ; `agree` est la part brute d'accord.",
        (
            "Un seul et même code partout : null, raison one_code. Un contact sans code compte "
            "comme un code à part."
        ),
    ),
    "fidelity_action": (
        "κ de Cohen entre le code tracé et celui donné à l'aveugle par un écoutant",
        "Contacts d'échantillons codés de nouveau ; `agree` est la part brute d'accord.",
        (
            "Un seul et même code partout : null, raison one_code. Un contact sans code compte "
            "comme un code à part."
        ),
    ),
    "clicked_through": (
        (
            "passages quittés par une personne en moins de `floor` secondes ÷ passages quittés "
            "par une personne"
        ),
        "Passages vivants répondus ou acquittés par le personnel.",
        "Ce qui fut répondu avant d'être demandé (fourni, ou repris) n'est pas un clic.",
    ),
}
"""By measure: how it is worked out, over what, what happens at the edges."""
