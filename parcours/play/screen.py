"""What the advisor sees: what to say, what to do, what to ask."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from parcours.play.words import said
from parcours.wordlist import COLON

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from rich.console import Console

BOUNDLESS = 1e12
"""Beyond this a limit of numbers says nothing to a person."""


class Screen:
    """Prints views in a language; sentences already shown for a visit are not repeated."""

    def __init__(self, console: Console, language: str) -> None:
        self.console = console
        self.language = language
        self._told: set[tuple[int, str]] = set()

    def word(self, name: str) -> str:
        """Return one of play's words in the person's language."""
        return said(name, self.language)

    def waiting(self, operation: str) -> AbstractContextManager[object]:
        """Show, while it lasts, that an automated action is under way."""
        if not self.console.is_terminal:
            return nullcontext()
        return self.console.status(Text(f"{operation} …", style="magenta"))

    def line(self, text: str, style: str = "") -> None:
        """Print a line as it is: no markup is read in it."""
        self.console.print(Text(text, style=style))

    def stop(self, view: Mapping[str, Any], *, correcting: bool) -> None:
        """Print a stop: its heading, what is said, the manual procedure."""
        step = view["step"]
        counted = view["progress"]["done"] + 1
        own = str(step["title"])
        told = " ".join(str(one["text"] or one["goal"]) for one in view["say"])
        # A step without a title is called by what it says, which follows anyway.
        title = view["journey"]["title"] + ("" if own in told else f" · {own}")
        self.console.print()
        self.console.rule(
            Text(f"{title}  {counted}", style="bold blue"),
            align="left",
            style="blue",
        )
        if correcting:
            self.line(self.word("correcting"), "magenta")
        for one in view["say"]:
            self._tell(one)
        if view["do"]:
            self._block("do", str(view["do"]), "yellow")

    def _tell(self, one: Mapping[str, Any]) -> None:
        text = str(one["text"] or one["goal"])
        key = (int(one["visit"]), text)
        style = "dim" if key in self._told else "green"
        self._told.add(key)
        name = "verbatim" if one["verbatim"] else "say" if one["text"] else "goal"
        self._block(name, text.strip(), style)

    def _block(self, name: str, text: str, style: str) -> None:
        self.line(self.word(name), f"bold {style}")
        self.console.print(Padding(Text(text), (0, 0, 0, 2)))

    def question(self, field: Mapping[str, Any]) -> None:
        """Print a question and its numbered options."""
        notes = [] if field.get("required", True) else [self.word("optional")]
        if field["type"] == "multiple":
            notes.append(self.word("several"))
        bounds = field["valid"] if field["type"] in {"rating", "number"} else {}
        if bounds.get("minimum", -BOUNDLESS) > -BOUNDLESS and bounds["maximum"] < BOUNDLESS:
            notes.append(f"{bounds['minimum']}–{bounds['maximum']}")
        text = Text(str(field.get("label") or field["name"]), style="bold")
        if notes:
            text.append(f"  ({', '.join(notes)})", style="dim")
        self.console.print(text)
        if field.get("help"):
            self.line(f"  {field['help']}", "dim")
        for number, option in enumerate(field.get("options") or (), 1):
            self.console.print(Text.assemble((f"  {number}", "cyan"), f"  {option['label']}"))

    def history(self, entries: list[Mapping[str, Any]]) -> None:
        """Print the numbered history; what was undone is dimmed."""
        self.line(self.word("history"), "bold")
        for number, entry in enumerate(entries, 1):
            undone = bool(entry.get("undone"))
            text = Text(f"  {number:>2}  {entry.get('title') or entry['step']}")
            values = entry.get("shown") or {}
            if values:
                text.append("  " + ", ".join(f"{k}: {v}" for k, v in values.items()), style="cyan")
            if undone:
                text.append(f"  ({self.word('corrected')})")
                text.stylize("dim")
            self.console.print(text)

    def consequences(self, preview: Mapping[str, Any], titles: Mapping[int, str]) -> None:
        """Print what a correction would do; of the visits, those that have a title (by number)."""
        colon = COLON[self.language]
        self.line(self.word("consequences"), "bold magenta")
        for key, name in (
            ("pruned", "undoes"),
            ("restored", "brings_back"),
            ("asked_again", "asks_again"),
        ):
            steps = [
                titles[one["visit"]] for one in preview.get(key) or () if one["visit"] in titles
            ]
            if steps:
                self.line(f"  {self.word(name)}{colon}{', '.join(steps)}")
        for effect in preview.get("effects") or ():
            self.line(f"  {self.word('done_already')}{colon}{effect['operation']}", "yellow")
        if preview.get("at"):
            self.line(f"  {self.word('goes_to')}{colon}{preview['at']}")

    def refusal(self, message: str) -> None:
        """Print why something was refused."""
        self.line(f"✗ {message}", "red")
