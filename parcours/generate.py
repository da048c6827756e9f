"""`python -m parcours.generate`: the reference written anew, or held against the code."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from parcours.places import ROOT
from parcours.reference.pages import render

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOLDER = ROOT / "docs" / "reference"


def stale(folder: Path = FOLDER) -> list[str]:
    """Return the names of the pages that are missing, or are not what the code says."""
    return [name for name, text in render().items() if _read(folder / name) != text]


def write(folder: Path = FOLDER) -> list[str]:
    """Write the pages that are not up to date, and return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = stale(folder)
    pages = render()
    for name in changed:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(pages[name], encoding="utf-8")
    return changed


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def main(argv: Sequence[str] | None = None) -> int:
    """Write the reference; with `--check`, say what is stale and return 1 instead."""
    parser = argparse.ArgumentParser(prog="parcours.generate", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    args = parser.parse_args(argv)
    changed = stale() if args.check else write()
    for name in changed:
        print(f"{'stale' if args.check else 'written'}: docs/reference/{name}")
    return int(bool(changed and args.check))


if __name__ == "__main__":
    sys.exit(main())
