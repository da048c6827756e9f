"""Answers in pages are put together, so many at most, and never from another place."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.port import Outcome
from tests.connectors.deployed import HERE, call, opened
from tests.connectors.systems import Call, response, system

TABLE = """
[oms]
kind = "http"
base_url = "{url}"
{here}
[oms.operations.list]
path = "/orders"
query = {{customer = "customer"}}
pages = {{{pages}}}
result = {{orders = {{at = "{at}", each = {{id = "id"}}}}}}
"""
BY_LINK = 'by = "link"'
BY_CURSOR = 'by = "cursor", at = "next", query = "after", items = "data.orders"'
BY_NUMBER = 'by = "number", query = "p", items = "orders"'


def listed(
    pages: str, at: str, *, count: int, next_link: str | None = None
) -> tuple[Outcome, list[str]]:
    """Return what comes of a list in so many pages, and what was asked for it."""

    async def answering(request: Call, writer: asyncio.StreamWriter) -> None:
        url = urlsplit(request.line.split()[1])
        said = parse_qs(url.query)
        number = int((said.get("after") or said.get("p") or said.get("page") or ["1"])[0])
        items: list[Any] = [{"id": f"F-{number}", "secret": 1}] if number <= count else []
        headers = []
        body: Any = {"orders": items}
        if 'by = "link"' in pages:
            body = items
            here = f"/orders?customer=C%261&page={number + 1}"
            following = here if next_link is None else next_link
            if number < count:
                headers = [f'Link: </orders?page=1>; rel="first", <{following}>; rel="next"']
        elif 'by = "cursor"' in pages:
            body = {"data": {"orders": items}, "next": str(number + 1) if number < count else None}
        writer.write(response(json.dumps(body), headers=tuple(headers)))

    async def run() -> tuple[Outcome, list[str]]:
        async with system(answering) as found:
            text = TABLE.format(url=found.url, here=HERE, pages=pages, at=at)
            async with opened(text) as connectors:
                outcome = await call(connectors, "oms.list", customer="C&1")
            return outcome, [one.line.split()[1] for one in found.calls]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("pages", "at", "asked"),
    [
        (BY_LINK, "", ["page=2", "page=3"]),
        (BY_CURSOR, "data.orders", ["after=2", "after=3"]),
        (BY_NUMBER, "orders", ["p=2", "p=3", "p=4"]),
    ],
)
def test_pages_follow_each_other_until_the_last(pages: str, at: str, asked: list[str]) -> None:
    outcome, urls = listed(pages, at, count=3)

    orders = [{"id": "F-1"}, {"id": "F-2"}, {"id": "F-3"}]
    assert outcome == Outcome("succeeded", {"orders": orders})
    assert urls == [f"/orders?customer=C%261{more}" for more in ("", *(f"&{one}" for one in asked))]


@pytest.mark.parametrize(
    ("pages", "at"), [(BY_LINK, ""), (BY_CURSOR, "data.orders"), (BY_NUMBER, "orders")]
)
def test_more_pages_than_asked_for_are_a_failure_or_left_out_as_said(pages: str, at: str) -> None:
    failed, urls = listed(f"{pages}, most = 2", at, count=10**6)
    cut, _ = listed(f'{pages}, most = 2, beyond = "cut"', at, count=10**6)

    assert failed == Outcome("failed", reason="connector.too-many-pages")
    assert len(urls) == 2
    assert cut == Outcome("succeeded", {"orders": [{"id": "F-1"}, {"id": "F-2"}]})


@pytest.mark.parametrize(
    "link",
    ["http://127.0.0.1:1/orders?page=2", "//evil.example/orders", "file:///etc/passwd"],
)
def test_the_next_page_is_never_elsewhere(link: str) -> None:
    outcome, urls = listed(BY_LINK, "", count=3, next_link=link)

    assert outcome == Outcome("failed", reason="egress.denied", sent=False)
    assert len(urls) == 1


def test_a_page_without_its_list_breaks_the_schema() -> None:
    outcome, _ = listed(BY_NUMBER.replace("orders", "others"), "others", count=1)

    assert outcome == Outcome("failed", reason="connector.schema")
