"""Signing in from a browser: the cookie, whose it is, and what another page cannot do with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from runtime.clock import FixedClock
from runtime.sign_ins import IDLE, LIFE, Person
from tests.api.conftest import settings
from tests.api.service import TENANT, Shop, begin, bring, code_of, key, running

COOKIE = "__Host-sid"
PERSONA = {"persona": "advisor:ana"}


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: FixedClock
) -> Iterator[Shop]:
    """Give a service in development mode, on each database in turn."""
    if request.param == "sqlite":
        database = str(tmp_path_factory.mktemp("desk") / "desk.db")
    else:
        database = request.getfixturevalue("postgres_module_url")
    with running(replace(settings(database), dev_mode=True), clock=clock) as found:
        yield found


@pytest.fixture
def browser(desk: Shop) -> Iterator[httpx.Client]:
    """Give a browser that sends what our console's pages send."""
    with desk.client("nobody", **_console(desk)) as client:
        yield client


def _console(desk: Shop) -> dict[str, str]:
    return {
        "X-Parcours-Console": "1",
        "Origin": desk.url,
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/json",
    }


def sign_in(browser: httpx.Client, persona: str = "advisor:ana") -> httpx.Response:
    """Sign in, and send the cookie from then on as a browser does, secure or not."""
    answer = browser.post("/v1/sign-in/persona", json={"persona": persona})
    assert answer.status_code == 200, answer.text
    browser.headers["Cookie"] = answer.headers["set-cookie"].split(";")[0]
    return answer


def test_the_people_one_may_be_are_listed(desk: Shop) -> None:
    with desk.client("nobody") as client:
        options = client.get("/v1/sign-in/options")

    assert options.json() == {
        "personas": [
            {"id": "advisor:ana", "name": "Ana Martin", "role": "advisor"},
            {"id": "advisor:bruno", "name": "Bruno Leroy", "role": "advisor"},
            {"id": "advisor:chloe", "name": "Chloé Petit", "role": "advisor"},
            {"id": "supervisor:diane", "name": "Diane Moreau", "role": "supervisor"},
        ],
        "oidc": None,
    }


def test_nobody_may_simply_be_somebody_outside_of_development_mode(any_shop: Shop) -> None:
    with any_shop.client("nobody") as client:
        assert client.get("/v1/sign-in/options").json() == {"personas": [], "oidc": None}
        refused = client.post("/v1/sign-in/persona", json=PERSONA)

        assert code_of(refused) == (404, "not-found")
        assert "set-cookie" not in refused.headers


def test_signing_in_gives_a_cookie_that_only_this_origin_and_no_script_holds(
    browser: httpx.Client,
) -> None:
    answer = sign_in(browser)

    given = answer.headers["set-cookie"]
    name, _, rest = given.partition("=")
    token, *attributes = rest.split("; ")
    assert name == COOKIE
    assert len(token) == 43
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert answer.headers["cache-control"] == "no-store"
    assert (answer.json()["id"], answer.json()["name"]) == ("ana", "Ana Martin")


def test_the_cookie_says_who_one_is(browser: httpx.Client) -> None:
    assert code_of(browser.get("/v1/me")) == (401, "access.unauthenticated")
    signed_in = sign_in(browser, "supervisor:diane")

    me = browser.get("/v1/me")

    assert me.json() == signed_in.json()
    assert me.json()["ends_at"] - me.json()["signed_in_at"] == LIFE
    assert "metrics.read" in me.json()["permissions"]


def test_the_language_is_the_browser_s_until_another_is_preferred(browser: httpx.Client) -> None:
    browser.headers["Accept-Language"] = "fr-FR"
    assert sign_in(browser, "advisor:bruno").json()["language"] == "fr"

    changed = browser.put("/v1/me/preferences", json={"language": "en"})

    assert changed.json()["language"] == "en"
    assert browser.get("/v1/me").json()["preferences"] == {"language": "en"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"[]", (422, "request.wrong")),
        (b'"x"', (422, "request.wrong")),
        (b'{"a": "' + b"x" * 8_192 + b'"}', (413, "request.too-large")),
        (b'{"a": 1, "a": 2}', (400, "request.malformed")),
    ],
)
def test_preferences_are_an_object_of_eight_kilobytes_at_most(
    browser: httpx.Client, body: bytes, expected: tuple[int, str]
) -> None:
    sign_in(browser)

    assert code_of(browser.put("/v1/me/preferences", content=body)) == expected


def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(desk: Shop) -> None:
    with desk.client("nobody", **_console(desk)) as browser:
        sign_in(browser)
        first = browser.headers["Cookie"]
        sign_in(browser, "advisor:bruno")
        second = browser.headers["Cookie"]

        assert first != second
        assert browser.get("/v1/me").json()["id"] == "bruno"
        assert code_of(browser.get("/v1/me", headers={"Cookie": first}))[0] == 401


def test_a_token_planted_before_signing_in_opens_nothing_afterwards(browser: httpx.Client) -> None:
    planted = f"{COOKIE}={'A' * 43}"
    browser.headers["Cookie"] = planted

    sign_in(browser)

    assert browser.headers["Cookie"] != planted
    assert code_of(browser.get("/v1/me", headers={"Cookie": planted}))[0] == 401


def test_signing_out_ends_it_on_the_server_and_in_the_browser(browser: httpx.Client) -> None:
    sign_in(browser)

    out = browser.post("/v1/sign-out")

    assert (out.status_code, out.content) == (204, b"")
    assert out.headers["set-cookie"].startswith(f"{COOKIE}=; ")
    assert "Max-Age=0" in out.headers["set-cookie"]
    assert code_of(browser.get("/v1/me")) == (401, "access.unauthenticated")


def test_half_an_hour_without_a_request_ends_it(browser: httpx.Client, clock: FixedClock) -> None:
    sign_in(browser)
    clock.advance(IDLE - 1)
    assert browser.get("/v1/me").status_code == 200

    clock.advance(IDLE)

    assert code_of(browser.get("/v1/me")) == (401, "access.unauthenticated")


def without(browser: httpx.Client, *names: str, **changed: str) -> dict[str, str]:
    """Return a browser's headers without some, and with others."""
    kept = dict(browser.headers.items())
    for name in names:
        kept.pop(name.lower())
    return {**kept, **{name.replace("_", "-").lower(): value for name, value in changed.items()}}


@pytest.mark.parametrize(
    ("left_out", "changed", "missing"),
    [
        (["X-Parcours-Console"], {}, "x-parcours-console"),
        ([], {"X_Parcours_Console": "0"}, "x-parcours-console"),
        ([], {"Origin": "https://evil.example"}, "origin"),
        ([], {"Origin": "null"}, "origin"),
        ([], {"Sec_Fetch_Site": "cross-site"}, "sec-fetch-site"),
        ([], {"Sec_Fetch_Site": "same-site"}, "sec-fetch-site"),
        ([], {"Sec_Fetch_Site": "none"}, "sec-fetch-site"),
        (["Origin", "Sec-Fetch-Site"], {}, "origin"),
        (["Sec-Fetch-Site"], {"Origin": "https://evil.example"}, "origin"),
        ([], {"Content_Type": "text/plain"}, "content-type"),
        ([], {"Content_Type": "application/x-www-form-urlencoded"}, "content-type"),
        ([], {"Content_Type": "multipart/form-data; boundary=x"}, "content-type"),
        (["Content-Type"], {}, "content-type"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_another_page_changes_nothing_with_our_cookie(
    desk: Shop, method: str, left_out: list[str], changed: dict[str, str], missing: str
) -> None:
    path = {"POST": "/v1/sign-out", "PUT": "/v1/me/preferences", "DELETE": "/v1/me"}[method]
    with desk.client("nobody", **_console(desk)) as browser:
        sign_in(browser)
        headers = without(browser, *left_out, **changed)

        with httpx.Client(base_url=desk.url, trust_env=False) as other:
            refused = other.request(method, path, content=b'{"theme": "evil"}', headers=headers)

        assert code_of(refused) == (403, "access.cross-site")
        assert refused.json()["params"] == {"missing": missing}
        assert browser.get("/v1/me").json()["preferences"].get("theme") != "evil"


@pytest.mark.parametrize("left_out", ["Origin", "Sec-Fetch-Site"])
def test_one_sign_of_the_origin_is_enough(desk: Shop, left_out: str) -> None:
    with desk.client("nobody", **_console(desk)) as browser:
        sign_in(browser)
        headers = without(browser, left_out)

        with httpx.Client(base_url=desk.url, trust_env=False) as other:
            assert other.post("/v1/sign-out", headers=headers).status_code == 204


def test_a_session_is_walked_with_the_cookie_as_with_a_key(desk: Shop) -> None:
    with desk.client("nobody", **_console(desk)) as browser:
        sign_in(browser)

        begun = browser.post("/v1/sessions", json={"journey": "none"}, headers=key())

        assert code_of(begun) == (422, "journey.unknown")


def test_the_cookie_opens_nothing_of_another_tenant(desk: Shop) -> None:
    with desk.client("advisor") as ana, desk.client("nobody", **_console(desk)) as browser:
        session = begin(ana).json()["session"]
        sign_in(browser)

        assert code_of(browser.get(f"/v1/sessions/{session}")) == (404, "not-found")
        assert browser.get("/v1/me").json()["tenant"] == "default"


def test_a_key_counts_before_the_cookie_a_browser_adds(desk: Shop) -> None:
    with desk.client("nobody", **_console(desk)) as browser, desk.client("bot") as bot:
        sign_in(browser)
        bot.headers["Cookie"] = browser.headers["Cookie"]

        assert bot.get("/v1/me").json()["role"] == "bot"
        assert bot.post("/v1/sign-out").status_code == 204
        assert browser.get("/v1/me").status_code == 200


def test_whoever_signed_out_hears_no_more_of_a_session_they_follow(
    desk: Shop, clock: FixedClock
) -> None:
    assert desk.service is not None
    assert desk.loop is not None
    zoe = Person(tenant=TENANT, role="advisor", id="zoe", name="Zoé", language="fr", way="oidc")
    opened = asyncio.run_coroutine_threadsafe(desk.service.sign_ins.open(zoe), desk.loop).result(9)
    cookie = {"Cookie": f"{COOKIE}={opened.token}"}
    with desk.client("nobody", **cookie) as browser, desk.client("advisor") as colleague:
        session = begin(colleague).json()["session"]
        with browser.stream("GET", f"/v1/sessions/{session}/events/stream") as stream:
            lines = stream.iter_lines()
            assert next(line for line in lines if line.startswith("data: "))
            clock.advance(IDLE)
            bring(colleague, session, {"type": "note", "text": "private"})
            heard = next((line for line in lines if "noted" in line), None)

    assert heard is None


def test_two_cookies_of_the_name_are_none(desk: Shop) -> None:
    with desk.client("nobody", **_console(desk)) as browser:
        sign_in(browser)
        cookie = browser.headers["Cookie"]

        assert browser.get("/v1/me", headers={"Cookie": f"a=b; {cookie}"}).status_code == 200
        twice = browser.get("/v1/me", headers={"Cookie": f"{cookie}; {COOKIE}=x"})
        assert code_of(twice)[0] == 401


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Content-Type": "text/plain"}, (415, "request.media-type")),
        ({"Origin": "https://evil.example"}, (403, "access.cross-site")),
        ({"Sec-Fetch-Site": "cross-site"}, (403, "access.cross-site")),
        ({"Host": "evil.example"}, (400, "request.bad-host")),
    ],
)
def test_another_page_signs_nobody_in(
    browser: httpx.Client, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    refused = browser.post(
        "/v1/sign-in/persona", content=b'{"persona": "advisor:ana"}', headers=headers
    )

    assert code_of(refused) == expected
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize("persona", ["advisor:zoe", "admin:ana", "ana", "system:system"])
def test_nobody_becomes_whom_the_list_does_not_name(browser: httpx.Client, persona: str) -> None:
    refused = browser.post("/v1/sign-in/persona", json={"persona": persona})

    assert code_of(refused) == (404, "not-found")


def test_where_people_reach_the_service_is_the_only_origin_once_it_is_said(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    database = tmp_path_factory.mktemp("named") / "desk.db"
    named = replace(settings(database), dev_mode=True, public_url="https://desk.example")
    with running(named) as desk, desk.client("nobody", **_console(desk)) as browser:
        refused = browser.post("/v1/sign-in/persona", json=PERSONA)
        browser.headers["Origin"] = "https://desk.example"
        signed_in = browser.post("/v1/sign-in/persona", json=PERSONA)

    assert code_of(refused) == (403, "access.cross-site")
    assert signed_in.status_code == 200
