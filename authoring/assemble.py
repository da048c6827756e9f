"""The documents of a library put together.

Shared parts first, then journeys, those called before their callers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from authoring.building.codes import code_lists
from authoring.building.connectors import operations
from authoring.building.desk import Desk
from authoring.building.ground import Ground, Interface
from authoring.building.journeys import JourneyBuild, called
from authoring.building.settings import settings
from authoring.building.tables import table
from authoring.cache import Cache
from authoring.digest import content_hash
from authoring.documents import Document
from authoring.findings import Finding
from authoring.optional import skippable
from authoring.sources import Sources
from engine.model import ROLES, Journey, Library
from engine.steps.ask import Ask


@dataclass(slots=True)
class Part:
    """A document with the desk its findings lie on."""

    desk: Desk
    document: Document


@dataclass(slots=True)
class Built:
    """A journey built, with what is needed to give it again without building.

    Its ids in order, its callers' view.
    """

    journey: Journey
    interface: Interface
    places: dict[str, int]


class Half:
    """The documents of one library: the one loaded, or the system's."""

    def __init__(self) -> None:
        self.single: dict[str, Part] = {}
        self.tables: list[Part] = []
        self.journeys: dict[str, Part] = {}
        self.callees: dict[str, list[str]] = {}
        self.keys: dict[str, str] = {}
        """What each journey depends on, once it is built."""

    @cached_property
    def saved(self) -> Mapping[str, frozenset[str]]:
        """The values that callers save, by the journey that gives them, as written."""
        found: dict[str, set[str]] = {}
        for part in self.journeys.values():
            for data in part.document.data["steps"] if part.document.data is not None else ():
                if isinstance(data, dict) and isinstance(data.get("call"), str):
                    saves = data.get("saves")
                    names = list(saves.values()) if isinstance(saves, dict) else saves
                    found.setdefault(data["call"], set()).update(
                        name
                        for name in (names if isinstance(names, list) else ())
                        if isinstance(name, str)
                    )
        return {name: frozenset(names) for name, names in found.items()}

    def take(self, part: Part) -> None:
        """Put a document where it belongs. A journey's id is its file's where it cannot be read."""
        kind, data = part.document.kind, part.document.data
        if kind == "table":
            self.tables.append(part)
        elif kind == "journey":
            stem = part.document.file.rpartition("/")[2].rpartition(".")[0]
            name = data["journey"] if isinstance(data, dict) else stem
            if name in self.journeys:
                other = self.journeys[name].document.file
                part.desk.report(
                    "form.duplicate-journey",
                    ("journey",),
                    f"The journey `{name}` is in {other} already.",
                )
            else:
                self.journeys[name] = part
        else:
            self.single[kind] = part

    def data(self, kind: str) -> Mapping[str, Any] | None:
        """Return the data of one of the library's own files.

        None when it is not there or cannot be used.
        """
        part = self.single.get(kind)
        return part.document.data if part is not None else None

    def desk(self, kind: str) -> Desk:
        """Return the desk of one of the library's own files."""
        return self.single[kind].desk


class Assembly:
    """A library being put together."""

    def __init__(
        self, sources: Sources, revision: str, *, cache: Cache, today: date | None
    ) -> None:
        self.sources = sources
        self.revision = revision
        self.cache = cache
        self.today = today
        self.own = Half()
        self.system = Half()
        self.desks: list[Desk] = []
        self.interfaces: dict[str, Interface] = {}
        self.journeys: dict[str, Journey] = {}

    def inherit(self, desk: Desk, document: Document | None) -> None:
        """Take a document of the system library."""
        self.desks.append(desk)
        if document is not None:
            self.system.take(Part(desk, document))

    def add(self, desk: Desk, document: Document | None) -> None:
        """Take a document of the library."""
        self.desks.append(desk)
        if document is not None:
            self.own.take(Part(desk, document))

    def findings(self) -> list[Finding]:
        """Return everything found so far."""
        return [finding for desk in self.desks for finding in desk.findings]

    def build(self) -> Library | None:
        """Return the library, None when its settings cannot be read or it has no journey at all."""
        system_ground, _ = self._ground(self.system)
        for name in self._in_order(self.system):
            if name not in self.own.journeys:
                self._journey(name, self.system.journeys[name], system_ground, self.system)
        if self.own.data("library") is None:
            if "library" not in self.own.single:
                self._missing_settings()
            ground = Ground(languages=("fr", "en"))
            self._shared(self.own, ground)
            keys = None
        else:
            ground, keys = self._ground(self.own)
        for name in self._in_order(self.own):
            self._journey(name, self.own.journeys[name], ground, self.own)
        if keys is None:
            return None
        roles = {role: name for role, name in self._roles().items() if name in self.journeys}
        return Library(
            **keys,
            revision=self.revision,
            journeys=self.journeys,
            codes=ground.codes,
            operations=ground.operations,
            tables={name: one.table for name, one in ground.tables.items()},
            system=roles,
        )

    def _roles(self) -> dict[str, str]:
        inherited = (self.system.data("library") or {}).get("system") or {}
        own = (self.own.data("library") or {}).get("system") or {}
        for role, name in own.items():
            if name not in self.journeys and name not in self.own.journeys:
                self.own.desk("library").report(
                    "graph.unknown-journey", ("system", role), f"There is no journey `{name}`."
                )
        chosen: dict[str, str] = {**inherited, **own}
        return {role: chosen[role] for role in ROLES if role in chosen}

    def _missing_settings(self) -> None:
        desk = Desk("library.yaml", self.sources)
        self.desks.append(desk)
        desk.report(
            "form.missing-file",
            (),
            "A library has a file library.yaml: its name, languages and settings.",
        )

    def _ground(self, half: Half) -> tuple[Ground, dict[str, Any] | None]:
        ground = Ground()
        data = half.data("library")
        keys = None
        if data is not None:
            keys = settings(half.desk("library"), ground, data)
        self._shared(half, ground)
        return ground, keys

    def _shared(self, half: Half, ground: Ground) -> None:
        codes = half.data("codes")
        if codes is not None:
            ground.codes = code_lists(half.desk("codes"), codes, ground.languages)
        connectors = half.data("connectors")
        if connectors is not None:
            operations(half.desk("connectors"), ground, connectors)
        broken: set[str] = set()
        tables = {}
        for part in half.tables:
            data = part.document.data
            name = (
                data["table"]
                if data is not None
                else part.document.file.rpartition("/")[2].rpartition(".")[0]
            )
            built = None if data is None else table(part.desk, ground, name, data=data)
            if built is None:
                broken.add(name)
            else:
                tables[name] = built
        ground.tables, ground.broken_tables = tables, frozenset(broken)

    def _in_order(self, half: Half) -> Iterator[str]:
        """Yield journeys so that those called come before their callers, however deep.

        A cycle is entered anywhere.
        """
        done: set[str] = set()
        for first in half.journeys:
            stack = [(first, iter(self._callees(half, first)))]
            open_: set[str] = {first}
            while stack and first not in done:
                name, callees = stack[-1]
                for callee in callees:
                    if callee not in done and callee not in open_:
                        open_.add(callee)
                        stack.append((callee, iter(self._callees(half, callee))))
                        break
                else:
                    stack.pop()
                    done.add(name)
                    yield name

    @staticmethod
    def _callees(half: Half, name: str) -> list[str]:
        found = half.callees.get(name)
        if found is None:
            data = half.journeys[name].document.data
            names = called(data["steps"]) & half.journeys.keys() if data is not None else ()
            found = half.callees[name] = sorted(names)
        return found

    def _journey(self, name: str, part: Part, ground: Ground, half: Half) -> None:
        document = part.document
        self.sources.journeys[name] = document.file
        if document.data is None:
            return
        key = self._key(name, part, half)
        if not document.clean:
            key = ""
        known = self.cache.built(key) if key else None
        if known is None:
            maker = JourneyBuild(
                part.desk, ground, document.data, broken=document.broken, callees=self.interfaces
            )  # fmt: skip
            before = len(part.desk.findings)
            journey, interface = maker.build(self.today)
            self._mark_skippable(journey, half)
            known = Built(journey, interface, self.sources.steps[name])
            if key and len(part.desk.findings) == before:
                self.cache.keep_built(key, known)
        self.journeys[name] = known.journey
        self.interfaces[name] = known.interface
        self.sources.steps[name] = known.places

    def _mark_skippable(self, journey: Journey, half: Half) -> None:
        optional = skippable(journey, half.saved.get(journey.id, frozenset()))
        for step in journey.steps.values():
            if isinstance(step, Ask):
                for question in step.questions:
                    question.skippable = (step.id, question.name) in optional

    def _key(self, name: str, part: Part, half: Half) -> str:
        """Return what a built journey depends on.

        Its text, the library's shared files, and all it leads to. Those it calls mostly have their
        keys already, which stand for what they lead to in turn.
        """
        texts = self.sources.texts
        saved = sorted(half.saved.get(name, ()))
        whole = sha256(f"{name} {part.document.file} {self.today} {saved}".encode())
        files = {one.document.file for one in (*half.single.values(), *half.tables)}
        files.add(part.document.file)
        callees = self._callees(half, name)
        if all(one in half.keys for one in callees):
            whole.update(" ".join(half.keys[one] for one in callees).encode())
        else:
            files |= self._reached(name, half)
        for file in sorted(files):
            whole.update(f"{file} {content_hash(texts.get(file, ''))}\n".encode())
        half.keys[name] = whole.hexdigest()
        return half.keys[name]

    def _reached(self, name: str, half: Half) -> set[str]:
        """Return the files of all journeys one leads to: on a circle, none has its key first."""
        reached: set[str] = set()
        todo = [name]
        while todo:
            one = todo.pop()
            if one not in reached:
                reached.add(one)
                todo += self._callees(half, one)
        return {half.journeys[one].document.file for one in reached}
