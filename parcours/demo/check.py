"""`parcours demo --check`: the service in a child process, one contact over HTTP, verified."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from rich.text import Text

from parcours.client import Client
from parcours.closing import ledger_table, trace_table
from parcours.demo.conversation import Played, play, verify
from parcours.demo.service import read_card
from parcours.stops import FOUND, Stop
from parcours.wordlist import COLON, OUTCOMES, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parcours.demo.service import Card

START_S = 60
STOP_S = 40
HOST = "127.0.0.1"
WIDTH = 120
"""Columns when the output is not a terminal."""

ANSWERS = {
    "email": "claire.dubois@example.org",
    "postcode": "69003",
    "complaint": "not_received",
    "order_id": "F-1042",
    "link_by": "sms",
    "paid": True,
    "rating": 5,
    "time_useful": True,
}
"""What the customer of the demonstration answers, by question."""

WHO = {
    "customer": ("Client", "Customer", "cyan"),
    "advisor": ("Conseiller", "Advisor", "green"),
    "question": ("Question", "Question", "blue"),
}


def check(*, language: str) -> None:
    """Run the demonstration's service, play one contact, and print what it leaves.

    Raises:
        Stop: the service did not start or stop as it should, or something it answered is off.
    """
    with tempfile.TemporaryDirectory(prefix="parcours-demo-") as name:
        with running(Path(name), free_port(), language=language) as card:
            port = int(card.url.rsplit(":", 1)[1])
            with closing(Client(HOST, port, key=card.keys["ana"], language=language)) as client:
                played = play(client, ANSWERS, language=language)
            played.called = called(card)
        report(played, language=language)
        verify(played)
    done = {
        "fr": "Tout est vérifié : issue, trois axes, systèmes appelés, temps au complet, "
        "arrêt propre.",
        "en": "All verified: outcome, three axes, systems called, every millisecond, a clean stop.",
    }
    print(f"\n✓ {done[language]}")


def called(card: Card) -> list[str]:
    """Return the operations that the demonstration's systems did, in their order."""
    at = urlsplit(card.systems)
    with closing(Client(HOST, at.port, key="", language="en")) as client:
        calls = client.get("/_calls").body["items"]
    return [one["operation"] for one in calls if one["status"] < 300 and not one["repeated"]]


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(folder: Path, port: int, *, language: str) -> Iterator[Card]:
    """Run `parcours demo` in a process of its own, give its card, then stop it.

    Raises:
        Stop: it did not come up in time, or did not end well; what it said is in the text.
    """
    log = folder / "service.log"
    command = [sys.executable, "-m", "parcours.main", "demo"]
    command += ["--port", str(port), "--data", str(folder), "--lang", language]
    with log.open("wb") as said:
        child = subprocess.Popen(command, stdout=said, stderr=said, env=dict(os.environ))  # noqa: S603 - this very program
    try:
        yield _wait(child, folder, port, log)
    except BaseException:
        child.kill()
        child.wait()
        raise
    child.terminate()
    try:
        code = child.wait(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        code = child.wait()
    if code != 0:
        raise _unwell(f"exit code {code}", log)


def _wait(child: subprocess.Popen[bytes], folder: Path, port: int, log: Path) -> Card:
    until = time.monotonic() + START_S
    while time.monotonic() < until and child.poll() is None:
        card = read_card(folder)
        if card is not None and _listens(port):
            return card
        time.sleep(0.05)
    raise _unwell(f"not ready within {START_S} s" if child.poll() is None else "ended", log)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _unwell(what: str, log: Path) -> Stop:
    said = log.read_text(encoding="utf-8", errors="replace")[-4000:]
    return Stop(
        fr=f"Le service de démonstration : {what}.\n{said}",
        en=f"The demonstration's service: {what}.\n{said}",
        code=FOUND,
    )


def report(played: Played, *, language: str) -> None:
    """Print the conversation, the outcome, the three axes and the ledger of time."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    lines = Table.grid(padding=(0, 2))
    for who, text in played.lines:
        fr, en, colour = WHO[who]
        lines.add_row(Text(fr if language == "fr" else en, style=colour), Text(text.strip()))
    console.print(lines)
    pace = {
        "fr": "(Joué quinze fois plus vite que des personnes ne parlent.)",
        "en": "(Played fifteen times faster than people talk.)",
    }
    console.print(Text(pace[language], style="dim"))
    console.print()
    title = {"fr": "Issue", "en": "Outcome"}[language]
    console.print(
        Text(f"{title}{COLON[language]}{word(OUTCOMES, played.outcome, language)}", style="bold")
    )
    console.print(trace_table(played.trace, language=language))
    share = played.timeline["useful_share"]
    asked = {"fr": "Systèmes appelés", "en": "Systems called"}[language]
    console.print(Text(f"{asked}{COLON[language]}{', '.join(played.called)}"))
    console.print(ledger_table(played.timeline["totals"], share, language=language))
