"""`parcours new`: a library to begin with, small and right."""

import re
import shutil
from pathlib import Path
from typing import Annotated

import typer

from parcours.language import in_words, language
from parcours.places import TEMPLATES
from parcours.stops import Stop

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make; it must not exist yet.")],
    *,
    lang: Annotated[
        str | None, typer.Option(help="The language of its wording: fr or en (default: LANG's).")
    ] = None,
) -> None:
    """Begin a library: one journey, its codes, a mock of its connector and three tests.

    What is made has no finding, and its tests reach every step and every way out.
    """
    asked = language(lang)
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise Stop(
            fr=f"{folder} existe déjà : choisissez un autre dossier.",
            en=f"{folder} exists already: choose another folder.",
        )
    name = re.sub(r"[^a-z0-9_-]+", "-", folder.resolve().name.lower()).strip("-") or "library"
    shutil.copytree(TEMPLATES / asked, folder, dirs_exist_ok=True)
    library = folder / "library.yaml"
    text = library.read_text(encoding="utf-8")
    library.write_text(text.replace("library: NAME", f"library: {name}", 1), encoding="utf-8")
    journey = next((folder / "journeys").glob("*.yaml"))
    known_as = journey.read_text(encoding="utf-8").split("journey: ", 1)[1].split("\n", 1)[0]
    steps = {
        "fr": f"La bibliothèque {name} est prête dans {folder}. Pour commencer :",
        "en": f"Library {name} is ready in {folder}. To begin:",
    }
    print(in_words(steps, asked))
    for command in (f"check {folder}", f"test {folder}", f"play {folder} {known_as}"):
        print(f"  parcours {command}")
