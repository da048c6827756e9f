"""Answers that come in pages: the next one is asked for, so many at most."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from connectors.outward import Answer, Ask
from connectors.picking import reached
from connectors.shapes import Misfit

MOST: Final = 100
"""More pages than this are never asked for."""
_LINK: Final = re.compile(r"<([^<>]*)>\s*((?:;[^,<]*)*)")
_NEXT: Final = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([^\s;",]+))""", re.IGNORECASE)


class TooMany(Exception):
    """There are more pages than are asked for, and leaving some out was not allowed."""


@dataclass(frozen=True, slots=True)
class Pages:
    """How the next page is found.

    Attributes:
        by: `link` (the header of that name, RFC 8288), `cursor` (a text of the body that goes into
            a parameter) or `number` (a parameter that is counted up).
        items: the names that lead to the list in a page.
        query: the parameter of a cursor or number.
        at: the names that lead to the cursor.
        first: the number of the first page.
        most: how many pages are asked for.
        cut: whether what is beyond is left out, in place of a failure.
    """

    by: Literal["link", "cursor", "number"]
    items: tuple[str, ...] = ()
    query: str = "page"
    at: tuple[str, ...] = ()
    first: int = 1
    most: int = 10
    cut: bool = False

    def items_of(self, body: Any) -> list[Any]:
        """Return the list of a page.

        Raises:
            Misfit: there is none.
        """
        found = reached(body, self.items)
        if not isinstance(found, list):
            raise Misfit(".".join(self.items))
        return found

    def following(self, ask: Ask, answer: Answer, body: Any, *, count: int) -> Ask | None:
        """Return the request for the page after one; None when it was the last.

        Args:
            ask: what that page was asked with.
            answer: how it was answered.
            body: its JSON value.
            count: how many pages there are by now.
        """
        match self.by:
            case "link":
                link = _next_link(answer.headers)
                return None if link is None else replace(ask, url=urljoin(ask.url, link))
            case "cursor":
                cursor = reached(body, self.at)
                if cursor in {None, "", False} or not isinstance(cursor, str | int):
                    return None
                return replace(ask, url=_with(ask.url, self.query, str(cursor)))
            case _:
                if not self.items_of(body):
                    return None
                return replace(ask, url=_with(ask.url, self.query, str(self.first + count)))

    def joined(self, first: Any, items: list[Any]) -> Any:
        """Return the first page's body with all the items in place of its own."""
        return _put(first, self.items, items)


def _put(body: Any, path: tuple[str, ...], items: list[Any]) -> Any:
    if not path:
        return items
    return {**body, path[0]: _put(body[path[0]], path[1:], items)}


def _next_link(headers: Mapping[str, str]) -> str | None:
    for target, parameters in _LINK.findall(headers.get("link", "")[:8_192]):
        for quoted, bare in _NEXT.findall(parameters):
            if "next" in (quoted or bare).lower().split():
                return str(target)
    return None


def _with(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    query = urlencode([*pairs, (name, value)], quote_via=quote)
    return urlunsplit(parts._replace(query=query))
