"""How each helpdesk we know is asked: a mapping to begin with, which a deployment writes over.

The words are those of the kind `http`; the inputs are those of `connectors/ticketing.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

DJANGO_HELPDESK: Final[Mapping[str, Any]] = {
    "time": "hms",
    "operations": {
        "open": {
            "method": "POST",
            "path": "/api/tickets/",
            "json": {
                "queue": {"value": 1},
                "priority": {"value": 3},
                "title": "title",
                "description": "marked_description",
                "submitter_email": "email",
                "custom_declaration": "declaration",
                "custom_qualification": "qualification",
                "custom_action": "action",
            },
            "output": {"ticket": "string"},
            "result": {"ticket": {"at": "id", "as": "text"}},
        },
        "follow_up": {
            # Without a title: a follow-up's title would become the ticket's own.
            "method": "POST",
            "path": "/api/followups/",
            "json": {
                "ticket": "ticket",
                "comment": "marked_comment",
                "time_spent": "time",
                "public": "public",
            },
            "output": {"note": "string"},
            "result": {"note": {"at": "id", "as": "text"}},
        },
        "close": {
            "method": "PATCH",
            "path": "/api/tickets/{ticket}/",
            "effect": "idempotent",
            "json": {
                "status": {"value": 3},
                "resolution": "resolution",
                "custom_declaration": "declaration",
                "custom_qualification": "qualification",
                "custom_action": "action",
            },
            "refusals": [{"status": 404, "reason": "not_found"}],
        },
        "find": {
            "path": "/api/tickets/{ticket}/",
            "output": {"ticket": "string", "title": "string", "status": "string"},
            "result": {
                "ticket": {"at": "id", "as": "text"},
                "title": "title",
                "status": {
                    "at": "status",
                    "map": {
                        "1": "open", "2": "open", "3": "closed", "4": "closed", "5": "closed",
                    },
                },
            },
            "refusals": [{"status": 404, "reason": "not_found"}],
        },
        "search": {
            "path": "/api/tickets/",
            "query": {"page": "page", "page_size": {"value": 50}},
            "result": {
                "items": {
                    "at": "results",
                    "each": {"ticket": {"at": "id", "as": "text"}, "text": "description"},
                },
                "count": "count",
            },
        },
        "notes": {
            "path": "/api/tickets/{ticket}/",
            "result": {
                "items": {
                    "at": "followup_set",
                    "each": {"note": {"at": "id", "as": "text"}, "text": "comment"},
                },
            },
        },
    },
}  # fmt: skip
"""django-helpdesk 2.6: open is 1, resolved 3. Its custom fields are named `custom_` and their
slug; one that the helpdesk does not have is left out by it without a word."""

HELPDESKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "django-helpdesk": DJANGO_HELPDESK,
    "other": {},
}


def merged(known: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with what a deployment writes over it; tables are merged, key by key."""
    found = dict(known)
    for name, value in written.items():
        before = found.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping) and "value" not in value:
            found[name] = merged(before, value)
        else:
            found[name] = value
    return found
