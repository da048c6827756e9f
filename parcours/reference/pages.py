"""Every generated page, one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parcours.reference import engine_pages, language_pages, service_pages
from parcours.reference.markdown import page, table

PAGES: Mapping[str, tuple[str, Callable[[], str]]] = {
    "step-kinds.md": ("Step kinds", engine_pages.step_kinds),
    "answer-types.md": ("Answer types", language_pages.answer_types),
    "expressions.md": ("Expressions", language_pages.expressions),
    "events.md": ("Events of a session", engine_pages.events),
    "commands.md": ("Commands, by role", engine_pages.commands),
    "states.md": ("States of sessions and contacts", engine_pages.states),
    "errors.md": ("Error codes", service_pages.errors),
    "settings.md": ("Settings of the service", service_pages.settings),
    "permissions.md": ("Permissions", service_pages.permissions),
}


def render() -> dict[str, str]:
    """Return the whole reference: file name -> text."""
    rendered = {name: make() for name, (_, make) in PAGES.items()}
    listed = table(["page", ""], ((f"[{title}]({name})", "") for name, (title, _) in PAGES.items()))
    rendered["README.md"] = page("Reference", "Generated from the code.", listed)
    return rendered
