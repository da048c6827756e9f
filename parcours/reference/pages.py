"""Every generated page, one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.openapi import as_text
from parcours.reference import engine_pages, language_pages, measure_pages, service_pages, views
from parcours.reference.markdown import page

PAGES: Mapping[str, tuple[str, Callable[[], str]]] = {
    "step-kinds.md": ("Step kinds", engine_pages.step_kinds),
    "answer-types.md": ("Answer types", language_pages.answer_types),
    "expressions.md": ("Expressions", language_pages.expressions),
    "checks.md": ("What the checker proves", language_pages.checks),
    "events.md": ("Events of a session", engine_pages.events),
    "commands.md": ("Commands, by role", engine_pages.commands),
    "states.md": ("States of sessions and contacts", engine_pages.states),
    "errors.md": ("Error codes", service_pages.errors),
    "settings.md": ("Settings of the service", service_pages.settings),
    "permissions.md": ("Permissions", service_pages.permissions),
    "measures.md": ("Measures", measure_pages.index),
}


def render() -> dict[str, str]:
    """Return the whole reference: file name -> text."""
    rendered = {name: make() for name, (_, make) in PAGES.items()}
    schemas = ", ".join(f"[{name}]({name})" for name in language_pages.schemas())
    listed = "\n".join(
        [
            *(f"- [{title}]({name})" for name, (title, _) in PAGES.items()),
            "- [The API, as OpenAPI](openapi.json)",
            "- [The facts as SQL views, for BI tools](views.sql)",
            f"- JSON Schemas of a library's files, for editors: {schemas}",
        ]
    )
    rendered["README.md"] = page("Reference", "Generated from the code.", listed)
    rendered |= measure_pages.pages() | {"views.sql": views.views()}
    return rendered | language_pages.schemas() | {"openapi.json": as_text()}
