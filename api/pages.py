"""The few pages for people until the console exists: self-contained, without a script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from typing import Any

from api.headers import HTML_CSP
from api.operations import Operation
from api.problems import Reply

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}code{background:#f0f0f0;padding:.1em .3em}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;"
    "padding:.3rem .6rem;border-bottom:1px solid #ccc}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_CSP = HTML_CSP.format(style=f"sha256-{_HASH}").encode()

_WELCOME = {
    "en": (
        "The service is running.",
        "The advisors’ console comes later; for now everything goes through the API.",
        (
            ("/v1/journeys", "the journeys one may start (a key is needed)"),
            ("/openapi.json", "the description of the API"),
            ("/docs", "the same, to read"),
            ("/live", "is the service alive?"),
            ("/ready", "can it take work?"),
            ("/v1/schemas/journey.json", "the schema that editors complete and check with"),
        ),
    ),
    "fr": (
        "Le service fonctionne.",
        "La console des conseillers viendra ; pour l’instant tout passe par l’API.",
        (
            ("/v1/journeys", "les parcours que l’on peut commencer (avec une clé)"),
            ("/openapi.json", "la description de l’API"),
            ("/docs", "la même, à lire"),
            ("/live", "le service est-il en vie ?"),
            ("/ready", "peut-il travailler ?"),
            ("/v1/schemas/journey.json", "le schéma qui sert aux éditeurs"),
        ),
    ),
}


def welcome(language: str) -> Reply:
    """Return the page at the root: what this is, and where to go."""
    heading, lead, links = _WELCOME[language]
    rows = "".join(
        f'<tr><td><a href="{path}"><code>{path}</code></a></td><td>{escape(text)}</td></tr>'
        for path, text in links
    )
    return _page(
        language,
        title="Parcours",
        body=f"<h1>Parcours</h1><p>{escape(heading)} {escape(lead)}</p><table>{rows}</table>",
    )


def operations(all_of_them: Iterable[Operation], document: dict[str, Any]) -> Reply:
    """Return the list of operations, to read."""
    rows = "".join(
        f"<tr><td><code>{operation.method} {escape(operation.path)}</code></td>"
        f"<td>{escape(_summary(document, operation))}</td>"
        f"<td><code>{escape(_permission(document, operation))}</code></td></tr>"
        for operation in all_of_them
    )
    return _page(
        "en",
        title="Parcours — API",
        body="<h1>API</h1><p>Complete, with examples: "
        '<a href="/openapi.json"><code>/openapi.json</code></a></p>'
        f"<table><tr><th>operation</th><th></th><th>permission</th></tr>{rows}</table>",
    )


def _summary(document: dict[str, Any], operation: Operation) -> str:
    return str(document["paths"][operation.path][operation.method.lower()]["summary"])


def _permission(document: dict[str, Any], operation: Operation) -> str:
    return str(document["paths"][operation.path][operation.method.lower()]["x-permission"])


def _page(language: str, *, title: str, body: str) -> Reply:
    text = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>{body}</html>"
    )
    return Reply(
        200,
        text.encode(),
        ((b"content-security-policy", _CSP), (b"content-language", language.encode())),
        b"text/html; charset=utf-8",
    )
