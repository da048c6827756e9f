"""Signing in with a real identity provider: there with a browser, back once, and in with a role."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest

from runtime.clock import FixedClock
from runtime.settings import Settings
from runtime.vouching import LIFE
from tests.api.conftest import settings
from tests.api.service import Shop, begin, code_of, running
from tests.support import oidc

DESK = "https://desk.example"
CALLBACK = "/sign-in/oidc/callback"
SESSION, UNDER_WAY = "__Host-sid", "__Host-oidc"


@pytest.fixture(scope="module")
def provider() -> Iterator[oidc.Provider]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with oidc.running(port, DESK + CALLBACK) as found:
        yield found


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock()


def told(database: str, provider: oidc.Provider, **more: object) -> Settings:
    """Return settings that name the provider; its secret in a file beside the database."""
    base: dict[str, object] = {
        "public_url": DESK,
        "oidc_issuer": provider.issuer,
        "oidc_client_id": "console",
        "oidc_client_secret": "env:OIDC_SECRET",
        "oidc_label": "The shop's account",
        "oidc_tenant": "shop",
    }
    return replace(settings(database), **{**base, **more})  # type: ignore[arg-type]  # fields by their names


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def desk(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    provider: oidc.Provider,
    clock: FixedClock,
) -> Iterator[Shop]:
    if request.param == "sqlite":
        database = str(tmp_path_factory.mktemp("desk") / "desk.db")
    else:
        database = request.getfixturevalue("postgres_module_url")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OIDC_SECRET", oidc.SECRET)
        with running(told(database, provider), clock=clock) as found:
            yield found


@pytest.fixture
def browser(desk: Shop) -> Iterator[httpx.Client]:
    """Give a browser; httpx sends no cookie marked secure over HTTP, so each is sent by hand."""
    with desk.client("nobody") as client:
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        yield client


def cookies_of(answer: httpx.Response) -> dict[str, str]:
    """Return what an answer leaves in a browser: each cookie's whole text by its name."""
    return {text.partition("=")[0]: text for text in answer.headers.get_list("set-cookie")}


def leave(browser: httpx.Client, wanted: str | None = None) -> tuple[str, str]:
    """Begin to sign in: return where one is sent, and the cookie one leaves with."""
    away = browser.get("/sign-in/oidc", params={} if wanted is None else {"next": wanted})
    assert away.status_code == 302, away.text
    return away.headers["location"], cookies_of(away)[UNDER_WAY].partition(";")[0]


def come_back(browser: httpx.Client, url: str, *cookies: str) -> httpx.Response:
    """Come back from the provider, as its redirection says."""
    assert url.startswith(DESK + CALLBACK)
    headers = {"Cookie": "; ".join(cookies)} if cookies else {}
    return browser.get(url.removeprefix(DESK), headers=headers)


def refused_with(answer: httpx.Response, code: str) -> None:
    """Verify that somebody is sent back to the sign-in page, and is not in."""
    assert answer.status_code == 302
    parts = urlsplit(answer.headers["location"])
    assert (parts.scheme, parts.netloc, parts.path) == ("", "", "/sign-in")
    assert parse_qs(parts.query)["error"] == [code]
    assert SESSION not in cookies_of(answer)


def test_the_provider_is_one_of_the_ways_in(browser: httpx.Client) -> None:
    options = browser.get("/v1/sign-in/options").json()

    assert options == {"personas": [], "oidc": {"label": "The shop's account"}}


def test_somebody_signs_in_and_is_who_the_provider_says(
    browser: httpx.Client, provider: oidc.Provider
) -> None:
    url, under_way = leave(browser, "/s/ses_1?tab=2")

    back = come_back(browser, provider.sign_in(url, "ana"), under_way)

    assert (back.status_code, back.headers["location"]) == (302, "/s/ses_1?tab=2")
    given = cookies_of(back)
    token, *attributes = given[SESSION].split("; ")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert "Max-Age=0" in given[UNDER_WAY]
    me = browser.get("/v1/me", headers={"Cookie": token}).json()
    assert (me["tenant"], me["role"], me["name"], me["language"]) == (
        "shop", "advisor", "Ana Martin", "fr",
    )  # fmt: skip
    assert me["id"].startswith("usr_")


def test_who_one_is_stays_the_same_and_the_highest_role_that_is_known_counts(
    browser: httpx.Client, provider: oidc.Provider
) -> None:
    found = []
    for _ in range(2):
        url, under_way = leave(browser)
        back = come_back(browser, provider.sign_in(url, "diane"), under_way)
        token = cookies_of(back)[SESSION].partition(";")[0]
        found.append(browser.get("/v1/me", headers={"Cookie": token}).json())

    assert found[0]["role"] == "supervisor"
    assert found[0]["id"] == found[1]["id"]
    assert found[0]["signed_in_at"] == found[1]["signed_in_at"]


def test_somebody_without_a_role_here_is_not_let_in(
    browser: httpx.Client, provider: oidc.Provider
) -> None:
    url, under_way = leave(browser)

    refused_with(come_back(browser, provider.sign_in(url, "guest"), under_way), "sign-in.no-role")


def test_what_is_sent_to_the_provider_keeps_the_secrets_here(browser: httpx.Client) -> None:
    url, under_way = leave(browser)

    asked = dict(parse_qsl(urlsplit(url).query))
    assert (asked["response_type"], asked["client_id"]) == ("code", "console")
    assert asked["redirect_uri"] == DESK + CALLBACK
    assert asked["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) == 43
    assert under_way.partition("=")[2] not in url
    assert oidc.SECRET not in url


def test_the_same_return_lets_nobody_in_a_second_time(
    browser: httpx.Client, provider: oidc.Provider
) -> None:
    url, under_way = leave(browser)
    back = provider.sign_in(url, "ana")
    assert SESSION in cookies_of(come_back(browser, back, under_way))

    refused_with(come_back(browser, back, under_way), "sign-in.lost")


def test_a_return_that_another_browser_left_for_signs_nobody_in(
    browser: httpx.Client, provider: oidc.Provider
) -> None:
    attackers, _ = leave(browser)
    _, victims = leave(browser)
    back = provider.sign_in(attackers, "ana")

    refused_with(come_back(browser, back, victims), "sign-in.lost")
    refused_with(come_back(browser, back), "sign-in.lost")


def changed(url: str, **values: str) -> str:
    """Return an address with other values in its query."""
    parts = urlsplit(url)
    return parts._replace(query=urlencode({**dict(parse_qsl(parts.query)), **values})).geturl()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"state": "A" * 43}, "sign-in.lost"),
        ({"code": "made-up"}, "sign-in.refused"),
        ({"iss": "https://evil.example"}, "sign-in.refused"),
        ({"error": "access_denied", "code": ""}, "sign-in.refused"),
    ],
)
def test_a_return_that_was_tampered_with_lets_nobody_in(
    browser: httpx.Client, provider: oidc.Provider, values: dict[str, str], code: str
) -> None:
    url, under_way = leave(browser)
    back = changed(provider.sign_in(url, "ana"), **values)

    refused_with(come_back(browser, back, under_way), code)


def test_a_code_that_somebody_else_began_is_of_no_use(
    browser: httpx.Client, provider: oidc.Provider
) -> None:
    first, _ = leave(browser)
    stolen = dict(parse_qsl(urlsplit(provider.sign_in(first, "ana")).query))["code"]
    url, under_way = leave(browser)

    back = changed(provider.sign_in(url, "diane"), code=stolen)

    refused_with(come_back(browser, back, under_way), "sign-in.refused")


def test_whoever_takes_too_long_begins_again(
    browser: httpx.Client, provider: oidc.Provider, clock: FixedClock
) -> None:
    url, under_way = leave(browser)
    back = provider.sign_in(url, "ana")
    clock.advance(LIFE)

    refused_with(come_back(browser, back, under_way), "sign-in.lost")


def test_two_tabs_of_a_browser_both_come_back(
    browser: httpx.Client, provider: oidc.Provider
) -> None:
    first, under_way = leave(browser, "/s/one")
    browser.headers["Cookie"] = under_way
    second, same = leave(browser, "/s/two")
    assert same == under_way

    places = [
        come_back(browser, provider.sign_in(url, "ana"), under_way).headers["location"]
        for url in (second, first)
    ]

    assert places == ["/s/two", "/s/one"]


def test_signing_in_again_ends_what_the_browser_had(
    browser: httpx.Client, provider: oidc.Provider
) -> None:
    url, under_way = leave(browser)
    first = cookies_of(come_back(browser, provider.sign_in(url, "ana"), under_way))[SESSION]
    had = first.partition(";")[0]
    url, under_way = leave(browser)

    back = come_back(browser, provider.sign_in(url, "diane"), under_way, had)

    assert SESSION in cookies_of(back)
    assert code_of(browser.get("/v1/me", headers={"Cookie": had}))[0] == 401


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "", "/a\tb", "/\n/evil"],
)
def test_one_never_ends_up_on_another_site(
    browser: httpx.Client, provider: oidc.Provider, wanted: str
) -> None:
    url, under_way = leave(browser, wanted)

    back = come_back(browser, provider.sign_in(url, "ana"), under_way)

    assert back.headers["location"] == "/"


def test_whoever_signed_in_reaches_their_own_tenant_alone(
    desk: Shop, browser: httpx.Client, provider: oidc.Provider
) -> None:
    url, under_way = leave(browser)
    back = come_back(browser, provider.sign_in(url, "ana"), under_way)
    token = cookies_of(back)[SESSION].partition(";")[0]
    with desk.client("advisor") as colleague, desk.client("rival") as rival:
        ours = begin(colleague).json()["session"]
        assert browser.get(f"/v1/sessions/{ours}", headers={"Cookie": token}).status_code == 200
        assert code_of(rival.get(f"/v1/sessions/{ours}")) == (404, "not-found")


@pytest.mark.parametrize("client", ["console-es", "console-ed"])
def test_every_accepted_signature_is_verified_and_a_claim_may_say_the_tenant(
    tmp_path_factory: pytest.TempPathFactory, provider: oidc.Provider, client: str
) -> None:
    folder = tmp_path_factory.mktemp(client)
    secret = folder / "secret"
    secret.write_text(oidc.SECRET + "\n", encoding="utf-8")
    named = told(
        str(folder / "desk.db"),
        provider,
        oidc_client_id=client,
        oidc_client_secret=f"file:{secret}" if client == "console-es" else None,
        oidc_tenant_claim="shop",
        oidc_roles=("staff=author",),
    )
    with running(named) as desk, desk.client("nobody") as browser:
        url, under_way = leave(browser)
        back = come_back(browser, provider.sign_in(url, "ana"), under_way)
        token = cookies_of(back)[SESSION].partition(";")[0]
        me = browser.get("/v1/me", headers={"Cookie": token}).json()
        url, under_way = leave(browser)
        refused = come_back(browser, provider.sign_in(url, "diane"), under_way)

    assert (me["tenant"], me["role"]) == ("shop", "author")
    refused_with(refused, "sign-in.no-role")


def test_a_provider_that_does_not_answer_is_told_on_the_sign_in_page(
    tmp_path_factory: pytest.TempPathFactory, provider: oidc.Provider
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    named = told(
        str(tmp_path_factory.mktemp("lost") / "desk.db"),
        provider,
        oidc_issuer=nobody,
        oidc_client_secret=None,
    )
    with running(named) as desk, desk.client("nobody") as browser:
        away = browser.get("/sign-in/oidc", params={"next": "/s/ses_1"})
        assert browser.get("/live").status_code == 200

    refused_with(away, "sign-in.unreachable")
    assert parse_qs(urlsplit(away.headers["location"]).query)["next"] == ["/s/ses_1"]


@pytest.mark.parametrize("path", ["/sign-in/oidc", CALLBACK])
def test_without_a_provider_there_is_no_such_way_in(shop: Shop, path: str) -> None:
    with shop.client("nobody") as browser:
        assert code_of(browser.get(path)) == (404, "not-found")
