"""What was read and built before, by content: a reload does again only what changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import msgspec

MAX_DOCUMENTS = 20_000
MAX_BUILT = 5_000
VERSION = "1"
"""Part of every stored name: raised when what reading gives changes."""


class Cache:
    """Documents without findings by the hash of their text.

    And built journeys by the hashes of all they depend on.

    Also the findings of a library examined to the letter before.

    Bounded: what was used longest ago goes first. With a folder, documents outlive the process, one
    JSON file each; a file that cannot be read is read again from its YAML.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        # Libraries are checked beside one another.
        self._lock = threading.Lock()
        self._documents: OrderedDict[str, Any] = OrderedDict()
        self._built: OrderedDict[str, Any] = OrderedDict()
        self.hits = 0
        self.misses = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def document(self, key: str) -> Any | None:
        """Return the data of a document read before, None when it was not."""
        data = self._documents.get(key)
        if data is None and self.folder is not None:
            data = self._stored(key)
        if data is None:
            self.misses += 1
            return None
        self.hits += 1
        self._put(self._documents, key, data, most=MAX_DOCUMENTS)
        return data

    def keep_document(self, key: str, data: Any) -> None:
        """Keep a document's data; it must not be changed afterwards."""
        self._put(self._documents, key, data, most=MAX_DOCUMENTS)
        if self.folder is not None:
            path = self._path(key)
            fresh = path.with_suffix(".new")
            fresh.write_bytes(msgspec.json.encode(data))
            fresh.replace(path)

    def built(self, key: str) -> Any | None:
        """Return something built before from the same sources, None when it was not."""
        found = self._built.get(key)
        if found is not None:
            self._put(self._built, key, found, most=MAX_BUILT)
        return found

    def keep_built(self, key: str, built: Any) -> None:
        """Keep something built; engine models do not change after loading."""
        self._put(self._built, key, built, most=MAX_BUILT)

    def _put(self, kept: OrderedDict[str, Any], key: str, value: Any, *, most: int) -> None:
        with self._lock:
            kept[key] = value
            kept.move_to_end(key)
            if len(kept) > most:
                kept.popitem(last=False)

    def _path(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{key}.{VERSION}.json"

    def _stored(self, key: str) -> Any | None:
        try:
            return msgspec.json.decode(self._path(key).read_bytes())
        except (OSError, msgspec.DecodeError):
            return None
