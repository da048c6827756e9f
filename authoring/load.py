"""A library's files, made into what the engine walks, with everything that is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from authoring.assemble import Assembly
from authoring.building.desk import Desk
from authoring.cache import Cache
from authoring.digest import content_hash, revision_hash
from authoring.documents import IGNORED, SUFFIXES, Document, document, kind_of_file
from authoring.findings import Finding, ordered
from authoring.sources import Sources
from authoring.yaml.characters import decode
from engine.model import Library

MAX_LIBRARY = 32 << 20
"""The largest library, in bytes. Source: semantics.md 32."""
SYSTEM = "system/"
"""What the files of the system library are called in findings and sources."""

Files = Mapping[str, bytes | str]


@dataclass(slots=True)
class Loaded:
    """What loading gave. `library` is None when there was not enough to build one.

    `findings` are those of loading, in order: form, names and kinds of values. `sources` tells
    where things stand, `tests` holds the library's conversations by file. A journey whose file has
    an error of form may lack steps.
    """

    library: Library | None
    findings: list[Finding] = field(default_factory=list)
    sources: Sources = field(default_factory=lambda: Sources({}))
    tests: dict[str, Any] = field(default_factory=dict)


def system_folder() -> Path:
    """Return the folder of the journeys every library inherits."""
    return Path(__file__).resolve().parent.parent / "journeys" / "system"


def system_files() -> dict[str, str]:
    """Return the journeys every library inherits, to keep them with what is published."""
    return {path: content.decode() for path, content in _system()}


def load(
    files: Files,
    *,
    today: date | None = None,
    cache: Cache | None = None,
    system: Files | None = None,
) -> Loaded:
    """Return the library its files make, the system library's journeys included.

    Args:
        files: content by path relative to the library's folder, `/` between folders.
        today: makes journeys past their `review_by` a warning.
        cache: what earlier loads have read and built.
        system: the inherited journeys as they were published with it; this release's by default.

    Never raises for what is written: everything wrong is among the findings, all at once.
    """
    inherited: Files = dict(_system()) if system is None else system
    sources = Sources({})
    loaded = Loaded(None, sources=sources)
    size = sum(len(content) for content in files.values())
    if size > MAX_LIBRARY:
        loaded.findings.append(
            Finding("form.too-large", "error", "library.yaml", 1, 1,
                    f"This library has {size:,} bytes; the most is {MAX_LIBRARY:,}.", "Split it.")
        )  # fmt: skip
        return loaded
    assembly = Assembly(
        sources, revision_hash(files, system=inherited), cache=cache or Cache(), today=today
    )
    for desk, found in _documents(inherited, sources, prefix=SYSTEM, cache=assembly.cache):
        assembly.inherit(desk, found)
    for desk, found in _documents(files, sources, prefix="", cache=assembly.cache):
        if found is not None and found.kind == "test":
            loaded.tests[desk.file] = found.data
            loaded.findings += desk.findings
        else:
            assembly.add(desk, found)
    loaded.library = assembly.build()
    loaded.findings = ordered([*loaded.findings, *assembly.findings()])
    return loaded


def load_folder(path: Path, *, today: date | None = None, cache: Cache | None = None) -> Loaded:
    """Return the library a folder holds. Raises OSError when the folder cannot be read."""
    return load(read_folder(path), today=today, cache=cache)


def read_folder(path: Path) -> dict[str, bytes]:
    """Return the YAML files of a library's folder by their path in it. Raises OSError."""
    if not path.is_dir():
        raise NotADirectoryError(f"{path} is not a folder")
    return {
        one.relative_to(path).as_posix(): one.read_bytes()
        for one in sorted(path.rglob("*"))
        if one.suffix in SUFFIXES and one.is_file()
    }


@lru_cache(maxsize=1)
def _system() -> tuple[tuple[str, bytes], ...]:
    # Part of the product: it does not change while it runs.
    return tuple(read_folder(system_folder()).items())


def _documents(
    files: Files, sources: Sources, *, prefix: str, cache: Cache
) -> Iterator[tuple[Desk, Document | None]]:
    for path in sorted(files):
        name = prefix + path
        desk = Desk(name, sources)
        kind = kind_of_file(path)
        if kind is None:
            if path not in IGNORED:
                desk.findings.append(
                    Finding(
                        "form.unread-file",
                        "warning",
                        name,
                        1,
                        1,
                        "Nothing reads this file.",
                        "A library is library.yaml, codes.yaml, connectors.yaml,"
                        " and YAML under journeys, tables, tests.",
                    )
                )
                yield desk, None
            continue
        content = files[path]
        text, unreadable = decode(content, name)
        if text is None:
            desk.findings += unreadable
            yield desk, Document(name, kind, None, clean=False)
            continue
        sources.texts[name] = text
        key = f"{kind}.{content_hash(content)}"
        data = cache.document(key)
        if data is not None:
            yield desk, Document(name, kind, data)
            continue
        found = document(desk, kind, text, sources=sources)
        if found is None:
            found = Document(name, kind, None, clean=False)
        elif found.clean:
            cache.keep_document(key, found.data)
        yield desk, found
