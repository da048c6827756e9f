"""What `play` says around a journey, in French and English."""

from __future__ import annotations

from typing import Final

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "say": ("À dire", "Say"),
    "goal": ("À dire avec vos mots", "Say in your own words"),
    "verbatim": ("À lire mot pour mot", "Read word for word"),
    "do": ("À faire", "Do"),
    "go_on": ("Entrée pour continuer", "Enter to go on"),
    "optional": ("facultatif", "optional"),
    "several": ("plusieurs : 1,3", "several: 1,3"),
    "known": ("connu", "known"),
    "offered": ("déjà dit", "already said"),
    "suggested": ("réponse d'avant", "earlier answer"),
    "needed": ("Une réponse est nécessaire.", "An answer is needed."),
    "refused": ("Refusé", "Refused"),
    "no_more": ("Plus rien à lire : arrêt ici.", "Nothing more to read: stopping here."),
    "stopped": ("Session mise en pause.", "Session paused."),
    "outcome": ("Issue", "Outcome"),
    "correcting": ("Correction de la réponse", "Correcting the answer"),
    "consequences": ("Cette correction :", "This correction:"),
    "undoes": ("annule", "undoes"),
    "brings_back": ("retrouve", "brings back"),
    "asks_again": ("redemande", "asks again"),
    "done_already": ("déjà fait", "done already"),
    "compensate": ("compenser cette action ? (o/n)", "compensate this action? (y/n)"),
    "goes_to": ("mène à", "leads to"),
    "confirm": ("Confirmer ? (o/n)", "Confirm? (y/n)"),
    "impossible": ("Correction impossible", "It cannot be corrected"),
    "which": ("Laquelle ? (numéro)", "Which one? (number)"),
    "nothing_before": ("Rien à corriger encore.", "Nothing to correct yet."),
    "why_none": (
        "Pourquoi rien ne convient ? (facultatif)",
        "Why does nothing fit? (optional)",
    ),
    "why_skip": ("Pourquoi passer ? (facultatif)", "Why skip? (optional)"),
    "why_not_done": (
        "Pourquoi est-ce impossible ? (facultatif)",
        "Why could it not be done? (optional)",
    ),
    "history": ("Historique", "History"),
    "corrected": ("corrigé", "corrected"),
    "waiting_until": ("Endormi jusqu'au", "Asleep until"),
    "waiting_event": ("Attend l'événement", "Waits for the event"),
    "waiting": ("La session attend", "The session waits for"),
    "let_pass": ("Entrée : laisser passer ce temps", "Enter: let that time pass"),
    "event_values": (
        "Entrée : il arrive (ou ses valeurs en JSON)",
        "Enter: it arrives (or its values as JSON)",
    ),
    "call_back": ("Entrée : le client est rappelé", "Enter: the customer is called back"),
    "approve": ("Accord demandé. Accepter ? (o/n)", "Approval asked. Accept? (y/n)"),
    "transfer": ("Passage de relais demandé à", "Asked to take over:"),
    "accept": ("Accepter ? (o/n)", "Accept? (y/n)"),
    "pending": ("En attente de", "Waiting for"),
    "by_hand_now": ("Entrée : le faire à la main", "Enter: do it by hand"),
    "recorded": ("Test enregistré", "Test recorded"),
}

_HELP: Final = {
    "fr": """\
Répondez par un numéro, le début d'un choix ou une valeur (12,50 · 31/12/2026 · oui).
  b  revenir à la réponse d'avant     a  corriger une réponse (les conséquences d'abord)
  n  rien ne convient                 k  passer une question facultative
  h  l'historique                     c  revenir à la question en cours
  x  impossible à faire               q  mettre en pause et s'arrêter
  =… tout ce qui suit est une réponse :n  toujours une commande""",
    "en": """\
Answer by a number, the beginning of a choice, or a value (12.50 · 31/12/2026 · yes).
  b  back to the earlier answer       a  correct an answer (its consequences first)
  n  none of these                    k  skip an optional question
  h  the history                      c  back to the current question
  x  it could not be done             q  pause and stop
  =… what follows is an answer        :n always a command""",
}


def said(name: str, language: str) -> str:
    """Return one of the words."""
    fr, en = _WORDS[name]
    return fr if language == "fr" else en


def helping(language: str) -> str:
    """Return what may be typed."""
    return _HELP[language]
