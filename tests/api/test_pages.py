"""The pages people see: where they are, what they may load, how long they are kept."""

from __future__ import annotations

import gzip
import http.client
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from api import gate
from api.bundle import Bundle
from api.routes.registry import OPERATIONS
from api.site import is_astray
from tests.api.conftest import settings
from tests.api.service import Shop, code_of, running

CRM = "https://crm.example"
SCRIPT = b"export const runner = 1\n"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors {ancestors}"
)


def build(folder: Path) -> Path:
    """Write a bundle as the pages' builder does, and a secret beside it."""
    files = {
        "dist/index.html": b"<!doctype html><title>console</title>",
        "dist/care.html": b"<!doctype html><title>care</title>",
        "dist/embed.html": b"<!doctype html><title>embed</title>",
        "dist/assets/index-1a2b.js": SCRIPT,
        "dist/assets/index-1a2b.js.gz": gzip.compress(SCRIPT),
        "dist/assets/index-1a2b.js.br": b"as brotli would have it",
        "dist/assets/index-3c4d.css": b"body{margin:0}",
        "dist/assets/odd.exe": b"MZ",
        "dist/embed/journey-runner.js": SCRIPT,
        "dist/embed/adapters/zendesk.js": SCRIPT,
        "dist/favicon.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "secret.js": b"secret",
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "dist" / "assets" / "linked.js").symlink_to(folder / "secret.js")
    return folder / "dist"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("site")
    with running(settings(folder / "shop.db"), bundle=Bundle(build(folder))) as found:
        yield found


@pytest.fixture(scope="module")
def framed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Give a service whose framed page another origin may show."""
    folder = tmp_path_factory.mktemp("framed")
    told = replace(
        settings(folder / "shop.db"), embed_origins=(CRM, "https://desk.example"), language="en"
    )
    with running(told, bundle=Bundle(build(folder))) as found:
        yield found


@pytest.fixture
def visitor(site: Shop) -> Iterator[httpx.Client]:
    with site.client("nobody") as client:
        yield client


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/", "console"),
        ("/sign-in", "console"),
        ("/sign-in?next=/s/ses_1", "console"),
        ("/s/ses_06k3v9r1d4zj5m2q8w7t0xbncs", "console"),
        ("/care", "care"),
        ("/embed", "embed"),
    ],
)
def test_each_page_has_its_address_and_loads_nothing_from_elsewhere(
    visitor: httpx.Client, address: str, title: str
) -> None:
    page = visitor.get(address)

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"<title>{title}</title>" in page.text
    assert page.headers["content-security-policy"] == POLICY.format(ancestors="'none'")
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    assert page.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_page_that_has_not_changed_is_not_sent_again_and_keeps_its_policy(
    visitor: httpx.Client,
) -> None:
    first = visitor.get("/")

    again = visitor.get("/", headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'})

    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "content-security-policy", "cache-control"):
        assert again.headers[name] == first.headers[name]
    assert visitor.get("/", headers={"If-None-Match": '"x"'}).status_code == 200


def test_files_whose_name_changes_with_their_content_are_kept_for_good(
    visitor: httpx.Client,
) -> None:
    script = visitor.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "identity"})
    style = visitor.get("/assets/index-3c4d.css")

    assert script.content == SCRIPT
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "vary" not in style.headers


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("BR", "br"),
        ("deflate", None),
        ("", None),
    ],
)
def test_a_file_comes_compressed_to_whoever_takes_it_so(
    site: Shop, accepted: str, coding: str | None
) -> None:
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"))
    connection.request("GET", "/assets/index-1a2b.js", headers={"Accept-Encoding": accepted})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()

    expected = {None: SCRIPT, "gzip": gzip.compress(SCRIPT), "br": b"as brotli would have it"}
    assert answer.headers["content-encoding"] == coding
    assert answer.headers["vary"] == "accept-encoding"
    assert len(body) == int(answer.headers["content-length"])
    assert body[10:] == expected[coding][10:]


def test_each_form_of_a_file_has_a_tag_of_its_own(visitor: httpx.Client) -> None:
    tags = {
        visitor.get(
            "/assets/index-1a2b.js", headers={"Accept-Encoding": coding, "If-None-Match": '"x"'}
        ).headers["etag"]
        for coding in ("identity", "gzip")
    }

    assert len(tags) == 2


@pytest.mark.parametrize(
    "target",
    [
        "/assets/../secret.js",
        "/assets/..%2fsecret.js",
        "/assets/%2e%2e/secret.js",
        "/assets/..%5csecret.js",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/linked.js",
        "/assets/odd.exe",
        "/assets/",
        "/assets",
        "/assets/index-1a2b.js.gz",
        "/embed/../assets/../../secret.js",
        "/embed/../../secret.js",
        "/embed/index.html",
        "/embed/",
        "/secret.js",
        "/index.html",
        "/s/",
        "/s/a/b",
    ],
)
def test_nothing_but_the_bundle_s_files_is_given(site: Shop, target: str) -> None:
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"))
    connection.request("GET", target)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()

    assert answer.status in {401, 404}
    assert answer.headers["content-type"] == "application/problem+json"
    assert b"secret" not in body.replace(target.encode(), b"")


def test_a_page_takes_no_other_method(visitor: httpx.Client) -> None:
    assert code_of(visitor.post("/care")) == (405, "request.method")


def test_nobody_frames_or_borrows_anything_unless_it_was_said(visitor: httpx.Client) -> None:
    script = visitor.get("/embed/journey-runner.js", headers={"Origin": CRM})

    assert script.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in script.headers
    assert script.headers["cache-control"] == "no-cache"


def test_the_console_speaks_the_language_its_deployment_says(site: Shop, framed: Shop) -> None:
    with framed.client("nobody") as client:
        told = client.get("/").headers["set-cookie"]
        assert "set-cookie" not in client.get("/embed").headers
    assert told == "parcours-language=en; Path=/; SameSite=Lax"

    with site.client("nobody") as client:
        assert "set-cookie" not in client.get("/").headers
        client.cookies.set("parcours-language", "en")
        assert "Max-Age=0" in client.get("/").headers["set-cookie"]


def test_the_origins_that_were_said_frame_the_framed_page_and_no_other(framed: Shop) -> None:
    with framed.client("nobody") as visitor:
        embed, care = visitor.get("/embed"), visitor.get("/care")

    allowed = f"{CRM} https://desk.example"
    assert embed.headers["content-security-policy"] == POLICY.format(ancestors=allowed)
    assert embed.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "x-frame-options" not in embed.headers
    assert care.headers["content-security-policy"] == POLICY.format(ancestors="'none'")


@pytest.mark.parametrize("path", ["/embed/journey-runner.js", "/embed/adapters/zendesk.js"])
def test_the_origins_that_were_said_load_the_widget(framed: Shop, path: str) -> None:
    with framed.client("nobody") as visitor:
        ours = visitor.get(path, headers={"Origin": CRM})
        theirs = visitor.get(path, headers={"Origin": "https://evil.example"})

    assert ours.content == SCRIPT
    assert ours.headers["access-control-allow-origin"] == CRM
    assert ours.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "origin" in ours.headers["vary"]
    assert "access-control-allow-credentials" not in ours.headers
    assert "access-control-allow-origin" not in theirs.headers


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "ne sont pas construites"), ("en", "are not built")]
)
def test_pages_that_were_not_built_say_how_to_build_them(
    tmp_path: Path, language: str, words: str
) -> None:
    with (
        running(settings(tmp_path / "shop.db"), bundle=Bundle(tmp_path / "dist")) as site,
        site.client("nobody", **{"Accept-Language": language}) as visitor,
    ):
        for address in ("/", "/sign-in", "/s/ses_1", "/care", "/embed"):
            page = visitor.get(address)
            assert page.status_code == 200
            assert page.headers["content-language"] == language
            assert words in page.text
            assert "<code>make install</code>" in page.text
        assert code_of(visitor.get("/assets/index-1a2b.js")) == (404, "not-found")

        build(tmp_path)
        assert "<title>console</title>" in visitor.get("/").text
        assert visitor.get("/assets/index-1a2b.js").content == SCRIPT


def test_pages_built_anew_are_the_ones_that_are_given(tmp_path: Path) -> None:
    dist = build(tmp_path)
    bundle = Bundle(dist)
    (dist / "care.html").write_bytes(b"<title>newer</title>")
    os.utime(dist / "index.html", ns=(1, 1))

    bundle.refresh()

    found = bundle.find("care.html")
    assert found is not None
    assert found.plain.body == b"<title>newer</title>"


@pytest.mark.parametrize("address", ["/s/a/b", "/nothing", "/care/home", "/s/", "/sign-in/x"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_browser_astray_gets_a_page_with_a_way_home(
    visitor: httpx.Client, address: str, method: str
) -> None:
    page = visitor.request(method, address, headers={"Accept": "text/html,*/*;q=0.8"})

    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert page.headers["content-security-policy"] == POLICY.format(ancestors="'none'")
    assert ("<title>console</title>" in page.text) == (method == "GET")


@pytest.mark.parametrize("address", ["/nothing", "/v1/nothing", "/assets/nothing.js"])
def test_a_program_astray_is_told_in_json(visitor: httpx.Client, address: str) -> None:
    asked = "text/html" if address != "/nothing" else "application/json"

    refused = visitor.get(address, headers={"Accept": asked})

    assert refused.headers["content-type"] == "application/problem+json"


def test_no_operation_of_the_api_is_taken_for_a_page() -> None:
    browsers = {b"accept": b"text/html"}

    for operation in OPERATIONS:
        assert not is_astray("GET", operation.path, browsers), operation.path
    for path in (*gate.PUBLIC, *gate.DESCRIPTION):
        assert not is_astray("GET", path, browsers), path


def test_the_icon_that_browsers_ask_for_by_themselves_is_there(visitor: httpx.Client) -> None:
    icons = [visitor.get(path) for path in ("/favicon.ico", "/favicon.svg")]

    assert [(one.status_code, one.headers["content-type"]) for one in icons] == [
        (200, "image/svg+xml")
    ] * 2
