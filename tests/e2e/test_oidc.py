"""Signing in with a real identity provider, in a browser; and what it says when that fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from parcours.demo.check import free_port
from tests.e2e.house import House
from tests.support import oidc

WITH = "The shop's account"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a service whose people sign in with an identity provider."""
    port, providers = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    told = {
        "PARCOURS_PUBLIC_URL": url,
        "PARCOURS_OIDC_ISSUER": f"http://127.0.0.1:{providers}",
        "PARCOURS_OIDC_CLIENT_ID": "console",
        "PARCOURS_OIDC_CLIENT_SECRET": "env:OIDC_SECRET",
        "PARCOURS_OIDC_LABEL": WITH,
        "OIDC_SECRET": oidc.SECRET,
    }
    with oidc.running(providers, f"{url}/sign-in/oidc/callback"):
        house = House(tmp_path_factory.mktemp("oidc"), port, told=told)
        yield house
        house.kill()


@pytest.fixture(scope="module")
def session(house: House) -> str:
    return house.begin("livraison.suivi")


def be(page: Page, name: str) -> None:
    """Say who one is on the provider's own pages, and let it tell the service."""
    page.get_by_placeholder("Enter any login").fill(name)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def refused(page: Page, house: House, words: str) -> None:
    """Expect to be back at the sign-in page, told why."""
    expect(page.get_by_role("alert")).to_contain_text(words)
    assert page.url.startswith(f"{house.url}/sign-in?error=")


def test_whoever_the_provider_vouches_for_lands_at_the_step_they_wanted_and_leaves_for_good(
    house: House, page: Page, session: str
) -> None:
    page.goto(f"{house.url}/s/{session}")
    page.get_by_role("link", name=f"Continue with {WITH}").click()
    be(page, "ana")

    expect(page).to_have_url(f"{house.url}/s/{session}")
    expect(page.locator("#step").get_by_role("heading", level=1)).to_be_visible()
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "__Host-sid"]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Lax")

    page.locator("header .menu summary").click()
    # The provider said that she reads French.
    page.get_by_role("button", name=re.compile("Se déconnecter|Sign out")).click()

    expect(page.get_by_role("link", name=re.compile(WITH))).to_be_visible()
    page.context.add_cookies(
        [
            {
                "name": cookie["name"], "value": cookie["value"], "path": "/", "secure": True,
                "domain": "127.0.0.1",
            }
        ]
    )  # fmt: skip
    page.goto(f"{house.url}/s/{session}")
    expect(page.get_by_role("link", name=re.compile(WITH))).to_be_visible()


def test_somebody_without_a_role_takes_another_account_and_still_lands_there(
    house: House, page: Page, session: str
) -> None:
    page.goto(f"{house.url}/s/{session}")
    page.get_by_role("link", name=f"Continue with {WITH}").click()
    be(page, "guest")

    refused(page, house, "you have no role here")
    page.get_by_role("link", name="Sign in with another account").click()
    be(page, "diane")

    expect(page).to_have_url(f"{house.url}/s/{session}")
    expect(page.locator("#step").get_by_role("heading", level=1)).to_be_visible()


def test_whoever_turns_back_at_the_provider_is_told_and_may_try_again(
    house: House, page: Page
) -> None:
    page.goto(f"{house.url}/sign-in")
    page.get_by_role("link", name=f"Continue with {WITH}").click()
    page.get_by_role("link", name="Cancel").click()

    refused(page, house, "did not confirm who you are")
    page.get_by_role("link", name=f"Try again with {WITH}").click()
    be(page, "ana")

    expect(page).to_have_url(f"{house.url}/")
    expect(page.get_by_role("banner")).to_be_visible()


def test_a_return_nobody_left_for_lets_nobody_in(house: House, page: Page) -> None:
    page.goto(f"{house.url}/sign-in/oidc/callback?code=stolen&state=made-up")

    refused(page, house, "was not begun in this browser")
    expect(page.get_by_role("link", name=f"Try again with {WITH}")).to_be_visible()


REASONS = {
    "sign-in.lost": {"en": "was not begun in this browser", "fr": "n’a pas été commencée"},
    "sign-in.refused": {"en": "did not confirm who you are", "fr": "n’a pas confirmé qui vous"},
    "sign-in.unreachable": {"en": "does not answer", "fr": "ne répond pas"},
    "sign-in.no-role": {"en": "you have no role here", "fr": "aucun rôle ne vous est donné"},
    "<script>": {"en": "did not confirm who you are", "fr": "n’a pas confirmé qui vous"},
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_reason_has_its_words_and_a_way_on(
    house: House, browser: Browser, language: str
) -> None:
    context = browser.new_context(locale={"en": "en-GB", "fr": "fr-FR"}[language])
    page = context.new_page()
    for code, words in REASONS.items():
        page.goto(f"{house.url}/sign-in?error={code}&next=/s/ses_1")
        expect(page.get_by_role("alert")).to_contain_text(words[language])
        expect(page.locator("a.main")).to_have_attribute("href", "/sign-in/oidc?next=%2Fs%2Fses_1")
    context.close()
