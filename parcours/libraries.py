"""A library made ready for a command, or the reason why it cannot be."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from authoring.check import check
from authoring.findings import to_text
from authoring.load import load_folder, read_folder
from parcours.stops import FOUND, USAGE, Stop

if TYPE_CHECKING:
    from pathlib import Path

    from authoring.load import Loaded
    from engine.model import Journey, Library


def load_or_stop(folder: Path) -> Library:
    """Return the library of a folder, to be walked or drawn; its tests need not be right for that.

    Raises:
        Stop: it has errors; they are in the text.
    """
    loaded = load_folder(folder)
    errors = [
        one
        for one in check(loaded)
        if one.severity == "error" and not one.file.startswith("tests/")
    ]
    if loaded.library is None or errors:
        listed = to_text(errors[:20])
        raise Stop(
            fr=f"{listed}{len(errors)} erreur(s) dans {folder} : `parcours check {folder}`.",
            en=f"{listed}{len(errors)} error(s) in {folder}: `parcours check {folder}`.",
            code=FOUND,
        )
    return loaded.library


def texts_of(folder: Path) -> dict[str, str]:
    """Return the files of a library that was checked, as they are published: path -> text."""
    return {name: content.decode("utf-8") for name, content in read_folder(folder).items()}


def refuse_unbuilt(loaded: Loaded, folder: Path) -> None:
    """Refuse a library whose form is so wrong that nothing could be built of it.

    Raises:
        Stop: with its findings.
    """
    if loaded.library is None:
        listed = to_text(loaded.findings[:20])
        raise Stop(
            fr=f"{listed}{folder} a des erreurs de forme : `parcours check {folder}`.",
            en=f"{listed}{folder} has errors of form: `parcours check {folder}`.",
            code=FOUND,
        )


def journey_of(library: Library, wanted: str) -> Journey:
    """Return a journey by its id.

    Raises:
        Stop: the library has none of that id; those near it are named.
    """
    if wanted in library.journeys:
        return library.journeys[wanted]
    near = get_close_matches(wanted, library.journeys, n=3) or sorted(
        journey.id for journey in library.journeys.values() if journey.startable
    )
    raise Stop(
        fr=f"Pas de parcours {wanted} ici. Il y a : {', '.join(near)}.",
        en=f"No journey {wanted} here. There are: {', '.join(near)}.",
        code=USAGE,
    )
