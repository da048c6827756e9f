"""The command `parcours`: finds the sub-command that was typed and imports it alone.

The overview is printed from a table, without importing a sub-command nor the libraries that
draw the terminal: `parcours --help` must answer at once (performance.md).
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from parcours.language import in_words, language
from parcours.stops import USAGE, Stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer


class Entry(NamedTuple):
    """One sub-command: the module whose `app` it is, and its line of the overview."""

    module: str
    summary: dict[str, str]


COMMANDS: dict[str, Entry] = {
    "demo": Entry(
        "parcours.commands.demo",
        {
            "fr": "Démarrer le service avec la bibliothèque fournie, prêt à essayer",
            "en": "Start the service with the shipped library, ready to try",
        },
    ),
    "play": Entry(
        "parcours.commands.play",
        {
            "fr": "Jouer un parcours dans le terminal, comme un conseiller",
            "en": "Walk a journey in the terminal, as an advisor",
        },
    ),
    "new": Entry(
        "parcours.commands.new",
        {
            "fr": "Créer une bibliothèque : un petit parcours et son test",
            "en": "Begin a library: one small journey and its test",
        },
    ),
    "check": Entry(
        "parcours.commands.check",
        {
            "fr": "Trouver tout ce qui ne va pas dans une bibliothèque",
            "en": "Find everything that is wrong in a library",
        },
    ),
    "test": Entry(
        "parcours.commands.test",
        {
            "fr": "Jouer les tests d'une bibliothèque et mesurer leur couverture",
            "en": "Run a library's tests and measure their coverage",
        },
    ),
    "draw": Entry(
        "parcours.commands.draw",
        {
            "fr": "Dessiner un parcours (Mermaid, DOT ou JSON)",
            "en": "Draw a journey (Mermaid, DOT or JSON)",
        },
    ),
    "publish": Entry(
        "parcours.commands.publish",
        {
            "fr": "Publier une bibliothèque dans un service",
            "en": "Publish a library to a service",
        },
    ),
    "serve": Entry(
        "parcours.commands.serve",
        {"fr": "Démarrer le service", "en": "Start the service"},
    ),
    "worker": Entry(
        "parcours.commands.worker",
        {
            "fr": "Exécuter les actions automatiques (PostgreSQL)",
            "en": "Run the automated actions (PostgreSQL)",
        },
    ),
    "robot": Entry(
        "parcours.commands.robot",
        {
            "fr": "Faire parcourir un fichier de cas par un robot",
            "en": "Have a robot walk a file of cases",
        },
    ),
    "bridge": Entry(
        "parcours.commands.bridge",
        {
            "fr": "Répondre à un compte de messagerie (XMPP, Chatwoot, Zammad) par des parcours",
            "en": "Answer a chat account (XMPP, Chatwoot, Zammad) with journeys",
        },
    ),
    "measures": Entry(
        "parcours.commands.measures",
        {
            "fr": "Donner un indicateur : tableau, JSON, CSV, Parquet ou XLSX",
            "en": "Give a figure: a table, JSON, CSV, Parquet or XLSX",
        },
    ),
    "own-figures": Entry(
        "parcours.commands.own_figures",
        {
            "fr": "Voir ses propres chiffres, comme conseiller, quand le service l'ouvre",
            "en": "See one's own figures, as an advisor, where the service opens them",
        },
    ),
    "report": Entry(
        "parcours.commands.report",
        {
            "fr": "Écrire le rapport d'une période : une page HTML, un classeur, du JSON",
            "en": "Write the report of a period: an HTML page, a spreadsheet, JSON",
        },
    ),
    "thresholds": Entry(
        "parcours.commands.thresholds",
        {
            "fr": "Fixer les bornes d'un indicateur, que les abonnés apprennent franchies",
            "en": "Set bounds of a measure that subscribers hear are crossed",
        },
    ),
    "value-stream": Entry(
        "parcours.commands.value_stream",
        {
            "fr": "Montrer où va le temps d'une demande, étape par étape, avant et après",
            "en": "Show where the time of a demand goes, step by step, before and after",
        },
    ),
    "irritants": Entry(
        "parcours.commands.irritants",
        {
            "fr": "Tenir le registre des irritants : à qui, combien, quelle action, quel effet",
            "en": "Keep the register of irritants: whose, how much, which action, what effect",
        },
    ),
    "volumes": Entry(
        "parcours.commands.volumes",
        {
            "fr": "Apporter le nombre de clients, de commandes … par mois",
            "en": "Bring how many customers, orders … there were each month",
        },
    ),
    "exports": Entry(
        "parcours.commands.exports",
        {
            "fr": "Lister les rapports et tableaux écrits à heure fixe",
            "en": "List the reports and tables that are written by the clock",
        },
    ),
    "facts": Entry(
        "parcours.commands.facts",
        {
            "fr": "Apporter les faits à ClickHouse",
            "en": "Bring the facts to ClickHouse",
        },
    ),
    "log": Entry(
        "parcours.commands.log",
        {
            "fr": "Exporter un journal d'événements : OCEL 2.0 ou XES",
            "en": "Export an event log: OCEL 2.0 or XES",
        },
    ),
    "samples": Entry(
        "parcours.commands.samples",
        {
            "fr": "Tirer des contacts à écouter, et noter ce que l'on y trouve",
            "en": "Draw contacts to listen to, and record what is found in them",
        },
    ),
    "remarks": Entry(
        "parcours.commands.remarks",
        {
            "fr": "Lister ce que l'on dit des parcours à leurs auteurs",
            "en": "List what people say of journeys to their authors",
        },
    ),
    "promises": Entry(
        "parcours.commands.promises",
        {
            "fr": "Lister ce qui est promis aux clients, et dire ce qu'il en est",
            "en": "List what was promised to customers, and say what became of it",
        },
    ),
    "dead-letters": Entry(
        "parcours.commands.dead_letters",
        {
            "fr": "Reprendre ou fermer les actions qui n'ont pas abouti",
            "en": "Take up or close actions that came to nothing",
        },
    ),
    "messages": Entry(
        "parcours.commands.messages",
        {
            "fr": "Prendre des e-mails et des lettres, et les lister",
            "en": "Take e-mails and letters in, and list them",
        },
    ),
    "subscriptions": Entry(
        "parcours.commands.subscriptions",
        {
            "fr": "Lister et renvoyer ce que les abonnés n'ont pas reçu",
            "en": "List what subscribers did not take, and send it again",
        },
    ),
    "connectors": Entry(
        "parcours.commands.connectors",
        {
            "fr": "Lister ce que les systèmes d'un déploiement offrent aux parcours",
            "en": "List what a deployment's systems offer to journeys",
        },
    ),
    "keys": Entry(
        "parcours.commands.keys",
        {
            "fr": "Créer, lister, révoquer des clés d'accès",
            "en": "Create, list and revoke access keys",
        },
    ),
    "customers": Entry(
        "parcours.commands.customers",
        {
            "fr": "Reprendre les clients d'un fichier, effacer une personne",
            "en": "Bring customers from a file, erase a person",
        },
    ),
    "import": Entry(
        "parcours.commands.event_logs",
        {
            "fr": "Reprendre des contacts du journal d'un autre système",
            "en": "Bring contacts from another system's event log",
        },
    ),
    "db": Entry(
        "parcours.commands.db",
        {
            "fr": "Mettre à jour ou vérifier la base de données",
            "en": "Upgrade or verify the database",
        },
    ),
}

_HEADINGS = {
    "fr": (
        "Parcours : des parcours client écrits en YAML, joués, tracés et chronométrés.",
        "Usage : parcours COMMANDE [OPTIONS]",
        "Commandes",
        (
            "`parcours COMMANDE --help` explique une commande. "
            "La langue suit LANG, ou PARCOURS_LANG=fr|en."
        ),
    ),
    "en": (
        "Parcours: customer journeys written in YAML, walked, traced and timed.",
        "Usage: parcours COMMAND [OPTIONS]",
        "Commands",
        (
            "`parcours COMMAND --help` explains a command. The language follows LANG, "
            "or PARCOURS_LANG=fr|en."
        ),
    ),
}


def overview(asked: str) -> str:
    """Return the list of commands, in `fr` or `en`."""
    what, usage, commands, more = _HEADINGS[asked]
    lines = [what, "", usage, "", f"{commands}:"]
    lines += [f"  {name:<12} {in_words(entry.summary, asked)}" for name, entry in COMMANDS.items()]
    return "\n".join([*lines, "", more])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that was typed and return its exit code.

    0: done and right; 1: done, and something is not right; 2: could not be done as asked.
    """
    args = list(sys.argv[1:] if argv is None else argv)
    asked = language(_language_in(args))
    if not args or args[0] in {"--help", "-h", "help"}:
        print(overview(asked))
        return 0
    if args[0] in {"--version", "-V"}:
        from importlib import metadata

        print(f"parcours {metadata.version('parcours')}")
        return 0
    entry = COMMANDS.get(args[0])
    if entry is None:
        return _unknown(args[0], asked)
    app = cast("typer.Typer", import_module(entry.module).app)
    try:
        app(args=args[1:], prog_name=f"parcours {args[0]}")
    except Stop as stop:
        print(in_words(stop.text, asked), file=sys.stderr)
        return stop.code
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return 0


def _language_in(args: Sequence[str]) -> str | None:
    """Return the language asked for among a command's arguments, so that refusals speak it too."""
    for place, one in enumerate(args):
        name, _, value = one.partition("=")
        if name in {"--lang", "--language"}:
            return value or next(iter(args[place + 1 :]), None)
    return None


def _unknown(name: str, asked: str) -> int:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    text = {
        "fr": f"Commande inconnue : {name}."
        + (f" Vouliez-vous dire `{near[0]}` ?" if near else " `parcours --help` les liste."),
        "en": f"Unknown command: {name}."
        + (f" Did you mean `{near[0]}`?" if near else " `parcours --help` lists them."),
    }
    print(in_words(text, asked), file=sys.stderr)
    return USAGE


if __name__ == "__main__":
    sys.exit(main())
