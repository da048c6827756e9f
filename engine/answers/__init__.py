"""The types of answers: what a question takes, refuses with a reason, and shows."""

from __future__ import annotations

from engine.answers.base import AnswerType, BadAnswer, BadSetting, Matcher, Schema
from engine.answers.registry import ANSWER_TYPES, DATA_TYPES, build

__all__ = [
    "ANSWER_TYPES",
    "DATA_TYPES",
    "AnswerType",
    "BadAnswer",
    "BadSetting",
    "Matcher",
    "Schema",
    "build",
]
