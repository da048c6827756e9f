"""Where things are: the shipped library, and what a path typed by a person leads to."""

from __future__ import annotations

from pathlib import Path

from parcours.stops import Stop

ROOT = Path(__file__).resolve().parent.parent
"""The checkout, or the folder the wheel was installed in: rooms stand side by side in both."""
SHIPPED = ROOT / "journeys" / "demo"
TEMPLATES = Path(__file__).resolve().parent / "template"


def library_folder(path: Path | None) -> Path:
    """Return the folder of the library meant: the one given, else this one, else the shipped one.

    Raises:
        Stop: what was given holds no `library.yaml`.
    """
    if path is None:
        here = Path.cwd()
        return here if (here / "library.yaml").is_file() else SHIPPED
    folder = path.parent if path.name == "library.yaml" else path
    if not (folder / "library.yaml").is_file():
        raise Stop(
            fr=f"{path} n'est pas une bibliothèque : il y manque library.yaml. "
            "`parcours new DOSSIER` en crée une.",
            en=f"{path} is not a library: it has no library.yaml. "
            "`parcours new FOLDER` begins one.",
        )
    return folder
