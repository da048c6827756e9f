"""`parcours draw`: a journey as a picture's source."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from authoring import draw as drawing
from parcours.language import language
from parcours.libraries import journey_of, load_or_stop
from parcours.places import library_folder

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Format(StrEnum):
    """The forms a drawing is printed in."""

    MERMAID = "mermaid"
    DOT = "dot"
    JSON = "json"


@app.command()
def draw(
    path: Annotated[Path, typer.Argument(help="The library's folder.")],
    journey: Annotated[str, typer.Argument(help="The journey's id, such as livraison.suivi.")],
    *,
    form: Annotated[
        Format, typer.Option("--format", help="Mermaid for documents, DOT for Graphviz, JSON.")
    ] = Format.MERMAID,
    lang: Annotated[str | None, typer.Option(help="Language of the labels: fr or en.")] = None,
) -> None:
    """Draw a journey: its steps, where each answer leads, the journeys it calls."""
    library = load_or_stop(library_folder(path))
    found = journey_of(library, journey)
    asked = language(lang)
    worded = asked if asked in library.languages else library.languages[0]
    if form is Format.MERMAID:
        print(drawing.mermaid(found, library, worded))
    elif form is Format.DOT:
        print(drawing.dot(found, library, worded))
    else:
        import json

        graph = drawing.graph_json(found, library, worded)
        print(json.dumps(graph, ensure_ascii=False, indent=2))
