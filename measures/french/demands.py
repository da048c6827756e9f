"""Demands, answers in time, axes and script, in French: formula, what is included, edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COUNTED: Final = (
    "Demandes closes depuis assez longtemps. Ne comptent ni les contacts sortants, ni celui qui "
    "revient par le même canal dans les cinq minutes d'une ligne coupée."
)
TEXTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "contact_rate": (
        (
            "contacts entrants ÷ Σ par mois de (clients, commandes … du mois · part du mois dans "
            "la période)"
        ),
        (
            "Contacts entrants, abandonnés compris. `of` nomme ce par quoi on divise, tel qu'il a "
            "été apporté : des clients donnent des contacts par client et par mois, des commandes "
            "des contacts par commande."
        ),
        (
            "Un mois de la période pour lequel rien n'a été apporté : null, raison no_volumes. "
            "Chaque groupe est divisé par le tout. L'intervalle tient les contacts pour "
            "indépendants (Byar)."
        ),
    ),
    "once_and_done": (
        (
            "demandes à un seul contact entrant, résolues, non rouvertes, et plus rien dans la "
            "fenêtre ÷ demandes closes"
        ),
        (
            "Demandes closes ; un nouveau contact compte s'il est du même client, pour le même "
            "motif. Les contacts sortants ne comptent pas."
        ),
        (
            "Seules comptent les demandes closes depuis une fenêtre entière (cohorte à fenêtre "
            "complète). Une demande sans client connu est prise comme jamais revenue : "
            "`bound_low` et `bound_high` disent entre quoi cela laisse la part. La case cochée "
            "par un conseiller ne prouve rien."
        ),
    ),
    "once_and_done_strict": (
        "comme once_and_done, et aussi sans transfert ni contact interne",
        (
            "Demandes closes ; un nouveau contact compte s'il est du même client, pour le même "
            "motif."
        ),
        "Comme once_and_done.",
    ),
    "once_and_done_survival": (
        "estimation de Kaplan-Meier, à la fenêtre, d'aller sans nouveau contact",
        (
            "Toutes les demandes closes, les plus jeunes aussi : chacune compte le temps de son "
            "suivi."
        ),
        (
            "Une demande qui a pris plusieurs contacts, ou non résolue, échoue aussitôt. "
            "Intervalle de Greenwood. Marquée `short_follow_up` quand personne n'a été suivi une "
            "fenêtre entière."
        ),
    ),
    "reiterations": (
        "Σ (contacts entrants − 1) ÷ demandes",
        "Contacts d'une demande, quel que soit le canal.",
        COUNTED,
    ),
    "internal_reiterations": (
        "Σ contacts internes ÷ demandes",
        "Contacts d'une demande, quel que soit le canal.",
        COUNTED,
    ),
    "all_reiterations": (
        "Σ (contacts entrants − 1 + contacts internes) ÷ demandes",
        "Contacts d'une demande, quel que soit le canal.",
        COUNTED,
    ),
    "reiteration_rate": (
        "demandes à plus de contacts que `budget` ÷ demandes",
        "Le budget est 1 sauf mention : tout contact de plus est un contact de trop.",
        COUNTED,
    ),
    "channel_switches": (
        "Σ contacts par un autre canal que le précédent ÷ Σ réitérations",
        "Contacts entrants et sortants, dans l'ordre.",
        "Aucune réitération : null.",
    ),
    "tickets": (
        "nombre de demandes",
        "Closes dans la période ; par canal, c'est celui du premier contact.",
        "Aucune : null avec sa raison, et non 0.",
    ),
    "service_level": (
        "selon son réglage `formula` ; décrochés à temps ÷ (décrochés + abandonnés après 5 s)",
        (
            "Contacts entrants terminés des canaux où l'on répond en direct. Les objectifs sont "
            "ceux de la bibliothèque par canal (`answer_within`) ; où elle n'en dit pas, téléphone "
            "60 s, chat 30 s, e-mail 24 h, réseaux sociaux 30 min. Un canal sans objectif est "
            "laissé de côté."
        ),
        (
            "Cinq formules ont cours et donnent cinq chiffres pour un même jour : celle qui sert "
            "fait partie de la réponse."
        ),
    ),
    "on_time": (
        "répondus dans l'objectif ÷ tous ceux dont l'objectif est échu",
        (
            "E-mails et messages sociaux entrants reçus dans la période. Objectifs comme pour "
            "service_level."
        ),
        (
            "Sans réponse au-delà de l'objectif est un échec, et non un manque ; celui dont le "
            "temps n'est pas échu ne compte pas."
        ),
    ),
    "response_time": (
        "médiane de (réponse − arrivée)",
        (
            "Contacts entrants répondus ; moyenne et P90 à côté. Un message a sa réponse quand "
            "elle part, et non à l'ouverture ; clos sans réponse, quand on le clôt."
        ),
        (
            "Ceux qui n'ont jamais eu de réponse n'y sont pas : voir service_level, on_time et "
            "abandoned."
        ),
    ),
    "abandoned": (
        "contacts restés sans réponse ÷ contacts présentés",
        "Contacts entrants terminés.",
        "Chaque tentative compte : voir unhandled pour les demandes.",
    ),
    "unhandled": (
        "abandonnés, et pas retentés dans les 30 minutes ÷ (répondus + ceux-là)",
        (
            "Contacts entrants terminés ; la nouvelle tentative d'un même client, par tout canal,"
            " dans les 30 minutes n'est pas une demande à part."
        ),
        "On ne voit pas un appelant inconnu retenter : chaque tentative compte.",
    ),
    "exceptionally_long": (
        (
            "signalées ÷ demandes ouvertes dans la période ; signalée : plus vieille que "
            "l'objectif et que le P95 de son motif et canal, ou plus de contacts que le budget, "
            "ou deux transferts"
        ),
        (
            "Demandes ouvertes à leur âge actuel, et closes à leur délai. Le P95 est celui des "
            "demandes closes à partir de 50, sinon de tous les motifs."
        ),
        (
            "Une demande ouverte est signalée avant d'être close. Les scores d'aberrance ne "
            "servent pas : sur de vrais journaux ils n'ont rien trouvé."
        ),
    ),
    "contacts": (
        "nombre de contacts",
        "Contacts terminés dans la période, abandonnés compris (`abandoned` à côté).",
        (
            "Par un axe, chaque contact compte une fois, sous son code principal ; `share` est sa"
            " part du tout : avec where=motive:… et by=qualification, c'est P(qualification | "
            "déclaration)."
        ),
    ),
    "seconds": (
        "Σ (échange + attente en ligne + post-appel)",
        "Contacts décrochés : les axes pesés par le temps, et non par le nombre.",
        "Comme contacts.",
    ),
    "not_qualified": (
        "contacts dont le parcours a fini sans qualification ÷ contacts avec une session",
        "Contacts décrochés servis par un parcours.",
        "Sans session, rien ne pouvait être trouvé : ces contacts sont laissés de côté.",
    ),
    "declared_otherwise": (
        (
            "contacts dont la qualification n'est aucune de celles qui correspondent à leur "
            "déclaration ÷ contacts comparables"
        ),
        (
            "Contacts décrochés avec une déclaration et une qualification, chacune par son code "
            "principal, dont la déclaration, ou une au-dessus, dit `corresponds` dans la "
            "bibliothèque."
        ),
        (
            "Le code le plus proche au-dessus qui le dit compte, et avec chaque qualification tout"
            " ce qui est en dessous. Aucune bibliothèque ne le dit de rien, ou d'aucun de ces "
            "contacts : null, raison no_map. Élevé n'est pas une faute : le client ne peut pas "
            "savoir. Il dit quelles déclarations trompent qui compte par elles seules ; demandez "
            "by=motive, et by=qualification ce qu'elles se révèlent être."
        ),
    ),
    "axis_entropy": (
        "H(second | premier) = −Σ p(premier, second) log₂ p(second | premier)",
        ("Codes principaux des contacts décrochés ; un code absent compte comme un code à part."),
        "0 : le premier axe dit le second. Le réglage `pair` choisit les axes.",
    ),
    "axis_association": (
        "√(χ² ÷ n ÷ (min(lignes, colonnes) − 1))",
        "Comme axis_entropy.",
        "Un axe à une seule valeur : null, raison one_value.",
    ),
    "skipped": (
        "passages passés ÷ passages quittés par une personne",
        "Passages qu'une personne a répondus, acquittés, passés ou faits à la main.",
        "Par étape, il dit où ; une étape où personne n'est venu n'en a pas.",
    ),
    "none_of_these": (
        "passages quittés par « aucun de ces choix » ÷ passages quittés par une personne",
        "Comme skipped.",
        "Par étape, il dit où ; une étape où personne n'est venu n'en a pas.",
    ),
    "corrected": (
        "passages défaits et non repris ÷ passages quittés par une personne",
        "Comme skipped, défaits compris.",
        "Par étape, il dit où ; une étape où personne n'est venu n'en a pas.",
    ),
    "flagged": (
        "Σ signalements ÷ passages",
        "Passages du chemin vivant et passages défaits.",
        "Un signalement qui ne nomme aucun passage n'est pas compté.",
    ),
    "not_solved": (
        (
            "contacts finis non résolus, refusés, remis à plus tard, abandonnés en route ou "
            "transférés, et non résolus ÷ contacts dont la session a fini ou fut transférée"
        ),
        "Contacts décrochés.",
        "Une session qui continue dans un contact suivant y compte.",
    ),
    "transfers": (
        "Σ transferts demandés ÷ contacts",
        "Contacts décrochés ; les passages de main entre rôles ne sont pas des transferts.",
        "Un transfert refusé compte : il a été demandé.",
    ),
    "identification_rate": (
        "contacts dont le client est connu ÷ contacts",
        "Tous les contacts terminés.",
        "Il borne once_and_done et unhandled.",
    ),
    "coverage": (
        "contacts avec une session ÷ contacts connus du canal",
        "Contacts décrochés.",
        "Les contacts dont aucun canal n'a parlé ne sont pas connus ici.",
    ),
    "recoverable": (
        (
            "n · coût · (contacts évitables par demande · minutes par contact + pertes d'un "
            "premier contact, en minutes)"
        ),
        (
            "Pertes pour lesquelles un conseiller est payé (ni file ni menu), des premiers "
            "contacts, et contacts au-delà de ce que le motif demande. En monnaie si la "
            "bibliothèque dit ce que coûte une minute, en minutes sinon ; par motif, avec rang, "
            "intervalle de rang et part cumulée (`cumulative`)."
        ),
        (
            "Un motif de moins de 30 demandes n'est pas montré. Les rangs sont de motifs, par "
            "rééchantillonnage des jours avec une graine fixe."
        ),
    ),
}
"""By measure: how it is worked out, over what, what happens at the edges."""
