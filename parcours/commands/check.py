"""`parcours check`: everything that is wrong in a library, at once."""

import asyncio
import sys
from dataclasses import replace
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from authoring.check import check as check_library
from authoring.findings import Finding, has_errors, tally, to_json, to_sarif, to_text
from authoring.load import Loaded, load_folder
from parcours.excerpt import by_file, excerpt, summary
from parcours.language import language
from parcours.places import library_folder
from parcours.stops import FOUND

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Format(StrEnum):
    """The forms findings are printed in."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="The library's folder (default: this one, or the demo).")
    ] = None,
    *,
    form: Annotated[
        Format, typer.Option("--format", help="For people, for tools, or for code reviews.")
    ] = Format.TEXT,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write the corrections that need no judgement.")
    ] = False,
    deployment: Annotated[
        Path | None,
        typer.Option(help="Also hold it against a connectors.toml; no operation is called."),
    ] = None,
    robots: Annotated[
        Path | None,
        typer.Option(
            help="Also hold it against a robots.toml (default: the setting's, else the one beside "
            "--deployment); nothing is walked."
        ),
    ] = None,
    exports: Annotated[
        Path | None,
        typer.Option(help="Also look at an exports.toml (default: as for --robots)."),
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the summary: fr or en.")] = None,
) -> None:
    """Find everything that is wrong in a library: file, line, column, reason and what to do.

    With --deployment, also what that deployment does not do, or not so: an operation, a parameter,
    a secret that is missing, an event that is waited for and that nobody tells. Secrets are looked
    for where a service looks for them. Robots that run by the clock, too: their journeys, when they
    are due, and whether each of their cases could begin. And what is written by the clock: its
    measures, when it is due, of which period.

    Exit code: 0 without an error (warnings allow publication), 1 with one.
    """
    folder = library_folder(path)
    loaded = load_folder(folder)
    findings = check_library(loaded)
    fixed = write_fixes(folder, findings) if fix else 0
    if fixed:
        loaded = load_folder(folder)
        findings = check_library(loaded)
    asked = language(lang)
    if deployment is not None:
        findings = [*findings, *deployed(deployment, loaded, asked=asked)]
    if deployment is not None or robots is not None:
        findings += walked_by_robots(robots, deployment, loaded, asked=asked)
    if deployment is not None or exports is not None:
        findings += written_by_the_clock(exports, deployment, asked=asked)
    if form is Format.JSON:
        print(to_json(findings), end="")
    elif form is Format.SARIF:
        print(to_sarif(findings, version=metadata.version("parcours")), end="")
    else:
        _show(loaded, findings, folder, fixed=fixed, asked=asked)
    if has_errors(findings):
        raise typer.Exit(FOUND)


def write_fixes(folder: Path, findings: list[Finding]) -> int:
    """Write every mechanical correction into the library's files; return how many there were.

    Nothing but the corrected characters changes: comments and order stay.
    """
    from authoring.fix import apply

    count = 0
    for file, ones in by_file(findings).items():
        fixes = [one.fix for one in ones if one.fix is not None]
        target = (folder / file).resolve()
        if not fixes or not target.is_relative_to(folder.resolve()):
            continue
        text = target.read_bytes().decode("utf-8")
        target.write_bytes(apply(text, fixes).encode("utf-8"))
        count += len(fixes)
    return count


def deployed(path: Path, loaded: Loaded, *, asked: str) -> list[Finding]:
    """Return what a deployment lacks for a library, and what is wrong in its own file."""
    from parcours.services import failures_told
    from runtime.deploying import described
    from runtime.errors import WrongDeployment
    from runtime.fitting import as_finding, fault_as_finding, gaps
    from runtime.settings import load_settings

    with failures_told():
        settings = load_settings(connectors=str(path.absolute()))
        try:
            there = asyncio.run(described(settings))
        except WrongDeployment as wrong:
            return [fault_as_finding(fault, asked) for fault in wrong.faults]
    found = [fault_as_finding(fault, asked) for fault in there.unknown]
    if loaded.library is not None:
        missing = gaps(loaded.library, there.connectors, there.tellers.values())
        found += [as_finding(gap, loaded) for gap in missing]
    return found


def walked_by_robots(
    path: Path | None, deployment: Path | None, loaded: Loaded, *, asked: str
) -> list[Finding]:
    """Return what keeps robots that run by the clock from walking a library as they are told."""
    from runtime.clock import SystemClock
    from runtime.fitting import fault_as_finding
    from runtime.fitting_robots import NAME, robot_faults

    path = _beside(path, deployment, "robots", NAME)
    if path is None:
        return []
    faults = robot_faults(path.absolute(), loaded.library, now=SystemClock().now())
    return [fault_as_finding(fault, asked) for fault in faults]


def written_by_the_clock(
    path: Path | None, deployment: Path | None, *, asked: str
) -> list[Finding]:
    """Return everything wrong in the file of exports, each at its place."""
    from connectors.faults import Misconfigured
    from measures.exporting.plan import NAME, read_exports
    from runtime.fitting import fault_as_finding

    path = _beside(path, deployment, "exports", NAME)
    if path is None:
        return []
    try:
        read_exports(path.absolute())
    except Misconfigured as wrong:
        return [fault_as_finding(fault, asked) for fault in wrong.faults]
    return []


def _beside(path: Path | None, deployment: Path | None, setting: str, name: str) -> Path | None:
    """Return a file of the deployment: the one given, the setting's, or that of its name there."""
    from parcours.services import failures_told
    from runtime.settings import load_settings

    if path is not None:
        return path
    with failures_told():
        named = getattr(load_settings(), setting)
    if named is not None:
        return Path(named)
    beside = None if deployment is None else deployment.parent / name
    return beside if beside is not None and beside.is_file() else None


def _show(loaded: Loaded, findings: list[Finding], folder: Path, *, fixed: int, asked: str) -> None:
    if fixed:
        done = {"fr": f"{fixed} correction(s) écrite(s).", "en": f"{fixed} fix(es) written."}
        print(done[asked])
    shown = [replace(one, file=(folder / one.file).as_posix()) for one in findings]
    if not sys.stdout.isatty():
        print(to_text(shown), end="")
        print(_closing(findings, asked))
        return
    from rich.console import Console

    console = Console(highlight=False)
    for one, place in zip(findings, shown, strict=True):
        source = loaded.sources.texts.get(one.file, "")
        console.print(excerpt(one, source, shown_as=place.file))
    style = "bold red" if has_errors(findings) else "yellow" if findings else "bold green"
    console.print(_closing(findings, asked), style=style)


def _closing(findings: list[Finding], asked: str) -> str:
    fixable = sum(one.fix is not None for one in findings)
    more = {
        "fr": f" `--fix` en corrige {fixable}.",
        "en": f" `--fix` mends {fixable} of them.",
    }[asked]
    text = summary(findings, asked=asked)
    if tally(findings)["error"]:
        refused = {"fr": " Publication impossible.", "en": " It cannot be published."}
        text += refused[asked]
    return text + (more if fixable else "")
