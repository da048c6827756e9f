"""Every answer type with the settings of its golden cases."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from engine.answers import AnswerType, build

GOLDEN = Path(__file__).parents[1] / "golden" / "answers" / "accepted.yaml"
CASES: dict[str, dict[str, Any]] = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))


def made(name: str) -> AnswerType:
    """Return an answer type as its golden cases have it."""
    settings = dict(CASES[name].get("settings", {}))
    if name == "group":
        settings["fields"] = {"article": build("text", {}), "count": build("number", {"min": 1})}
    if "pattern" in settings:
        pattern = re.compile(settings["pattern"])
        return build(name, settings, matcher=lambda text: pattern.fullmatch(text) is not None)
    return build(name, settings)
