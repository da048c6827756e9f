"""What the systems' own page says: what is broken, how to break something, what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from parcours.demo.systems.calls import Called
from parcours.demo.systems.faults import Faults
from parcours.demo.systems.routes import SYSTEMS

SHOWN: Final = 20
_TEXTS: Final = {
    "fr": {
        "title": "Les systèmes de la démonstration : inventés, en mémoire, remis à neuf à chaque "
        "démarrage.",
        "systems": "Systèmes : {systems}",
        "fine": "Tout va bien.",
        "broken": "En panne : {broken}",
        "how": 'Casser : POST /_faults, en JSON : {{"system": "oms", "mode": "slow"}}\n'
        "  system : un système, ou une opération (oms.resend)\n"
        '  mode   : slow (répond 20 s plus tard, ou "seconds"), failing (503), '
        "down (raccroche), fine (répare)\n"
        "Réparer tout : DELETE /_faults · oublier ce qui a été changé : DELETE /_changes",
        "paid": 'Le client paie plus tard : POST /_paid, en JSON : {"order": "F-1042"}',
        "calls": "Derniers appels (GET /_calls les donne en JSON) :",
        "none": "aucun encore",
    },
    "en": {
        "title": "The demonstration's systems: made up, in memory, as new at every start.",
        "systems": "Systems: {systems}",
        "fine": "All is well.",
        "broken": "Broken: {broken}",
        "how": 'To break: POST /_faults, as JSON: {{"system": "oms", "mode": "slow"}}\n'
        "  system: a system, or an operation (oms.resend)\n"
        '  mode:   slow (answers 20 s later, or "seconds"), failing (503), '
        "down (hangs up), fine (mends)\n"
        "To mend all: DELETE /_faults · to forget what was changed: DELETE /_changes",
        "paid": 'The customer pays later: POST /_paid, as JSON: {"order": "F-1042"}',
        "calls": "Last calls (GET /_calls gives them as JSON):",
        "none": "none yet",
    },
}  # fmt: skip


def page(faults: Faults, calls: Sequence[Called], *, language: str) -> str:
    """Return the page, newest call first."""
    texts = _TEXTS[language]
    broken = ", ".join(f"{name} ({one.mode})" for name, one in faults.broken.items())
    lines = [
        texts["title"],
        texts["systems"].format(systems=", ".join(SYSTEMS)),
        "",
        texts["broken"].format(broken=broken) if broken else texts["fine"],
        "",
        texts["how"].format(),
        texts["paid"],
        "",
        texts["calls"],
    ]
    for one in reversed(calls[-SHOWN:]):
        again = " ↻" if one.repeated else ""
        lines.append(f"  {one.status}  {one.operation:<22} {one.method} {one.path}{again}")
    if not calls:
        lines.append(f"  {texts['none']}")
    return "\n".join(lines) + "\n"
