"""Links over HTTP: what whoever holds one reaches, and from which pages; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from runtime.clock import FixedClock
from tests.api.conftest import settings
from tests.api.service import Shop, begin, bring, code_of, key, running

CRM, DESK = "https://crm.example", "https://desk.example"
EVIL = "https://evil.example"
REASON = {"type": "answer", "step": "reason", "values": {"reason": "nothing"}}
STRANGERS = {
    "advisor's list": ("GET", "/v1/sessions", None),
    "journeys": ("GET", "/v1/journeys", None),
    "search": ("GET", "/v1/search?q=parcel", None),
    "contacts": ("GET", "/v1/contacts", None),
    "a contact of one's own": ("POST", "/v1/contacts", {"channel": "chat"}),
    "tickets": ("GET", "/v1/tickets", None),
    "customers": ("GET", "/v1/customers/phone:+33612345678", None),
    "another link": ("POST", "/v1/links", {"journey": "parcel"}),
    "the library": ("POST", "/v1/libraries:check", {"files": {"library.yaml": ""}}),
    "counters": ("GET", "/metrics", None),
    "who one is": ("GET", "/v1/me", None),
    "preferences": ("PUT", "/v1/me/preferences", {"a": 1}),
}


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def hall(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: FixedClock
) -> Iterator[Shop]:
    """Give a service that two other origins may embed, on each database in turn."""
    if request.param == "sqlite":
        database = str(tmp_path_factory.mktemp("hall") / "hall.db")
    else:
        database = request.getfixturevalue("postgres_module_url")
    with running(replace(settings(database), embed_origins=(CRM, DESK)), clock=clock) as found:
        yield found


def make(hall: Shop, role: str = "advisor", **asked: object) -> httpx.Response:
    """Make a link."""
    if "session" not in asked:
        asked = {"journey": "parcel", **asked}
    with hall.client(role) as client:
        return client.post("/v1/links", json=asked, headers=key())


def holding(hall: Shop, made: httpx.Response, **headers: str) -> httpx.Client:
    """Return the client of whoever holds a link."""
    assert made.status_code == 201, made.text
    bearer = {"Authorization": f"Bearer {made.json()['token']}"}
    return hall.client("nobody", **bearer, **headers)


def test_a_link_is_given_once_with_where_to_open_it(hall: Shop) -> None:
    made = make(hall).json()

    assert made["token"].startswith("pe_")
    assert made["url"] == f"/care#t={made['token']}"
    assert made["id"].startswith("lnk_")


def test_whoever_holds_a_link_walks_its_session(hall: Shop) -> None:
    with holding(hall, make(hall, language="en")) as customer:
        before = customer.get("/v1/link").json()
        begun = begin(customer)
        moved = bring(customer, begun, REASON)
        again = customer.post("/v1/sessions", json={"journey": "parcel"}, headers=key())
        after = customer.get("/v1/link").json()

    assert (before["journey"], before["session"], before["language"]) == ("parcel", None, "en")
    assert moved.status_code == 200
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.json() == {"session": begun.json()["session"], "view": moved.json()}
    assert after["session"] == begun.json()["session"]


def test_a_customer_who_has_a_code_and_nothing_else_opens_its_session(hall: Shop) -> None:
    with hall.client() as ana, hall.client("nobody") as stranger:
        session = begin(ana).json()["session"]
        code = ana.post(f"/v1/sessions/{session}/code", json={}).json()["code"]
        opened = stranger.post("/v1/codes:open", json={"code": code.lower()})
        refused = stranger.post("/v1/codes:open", json={"code": "2222-2222"})

        with holding(hall, opened) as customer:
            seen = customer.get(f"/v1/sessions/{session}")

    assert seen.status_code == 200
    assert code_of(refused) == (404, "code.unknown")


@pytest.mark.parametrize("what", STRANGERS)
def test_a_link_opens_nothing_of_the_staff_s(hall: Shop, what: str) -> None:
    method, path, body = STRANGERS[what]
    with holding(hall, make(hall)) as customer:
        refused = customer.request(method, path, json=body, headers=key())

    assert code_of(refused) == (403, "access.forbidden")


def test_a_link_s_holder_finds_no_other_session(hall: Shop) -> None:
    with hall.client() as ana, holding(hall, make(hall)) as customer:
        theirs = begin(ana)
        own = begin(customer)
        path = f"/v1/sessions/{theirs.json()['session']}"

        assert customer.get(f"/v1/sessions/{own.json()['session']}").status_code == 200
        assert code_of(customer.get(path)) == (404, "not-found")
        assert code_of(bring(customer, theirs, REASON)) == (404, "not-found")
        assert code_of(customer.get(path + "/trace")) == (404, "not-found")
        assert code_of(customer.get(path + "/events")) == (403, "access.forbidden")


def test_a_link_of_another_tenant_begins_nothing_here(hall: Shop) -> None:
    with hall.client() as ana, holding(hall, make(hall, "rival")) as customer:
        theirs = begin(ana).json()["session"]

        assert code_of(customer.get(f"/v1/sessions/{theirs}")) == (404, "not-found")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "This link is over"), ("fr", "Ce lien n'est plus valable")]
)
def test_a_link_that_is_over_says_so_to_the_customer(
    hall: Shop, clock: FixedClock, language: str, words: str
) -> None:
    with holding(hall, make(hall, expires_in_s=60), **{"Accept-Language": language}) as customer:
        session = begin(customer).json()["session"]
        clock.advance(60_000)

        for path in ("/v1/link", f"/v1/sessions/{session}"):
            refused = customer.get(path)
            assert code_of(refused) == (401, "link.expired")
            assert refused.json()["detail"].startswith(words)


def test_a_link_that_is_not_one_says_so(hall: Shop) -> None:
    with hall.client("nobody", Authorization="Bearer pe_" + "A" * 43) as customer:
        assert code_of(customer.get("/v1/link")) == (401, "link.unknown")


def test_a_link_taken_back_is_over_at_once(hall: Shop) -> None:
    made = make(hall)
    with hall.client() as ana, hall.client("bot") as bot, holding(hall, made) as customer:
        assert code_of(bot.delete(f"/v1/links/{made.json()['id']}")) == (404, "not-found")
        taken = ana.delete(f"/v1/links/{made.json()['id']}")

        assert (taken.status_code, taken.content) == (204, b"")
        assert code_of(customer.get("/v1/link")) == (401, "link.expired")


def test_who_has_no_link_has_none_to_read(hall: Shop) -> None:
    with hall.client("customer") as customer:
        assert code_of(customer.get("/v1/link")) == (404, "not-found")


def test_a_page_of_an_allowed_origin_may_call_with_a_link(hall: Shop) -> None:
    with holding(hall, make(hall), Origin=CRM) as customer:
        begun = begin(customer)
        about = customer.get("/v1/link")
        refused = customer.get("/v1/sessions/ses_none")

    for answer in (begun, about, refused):
        assert answer.headers["access-control-allow-origin"] == CRM
        assert "etag" in answer.headers["access-control-expose-headers"]
        assert answer.headers["vary"] == "origin"
        assert "access-control-allow-credentials" not in answer.headers


def test_a_page_is_told_that_its_link_is_no_good(hall: Shop) -> None:
    with hall.client("nobody", Authorization="Bearer pe_x", Origin=CRM) as customer:
        refused = customer.get("/v1/link")

    assert code_of(refused) == (401, "link.unknown")
    assert refused.headers["access-control-allow-origin"] == CRM


def test_a_page_of_no_allowed_origin_reads_nothing(hall: Shop) -> None:
    with holding(hall, make(hall), Origin=EVIL) as customer:
        assert "access-control-allow-origin" not in customer.get("/v1/link").headers


def test_a_key_is_of_no_use_in_another_origin_s_page(hall: Shop) -> None:
    with hall.client("advisor", Origin=CRM) as advisor:
        assert "access-control-allow-origin" not in advisor.get("/v1/journeys").headers


def asked(hall: Shop, path: str, origin: str) -> httpx.Response:
    """Return what a browser is told before it sends a request for a page of another origin."""
    with hall.client("nobody", Origin=origin) as browser:
        return browser.options(
            path,
            headers={
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
            },
        )


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/sessions/ses_1/commands", "/v1/link"])
def test_a_browser_is_told_what_a_page_of_an_allowed_origin_may_send(hall: Shop, path: str) -> None:
    answer = asked(hall, path, DESK)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == DESK
    assert answer.headers["access-control-allow-methods"] == "GET, POST"
    for name in ("authorization", "content-type", "idempotency-key", "if-match"):
        assert name in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("/v1/sessions", EVIL),
        ("/v1/sessions", "null"),
        ("/v1/links", CRM),
        ("/v1/me", CRM),
        ("/v1/sign-out", CRM),
        ("/v1/sign-in/persona", CRM),
        ("/v1/libraries", CRM),
    ],
)
def test_nothing_else_is_opened_to_other_origins(hall: Shop, path: str, origin: str) -> None:
    answer = asked(hall, path, origin)

    assert answer.status_code in {401, 405}
    assert "access-control-allow-origin" not in answer.headers


def test_a_link_made_for_one_origin_serves_its_pages_and_ours(hall: Shop) -> None:
    made = make(hall, origin=CRM)
    for origin in (CRM, hall.url):
        with holding(hall, made, Origin=origin) as customer:
            assert customer.get("/v1/link").json()["origin"] == CRM
    with holding(hall, made) as customer:
        assert customer.get("/v1/link").status_code == 200
    for origin in (DESK, EVIL, "null", CRM + ":444"):
        with holding(hall, made, Origin=origin) as customer:
            assert code_of(customer.get("/v1/link")) == (403, "access.cross-site")


def test_without_allowed_origins_nothing_is_opened(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    database = tmp_path_factory.mktemp("closed") / "shop.db"
    with running(settings(database)) as closed:
        assert asked(closed, "/v1/sessions", CRM).status_code == 401
        with holding(closed, make(closed), Origin=CRM) as customer:
            answer = customer.get("/v1/link")

    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
