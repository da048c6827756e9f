"""The few pages that need no bundle: self-contained, without a script."""

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

_NOT_BUILT = {
    "en": (
        "The service is running; its pages are not built.",
        (
            "In a checkout, make install builds them, then reload this page. A package that was "
            "installed brings them along: this one was made without."
        ),
        "Everything goes through the API meanwhile:",
    ),
    "fr": (
        "Le service fonctionne ; ses pages ne sont pas construites.",
        (
            "Dans une copie de travail, make install les construit, puis rechargez cette page. Un "
            "paquet installé les apporte : celui-ci a été fait sans elles."
        ),
        "En attendant, tout passe par l’API :",
    ),
}
_MEANWHILE = ("/docs", "/openapi.json", "/ready")


def not_built(language: str) -> Reply:
    """Return the page shown in place of those that were not built: how to build them."""
    heading, how, meanwhile = _NOT_BUILT[language]
    links = " · ".join(f'<a href="{path}"><code>{path}</code></a>' for path in _MEANWHILE)
    return _page(
        language,
        title="Parcours",
        body=f"<h1>Parcours</h1><p>{escape(heading)}</p><p>{_code(escape(how))}</p>"
        f"<p>{escape(meanwhile)} {links}</p>",
    )


def _code(text: str) -> str:
    return text.replace("make install", "<code>make install</code>")


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
