"""Reference pages of the journey language: answer types, expressions and their functions."""

from __future__ import annotations

import json

from authoring.checks.reference import reference
from authoring.schema import library_schemas
from engine.answers import ANSWER_TYPES, build
from engine.expressions import FUNCTIONS, GRAMMAR, MAX_ITEMS, MAX_STEPS, MISSING_TABLE
from parcours.reference.markdown import NOTICE, block, code, page, section, shape, table, words

_NEEDED: dict[str, dict[str, object]] = {
    "choice": {"options": ("a", "b")},
    "multiple": {"options": ("a", "b")},
    "identifier": {"scheme": "iban"},
    "money": {"currency": "EUR"},
    "consent": {"text": {"fr": "J'accepte.", "en": "I agree."}},
    "group": {"fields": {"name": build("text", {})}},
}
"""Settings without which a type says little of its form."""
_SHOWN = {
    "choice": ", with the options `a` and `b`",
    "multiple": ", with the options `a` and `b`",
    "identifier": ", for `scheme: iban`",
    "money": ", for `currency: EUR`",
    "consent": ", for one text (`text_hash` is the SHA-256 of the text that was agreed to)",
    "group": ", for one field `name` of type text",
}


def answer_types() -> str:
    """Return the page of the answer types: what each takes, its keys, its JSON form."""
    parts = [
        section(
            code(name),
            words(kind),
            table(
                ["key", "form"], ((code(key), shape(value)) for key, value in kind.settings.items())
            ),
            f"Its JSON form{_SHOWN.get(name, '')}:",
            block(json.dumps(build(name, _NEEDED.get(name, {})).schema(), indent=2), "json"),
            "A barrier: once given, no correction before it." if kind.is_barrier else "",
        )
        for name, kind in ANSWER_TYPES.items()
    ]
    return page(
        "Answer types",
        "What a question may take. Answers travel, and are kept, in their JSON form.",
        *parts,
    )


def checks() -> str:
    """Return the page of what the checker proves, each check with its manual."""
    return f"{NOTICE}\n\n{reference()}"


def schemas() -> dict[str, str]:
    """Return the JSON Schemas that editors complete and check with: file name -> text."""
    return {
        f"{kind}.schema.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for kind, schema in library_schemas().items()
    }


def expressions() -> str:
    """Return the page of the expression language: grammar, missing values, functions."""
    functions = table(
        ["function", "takes", "gives", "example"],
        (
            (code(one.name), one.signature(), one.doc["en"], code(one.example))
            for one in FUNCTIONS.values()
        ),
    )
    missing = table(["expression", "gives"], ((code(text), gives) for text, gives in MISSING_TABLE))
    return page(
        "Expressions",
        "The language of conditions: small, typed, and it never fails while it runs. "
        f"One evaluation costs at most {MAX_STEPS:,} operations and walks lists of at most "
        f"{MAX_ITEMS:,} items.",
        section("Grammar", block(GRAMMAR, "ebnf")),
        section(
            "Missing values",
            "A value nobody gave is *missing*, which is neither true nor false. Here `m` is "
            "missing, and a rule fires only on true.",
            missing,
        ),
        section("Functions", functions),
    )
