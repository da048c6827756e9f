"""What a report says around its figures, French and English."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "title": ("Parcours clients : rapport de la période", "Customer journeys: report of a period"),
    "period": ("Période", "Period"),
    "compared": ("comparée à", "compared with"),
    "filter": ("Filtre", "Filter"),
    "as_of": ("Chiffres au", "Figures as of"),
    "zone": ("fuseau", "zone"),
    "measure": ("Indicateur", "Measure"),
    "value": ("Valeur", "Value"),
    "interval": ("Intervalle à 95 %", "95 % interval"),
    "before": ("Avant", "Before"),
    "change": ("Écart", "Change"),
    "know": ("À savoir", "To know"),
    "total": ("Ensemble", "All"),
    "removed": (
        "Par contact, {lost} de temps inutile, et {masquage} de temps seulement rempli.",
        "A contact has {lost} of useless time, and {masquage} of time that is only filled.",
    ),
    "masquage": (
        "La DUC perçue monte sans que du temps ait été retiré : c'est du masquage.",
        "The perceived share rises although no time was removed: that is masking.",
    ),
    "left_out": (
        "Les {n} qui pèsent le plus (valeur × n) ; les {others} autres sont dans le classeur.",
        "The {n} of the most weight (value × n); the {others} others are in the spreadsheet.",
    ),
    "definitions": ("Définitions", "Definitions"),
    "formula": ("Calcul", "Formula"),
    "includes": ("Comprend", "Includes"),
    "edges": ("Aux bords", "At the edges"),
    "source": ("Source", "Source"),
    "people": (
        "Aucun chiffre n'est donné ni classé par personne ; aucun groupe de moins de 5 contacts.",
        "No figure is given or ranked by person, and none of a group of fewer than 5 contacts.",
    ),
    "streams": ("Chaînes de valeur", "Value streams"),
    "streams_note": (
        (
            "Où va le temps des parcours terminés dans la période, étape par étape, dans l'ordre "
            "où ils ont été suivis : moyennes par passage, nuits et week-ends compris. L'attente "
            "est ce que le délai de l'étape a de plus que le temps passé."
        ),
        (
            "Where the time of the walks that ended in the period went, step by step as they were "
            "walked: means of a walk that passed, nights and week-ends included. Waiting is what "
            "a step's delay has beyond the time spent on it."
        ),
    ),
    "step": ("Étape", "Step"),
    "walks": ("Passages", "Walks"),
    "spent": ("Temps passé", "Time spent"),
    "added": ("Valeur ajoutée", "Value added"),
    "wait": ("Attente", "Waiting"),
    "delay": ("Délai", "Delay"),
    "share_of_time": ("Part du temps", "Share of time"),
    "share_of_delay": ("Part du délai", "Share of delay"),
    "delay_before": ("Délai avant", "Delay before"),
    "change_of_delay": ("Écart de délai", "Change of delay"),
    "median_delay": ("Délai médian", "Median lead time"),
    "efficiency": ("Taux de valeur ajoutée", "Value-added ratio"),
    "waste": ("Facteur de gaspillage", "Waste factor"),
    "rework": ("Étapes défaites", "Undone steps"),
    "same_mix": ("Écart à motifs égaux", "Change on the same motives"),
    "irritants": ("Registre des irritants", "Register of irritants"),
    "irritants_note": (
        (
            "À qui revient chaque cause, ce qu'elle coûte sur la période, ce qui est promis, et "
            "l'effet vu sur autant de semaines avant et après. Des causes, jamais des personnes."
        ),
        (
            "Whose each cause is, what it costs in the period, what was promised, and the effect "
            "seen on as many weeks before and after. Causes are compared, never people."
        ),
    ),
    "irritant": ("Irritant", "Irritant"),
    "owner": ("Responsable", "Owner"),
    "cost": ("Coût", "Cost"),
    "action": ("Action", "Action"),
    "effect": ("Effet", "Effect"),
    "expected": ("attendu", "expected"),
    "publication": ("publication", "publication"),
    "overdue": ("en retard", "overdue"),
    "too_early": ("trop tôt", "too early"),
    "few_left": ("il en reste moins de cinq", "fewer than five are left"),
    "unknown": ("inconnu", "unknown"),
    "no_interval": ("sans intervalle", "without interval"),
    "not_shown": ("non démontré", "not shown"),
    "changed": ("démontré", "shown"),
    "opposite": ("effet contraire", "the other way"),
    "reached": ("atteint", "reached"),
    "short": ("moindre qu'attendu", "less than expected"),
    "nothing": ("Rien dans cette période.", "Nothing in this period."),
}
REASONS: Final = {
    "empty": ("rien à mesurer", "nothing to measure"),
    "too_recent": ("trop récent pour compter", "too recent to count"),
    "no_time": ("aucun temps passé", "no time spent"),
    "async": ("canal asynchrone", "asynchronous channel"),
    "too_few": ("moins de 5 contacts", "fewer than 5 contacts"),
    "protects_others": (
        "retenu : un petit groupe s'en déduirait",
        "withheld: a small group would follow",
    ),
    "team_too_small": ("moins de 5 conseillers", "fewer than 5 advisors"),
    "no_costs": (
        "la bibliothèque ne dit pas ce que coûte une minute",
        "the library does not say what a minute costs",
    ),
    "no_map": (
        "la bibliothèque ne dit pas quelles qualifications correspondent",
        "the library does not say which qualifications correspond",
    ),
    "one_value": ("une seule valeur", "one value only"),
    "few_events": ("trop peu de satisfaits ou d'insatisfaits", "too few of either answer"),
    "separated": ("un facteur sépare tout", "one factor tells all apart"),
    "collinear": ("un facteur se déduit des autres", "a factor follows from others"),
    "no_volumes": (
        "aucun nombre de clients ou de commandes pour ce mois",
        "no number of customers or orders for that month",
    ),
    "no_comparison": ("rien à comparer", "nothing to compare with"),
    "one_code": ("un seul code", "one code only"),
}
MARKS: Final = {
    "few": ("n < 30", "n < 30"),
    "few_clusters": ("moins de 10 conseillers", "fewer than 10 advisors"),
    "fieller": ("intervalle de Fieller", "Fieller's interval"),
    "unbounded": ("intervalle non borné", "no bounded interval"),
    "not_calibrated": ("non calibrée", "not calibrated"),
    "incomplete": ("temps non attribué > 5 %", "unattributed time > 5 %"),
    "low_agreement": ("accord faible", "low agreement"),
    "short_follow_up": ("suivi court", "short follow-up"),
    "strata_missing": ("des strates sans écoute", "strata without a rating"),
    "assumed": ("simulation sur hypothèses", "a simulation on assumptions"),
    "thin_stratum": ("strates trop minces", "thin strata"),
}


def told(name: str, language: str) -> str:
    """Return a word of the report."""
    return WORDS[name][0 if language == "fr" else 1]


def doubt(code: str, language: str) -> str:
    """Return what a mark or a reason means; its code when it has no words."""
    found = REASONS.get(code) or MARKS.get(code)
    return code if found is None else found[0 if language == "fr" else 1]
