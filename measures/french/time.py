"""The useful share, handling and the losses, in French: formula, what is included, edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "duc_experienced": (
        "Σ temps utile ÷ Σ temps passé par le client (un rapport de sommes)",
        (
            "File, menu, échange, attente en ligne et inactivité ; pas le post-appel ; contacts "
            "décrochés."
        ),
        (
            "Aucun temps passé : null. E-mail et réseaux sociaux non comptés : le temps propre du"
            " client y est inconnu. Modelée d'après les classes d'étapes et non calibrée par des "
            "écoutes."
        ),
    ),
    "duc_experienced_with_abandons": (
        "Σ temps utile ÷ Σ temps passé par les clients, ceux qui ont renoncé compris",
        (
            "Comme duc_experienced, plus l'attente des contacts restés sans réponse : rien n'y "
            "fut utile."
        ),
        (
            "Aucun temps passé : null. E-mail et réseaux sociaux non comptés. Modelée et non "
            "calibrée. Perdre des appelants ne l'améliore jamais."
        ),
    ),
    "duc_handling": (
        "Σ temps utile ÷ Σ temps de traitement",
        (
            "Échange, attente en ligne, inactivité et post-appel ; ni file ni menu ; contacts "
            "décrochés."
        ),
        "Aucun temps passé : null. Comptée sur tous les canaux.",
    ),
    "duc_mean_of_ratios": (
        "(1 ÷ n) Σ temps utile d'un contact ÷ son temps passé",
        "Comme duc_experienced, chaque contact pesant autant.",
        "Un contact sans aucun temps est laissé de côté.",
    ),
    "duc_perceived": (
        "Σ (temps utile + temps rempli) ÷ Σ temps passé par le client",
        ("Comme duc_experienced ; les pertes remplies d'un contenu comptent comme perçues utiles."),
        "Un gain ici sans gain de duc_experienced est du masquage : rien n'a été retiré.",
    ),
    "handling_time": (
        "Σ (échange + attente en ligne + post-appel) ÷ contacts traités",
        "Tous les conseillers d'un contact ; contacts décrochés de tous les canaux.",
        (
            "Les abandons et l'inactivité sont laissés de côté. À côté : médiane, P90, moyenne "
            "sous un plafond. Deux périodes se comparent sur la composition par motif de la "
            "première."
        ),
    ),
    "conversation_time": (
        "Σ (échange + attente en ligne) ÷ contacts traités",
        ("Échange et attente en ligne ; pas le post-appel. `talk_only`, à côté, sans l'attente."),
        "Comme handling_time.",
    ),
    "lost_time": (
        "Σ (toutes les pertes, remplies ou non) ÷ contacts",
        ("Les pertes, la reprise, l'attente de robots, le menu, l'inactivité et le temps rempli."),
        (
            "En avoir moins dans une période plus récente est le rabot, en secondes par contact ;"
            " autant avec plus de temps rempli est du masquage."
        ),
    ),
    "loss_deferral": (
        "Σ rappels promis ÷ contacts",
        (
            "Attentes du genre call_back : comptées, car elles ne prennent aucune seconde d'un "
            "contact."
        ),
        "Leur délai est dans lead_time.",
    ),
    "unattributed": (
        "Σ temps non attribué ÷ Σ temps des contacts",
        "Toutes les catégories de tous les contacts.",
        "Au-delà de 5 %, tout autre chiffre de temps est marqué incomplet.",
    ),
    "time_spent": (
        "Σ temps de traitement de tous les contacts d'une demande ÷ demandes",
        (
            "Les contacts internes aussi ; un contact sur deux demandes compte pour moitié dans "
            "chacune."
        ),
        "Demandes closes seulement.",
    ),
    "value_added": (
        "Σ temps utile de tous les contacts d'une demande ÷ demandes",
        "Comme time_spent.",
        "Modelée d'après les classes d'étapes.",
    ),
    "value_added_ratio": (
        "Σ valeur ajoutée ÷ Σ délai",
        "Heures d'horloge, du premier contact à la clôture.",
        "Une demande ouverte et close aussitôt n'a pas de délai et n'en ajoute pas.",
    ),
    "waste_factor": (
        "Σ temps passé ÷ Σ valeur ajoutée",
        "Comme time_spent.",
        "Aucune valeur ajoutée : null.",
    ),
    "lead_time": (
        "médiane de (clôture − premier contact)",
        "Temps d'horloge, nuits et week-ends compris ; moyenne et P90 à côté.",
        "Les demandes ouvertes n'y sont pas : voir exceptionally_long.",
    ),
    "step_time": (
        "Σ temps des passages ÷ passages",
        ("Passages vivants, automatiques aussi (0 s) ; `useful_s`, à côté, est la valeur ajoutée."),
        "Un passage à cheval sur plusieurs contacts compte son temps dans le premier.",
    ),
    "step_delay": (
        "Σ (fin d'une étape − fin de l'étape d'avant) ÷ passages",
        "Passages vivants qui ont fini ; le premier compte depuis le début de sa session.",
        "Sur une session, la somme des délais est exactement son délai total.",
    ),
    "robot_share": (
        "actions faites par un robot ÷ actions",
        "Passages vivants d'étapes automatisées, faits par le robot ou à la main à sa place.",
        "Une action refusée au robot a eu sa réponse, et compte comme faite par lui.",
    ),
    "robot_saved": (
        "Σ sur les étapes : actions du robot · (temps moyen à la main − temps moyen du robot)",
        (
            "Passages vivants d'étapes automatisées, au temps du contact : ce qui se fait pendant "
            "l'échange n'en prend pas. `an_action` est la moyenne d'une action ; `not_compared`, "
            "les actions d'étapes que moins de 5 passages ont faites à la main."
        ),
        (
            "Rien à quoi comparer : nul, raison no_comparison. À la main passent souvent les cas "
            "les plus difficiles : c'est au plus ce qu'une personne y mettrait. Négatif : le "
            "robot est plus lent."
        ),
    ),
    "containment": (
        (
            "demandes commencées en libre-service, résolues, sans conseiller et sans nouvelle "
            "demande dans la fenêtre ÷ demandes commencées en libre-service"
        ),
        (
            "Demandes closes dont le premier contact est du client seul ou d'un robot de dialogue. "
            "`unidentified` est la part sans client connu, dont nul ne sait s'il a rappelé."
        ),
        (
            "Seules comptent les demandes closes depuis une fenêtre entière. Sans client connu, "
            "une demande passe pour sans suite : c'est une part au plus."
        ),
    ),
    "work_behind_talk": (
        "Σ temps des actions menées pendant l'échange ÷ contacts",
        "Contacts décrochés. Le client n'a rien attendu : un rabot, et pas un masquage.",
        "Un contact sans aucune compte pour 0 s.",
    ),
    "machine_time": (
        "Σ temps des actions automatisées ÷ contacts",
        "Contacts décrochés ; devant le client et pendant l'échange.",
        "Les nouvelles tentatives comptent dans leur action.",
    ),
}
"""By measure: how it is worked out, over what, what happens at the edges."""
