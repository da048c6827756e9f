"""`parcours connectors`: what a deployment's systems offer to journeys."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parcours.language import in_words, language
from parcours.options import Lang
from parcours.rows import rows as written
from parcours.services import failures_told
from parcours.stops import FOUND, Stop
from runtime.deploying import deployment_file, described
from runtime.settings import load_settings

if TYPE_CHECKING:
    from connectors.port import Connector, Described

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def connectors(
    system: Annotated[
        str | None, typer.Argument(help="One system: the part before the dot (default: all).")
    ] = None,
    *,
    deployment: Annotated[
        Path | None, typer.Option(help="A connectors.toml (default: the service's own).")
    ] = None,
    rows: Annotated[
        bool, typer.Option("--rows", help="Print them as a library's connectors.yaml.")
    ] = False,
    lang: Lang = None,
) -> None:
    """List the operations that a deployment's connectors offer, with inputs and outputs.

    With --rows, as rows to put into a library's connectors.yaml. No operation is called:
    documents that describe a system are fetched, databases asked whether they take statements.
    Exit code: 0, or 1 when a system could not be described.
    """
    asked = language(lang)
    with failures_told():
        named = None if deployment is None else str(deployment.absolute())
        settings = load_settings(connectors=named)
        if deployment_file(settings) is None:
            raise Stop(
                fr="Pas de connectors.toml ici : nommez-le avec --deployment.",
                en="No connectors.toml here: name it with --deployment.",
            )
        deployed = asyncio.run(described(settings))
    found, faults = deployed.connectors, deployed.unknown
    if system is not None and system not in found:
        listed = ", ".join(sorted(found))
        raise Stop(
            fr=f"Pas de système {system}. Il y a : {listed}.",
            en=f"No system {system}. There are: {listed}.",
        )
    chosen = {name: one for name, one in found.items() if system in {None, name}}
    offered = {
        name: one for each in chosen.values() for name, one in (each.operations() or {}).items()
    }
    print(written(offered) if rows else _listed(chosen, asked), end="")
    for fault in faults:
        print(fault.text(asked), file=sys.stderr)
    if faults:
        raise typer.Exit(FOUND)


def _listed(chosen: dict[str, Connector], asked: str) -> str:
    lines = []
    for system, connector in sorted(chosen.items()):
        described = connector.operations()
        if described is None:
            any_ = {"fr": "toute opération", "en": "any operation"}
            lines.append(f"{system}.*  {in_words(any_, asked)}")
        for name, one in sorted((described or {}).items()):
            lines.append(f"{name}  {one.effect}  {_signature(one)}")
    return "".join(f"{line}\n" for line in lines)


def _signature(one: Described) -> str:
    needed = one.input.get("required", ())
    inputs = (f"{name}{'*' * (name in needed)}" for name in one.input.get("properties", {}))
    outputs = ", ".join(one.output.get("properties", {}))
    return f"({', '.join(inputs)})" + (f" -> {outputs}" if outputs else "")
