"""What a demonstration says once it answers: addresses, advisors, and one command to paste."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from parcours.demo.service import ADVISORS

if TYPE_CHECKING:
    from parcours.demo.service import Card

_TEXTS = {
    "fr": {
        "ready": "Parcours répond sur {url} (Ctrl+C pour arrêter). Bibliothèque « demo » publiée.",
        "addresses": "Adresses",
        "advisors": "Trois conseillers et leur clé",
        "others": "Clés de ce que la documentation appelle (chats, messages, téléphonie, fichiers)",
        "try": "À essayer dans un autre terminal : commencer un suivi de livraison",
        "persona": "Sur cette machine, `X-Parcours-Actor: advisor:ana` remplace la clé.",
        "home": "la console : ouvrez-la et choisissez Ana, Bruno ou Chloé",
        "docs": "les opérations de l'API",
        "journeys": "les parcours publiés",
        "graph": "le dessin d'un parcours",
        "live": "le service va-t-il bien ?",
        "systems": "Systèmes inventés que les parcours appellent (commandes, paiement, réseau …)",
        "break": "Pour voir la procédure manuelle, cassez-en un",
        "mend": "Pour tout réparer",
        "lean": "Le cas lean, reconstitué : où passent 78 h, et comment elles en deviennent 32",
    },
    "en": {
        "ready": "Parcours answers at {url} (Ctrl+C to stop). Library “demo” is published.",
        "addresses": "Addresses",
        "advisors": "Three advisors and their keys",
        "others": "Keys for what the documentation calls (chats, messages, phones, files)",
        "try": "To try in another terminal: begin a delivery tracking",
        "persona": "On this machine `X-Parcours-Actor: advisor:ana` does instead of a key.",
        "home": "the console: open it and choose Ana, Bruno or Chloé",
        "docs": "the API's operations",
        "journeys": "the published journeys",
        "graph": "a journey drawn",
        "live": "is the service well?",
        "systems": "Made-up systems that journeys call (orders, payment, network …)",
        "break": "To see the manual procedure, break one",
        "mend": "To mend all",
        "lean": "The lean case, reconstructed: where 78 h go, and how they become 32",
    },
}
_PATHS = {
    "home": "/",
    "docs": "/docs",
    "journeys": "/v1/journeys",
    "graph": "/v1/journeys/livraison.suivi/graph?format=mermaid",
    "live": "/ready",
}
LEAN_CASE = (
    ".venv/bin/parcours value-stream docs/examples/lean-case-reconstructed.csv "
    "--after docs/examples/lean-case-after-reconstructed.csv"
)
"""A command that shows the lean case in a checkout; its tables are marked as reconstructed."""


def welcome(card: Card, *, language: str) -> str:
    """Return what is printed when the service is ready, in `fr` or `en`."""
    texts = _TEXTS[language]
    lines = [texts["ready"].format(url=card.url), "", f"{texts['addresses']}:"]
    lines += [f"  {card.url}{path:<52} {texts[name]}" for name, path in _PATHS.items()]
    lines += ["", f"{texts['advisors']}:"]
    lines += [f"  {full_name:<12} {card.keys[name]}" for name, full_name in ADVISORS.items()]
    lines += [
        f"  {texts['persona']}",
        "",
        f"{texts['others']}:",
        *(f"  {what:<12} {token}" for what, token in card.others.items()),
        "",
        f"{texts['systems']}:",
        f"  {card.systems}/",
        f"  {texts['break']}:",
        f"    {breaking(card)}",
        f"  {texts['mend']}:",
        f"    {mending(card)}",
        "",
        f"{texts['lean']}:",
        f"  {LEAN_CASE} --lang {language}",
        "",
        f"{texts['try']}:",
        "",
        curl(card, language=language),
        "",
    ]
    return "\n".join(lines)


def breaking(card: Card) -> str:
    """Return a command that makes the orders' system hang up on every call."""
    body = json.dumps({"system": "oms", "mode": "down"})
    return f"curl -s {card.systems}/_faults -H 'Content-Type: application/json' -d '{body}'"


def mending(card: Card) -> str:
    """Return a command that makes every system well again."""
    return f"curl -s -X DELETE {card.systems}/_faults"


def curl(card: Card, *, language: str) -> str:
    """Return a command that begins a session when it is pasted in a shell."""
    body = json.dumps({"journey": "livraison.suivi", "channel": "phone", "language": language})
    return (
        f"curl -s {card.url}/v1/sessions \\\n"
        f"  -H 'Authorization: Bearer {card.keys['ana']}' \\\n"
        "  -H 'Content-Type: application/json' -H \"Idempotency-Key: $(date +%s%N)\" \\\n"
        f"  -d '{body}'"
    )
