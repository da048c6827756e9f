"""The built pages, held in memory: what a browser may be given is what was found there, no more.

An address is looked up among the files found, and never becomes a path: nothing above or beside the
folder can be named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MEDIA_TYPES: Final[Mapping[str, bytes]] = {
    ".css": b"text/css; charset=utf-8",
    ".html": b"text/html; charset=utf-8",
    ".ico": b"image/x-icon",
    ".js": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".map": b"application/json",
    ".png": b"image/png",
    ".svg": b"image/svg+xml",
    ".txt": b"text/plain; charset=utf-8",
    ".woff2": b"font/woff2",
}
"""What is served, by the end of its name; anything else found there is not."""

CODINGS: Final = ((b"br", ".br"), (b"gzip", ".gz"))
"""The ways a file may lie there compressed beside itself, best first."""

INDEX: Final = "index.html"
ROOM: Final = Path(__file__).resolve().parent
FOLDERS: Final = (ROOM / "web", ROOM.parent / "web" / "dist")
"""Where the pages lie: in an installed package, else in a checkout where they were built."""


@dataclass(frozen=True, slots=True)
class Form:
    """A file's bytes as they are sent, and the tag that changes with them."""

    body: bytes
    etag: bytes


@dataclass(frozen=True, slots=True)
class File:
    """One file: its media type, its bytes, and the same compressed, by coding."""

    media_type: bytes
    plain: Form
    packed: Mapping[bytes, Form] = field(default_factory=dict)

    def form(self, accepted: bytes) -> tuple[bytes | None, Form]:
        """Return the coding and the form to send to who accepts these; None: as it is."""
        for coding, _ in CODINGS:
            if coding in self.packed and _accepts(accepted, coding):
                return coding, self.packed[coding]
        return None, self.plain


class Bundle:
    """The files of one folder. Built anew, they are read anew at the next page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: Mapping[str, File] = {}
        self._built: int | None = None
        self.refresh()

    @property
    def is_built(self) -> bool:
        """Whether there are pages at all."""
        return self._built is not None

    def refresh(self) -> None:
        """Read the folder again if its pages were built since."""
        try:
            built = (self.folder / INDEX).stat().st_mtime_ns
        except OSError:
            built = None
        if built != self._built:
            self._files = dict(_read(self.folder)) if built is not None else {}
            self._built = built

    def find(self, name: str) -> File | None:
        """Return a file by its name below the folder, such as `assets/index-1a2b.js`."""
        return self._files.get(name)


def find_bundle() -> Bundle:
    """Return the bundle of this installation, built or not."""
    return Bundle(next((one for one in FOLDERS if (one / INDEX).is_file()), FOLDERS[-1]))


def _read(folder: Path) -> list[tuple[str, File]]:
    found = []
    for path in sorted(folder.rglob("*")):
        media_type = MEDIA_TYPES.get(path.suffix)
        # A link could lead out of the folder.
        if media_type is None or path.is_symlink() or not path.is_file():
            continue
        packed = {
            coding: _form(beside)
            for coding, suffix in CODINGS
            if (beside := path.with_name(path.name + suffix)).is_file()
        }
        name = path.relative_to(folder).as_posix()
        found.append((name, File(media_type, _form(path), packed)))
    return found


def _form(path: Path) -> Form:
    body = path.read_bytes()
    return Form(body, b'"%b"' % hashlib.sha256(body).hexdigest()[:32].encode("ascii"))


def _accepts(accepted: bytes, coding: bytes) -> bool:
    for part in accepted.lower().split(b","):
        name, _, parameter = part.strip().partition(b";")
        if name.strip() == coding:
            return parameter.replace(b" ", b"") not in {b"q=0", b"q=0.0", b"q=0.00", b"q=0.000"}
    return False
