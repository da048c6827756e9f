"""Loading and checking: a thousand journeys, and one of five thousand steps; cold, then warm."""

from __future__ import annotations

from typing import Any

import orjson
import yaml

from authoring.cache import Cache
from authoring.check import check, check_journey
from authoring.load import load
from bench.libraries import long, many
from bench.measure import Row, once

JOURNEYS = 1_000
STEPS = 5_000


def parse(files: dict[str, str]) -> list[Any]:
    """Parse every file with the C parser alone."""
    return [yaml.load(text, Loader=yaml.CSafeLoader) for text in files.values()]


def rows() -> list[Row]:
    """Measure both libraries beside the parser and orjson."""
    return [*_many(), *_long()]


def _many() -> list[Row]:
    files = many(JOURNEYS)
    data = parse(files)
    texts = [orjson.dumps(one) for one in data]
    parser = once(lambda: parse(files))
    reading = once(lambda: [orjson.loads(text) for text in texts], rounds=3)
    cold = once(lambda: _load_and_check(files, None))
    cache = Cache()
    _load_and_check(files, cache)
    warm = once(lambda: _load_and_check(files, cache))
    name = f"{JOURNEYS:,} journeys, load and check"
    return [
        Row(f"{name}, cold", cold, "ms", parser, "YAML parser", 2),
        Row(f"{name}, warm", warm, "ms", reading, "orjson", 3),
    ]


def _long() -> list[Row]:
    files = long(STEPS)
    cold = once(lambda: _load_and_check(files, None))
    cache = Cache()
    _load_and_check(files, cache)
    warm = once(lambda: load(files, cache=cache), rounds=3)
    loaded = load(files, cache=cache)
    again = once(lambda: check_journey(loaded, "many.long"), rounds=3)
    half = once(lambda: _load_and_check(long(STEPS // 2), None))
    name = f"one journey of {STEPS:,} steps"
    return [
        Row(f"{name}, load and check, cold", cold, "ms", None, "", 2_000),
        Row(f"{name}, load, warm", warm, "ms", None, "", 25),
        Row(f"{name}, check again", again, "ms", None, "", 50),
        Row(f"{name}, growth", cold, "ms", half, "half of it", 2.3),
    ]


def _load_and_check(files: dict[str, str], cache: Cache | None) -> None:
    loaded = load(files, cache=cache)
    errors = [one for one in check(loaded, cache=cache) if one.severity == "error"]
    assert loaded.library is not None, errors[:3]
    assert not errors, errors[:3]
