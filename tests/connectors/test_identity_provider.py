"""What an identity provider answers is believed only when all of it holds together."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.identity_provider import Attempt, Client, IdentityProvider, NotVouched, is_safe

ISSUER = "https://id.example"
ATTEMPT = Attempt("a state", "a nonce", "a verifier")
OURS = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
ANOTHERS = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
Change = Callable[[dict[str, Any]], None]


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    given = {
        "iss": ISSUER, "sub": "1234", "aud": "console", "exp": now + 300, "iat": now,
        "nonce": ATTEMPT.nonce, "name": "Ana", "roles": ["advisor"], **changed,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


def signed(
    body: dict[str, Any], *, key: Any = OURS, alg: str = "RS256", kid: str | None = "k1"
) -> str:
    return jwt.encode(body, key, algorithm=alg, headers={} if kid is None else {"kid": kid})


class Made:
    """A provider made up for one test, at the port where HTTP leaves: answers by path."""

    def __init__(self, token: str, **about: Any) -> None:
        self.asked: list[httpx.Request] = []
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OURS.public_key()))
        self.answers: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/auth?tenant=a",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                **about,
            },
            "/keys": {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]},
            "/token": {"id_token": token, "access_token": "for userinfo"},
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers[request.url.path]
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def paths(self) -> list[str]:
        return [request.url.path for request in self.asked]


def ask(made: Made, *, secret: str | None = "s:cret é", times: int = 1) -> dict[str, Any]:
    """Return what a provider vouches for."""
    client = Client(ISSUER, "console", secret, "openid profile", "https://desk.example/back")

    async def run() -> dict[str, Any]:
        provider = IdentityProvider(client, transport=httpx.MockTransport(made))
        found: dict[str, Any] = {}
        try:
            for _ in range(times):
                found = dict(await provider.claims("a code", ATTEMPT, needed=("name", "roles")))
        finally:
            await provider.close()
        return found

    return asyncio.run(run())


def test_what_is_signed_for_us_and_for_this_attempt_is_believed() -> None:
    made = Made(signed(claims()))

    found = ask(made)

    assert (found["sub"], found["roles"]) == ("1234", ["advisor"])
    [redeemed] = [request for request in made.asked if request.url.path == "/token"]
    assert dict(parse_qsl(redeemed.content.decode())) == {
        "grant_type": "authorization_code", "code": "a code", "code_verifier": "a verifier",
        "redirect_uri": "https://desk.example/back",
    }  # fmt: skip
    basic = base64.b64encode(b"console:s%3Acret%20%C3%A9").decode()
    assert redeemed.headers["authorization"] == f"Basic {basic}"


def test_where_one_is_sent_carries_the_digest_of_the_verifier() -> None:
    async def run() -> str:
        made = httpx.MockTransport(Made(""))
        client = Client(ISSUER, "console", None, "openid", "https://desk.example/back")
        provider = IdentityProvider(client, transport=made)
        return await provider.sign_in_url(ATTEMPT, language="fr")

    url = asyncio.run(run())

    asked = parse_qs(urlsplit(url).query)
    digest = hashlib.sha256(b"a verifier").digest()
    assert url.startswith(f"{ISSUER}/auth?tenant=a&")
    assert asked["code_challenge"] == [base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]
    assert "a verifier" not in url


PUBLIC = OURS.public_key()


# Made when the test runs: a token made when tests are collected is over by then.
@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(
            lambda: signed(claims(iss="https://evil.example")), "token", id="another issuer"
        ),
        pytest.param(lambda: signed(claims(iss=ISSUER + "/")), "token", id="nearly the issuer"),
        pytest.param(lambda: signed(claims(aud="another")), "token", id="for another client"),
        pytest.param(
            lambda: signed(claims(aud=["console", "b"])), "token", id="for several, not said whose"
        ),
        pytest.param(
            lambda: signed(claims(aud=["console", "b"], azp="b")), "token", id="given to another"
        ),
        pytest.param(lambda: signed(claims(exp=int(time.time()) - 3_600)), "token", id="over"),
        pytest.param(
            lambda: signed(claims(iat=int(time.time()) + 3_600)), "token", id="from the future"
        ),
        pytest.param(lambda: signed(claims(nonce="another")), "nonce", id="another attempt's"),
        pytest.param(lambda: signed(claims(nonce=None)), "nonce", id="no attempt's"),
        pytest.param(lambda: signed(claims(sub=None)), "token", id="about nobody"),
        pytest.param(lambda: signed(claims(exp=None)), "token", id="for ever"),
        pytest.param(lambda: signed(claims(), key=ANOTHERS), "token", id="signed with another key"),
        pytest.param(lambda: signed(claims(), kid="k2"), "token", id="signed with an unknown key"),
        pytest.param(
            lambda: signed(claims(), alg="RS384"), "token", id="an algorithm not accepted"
        ),
        pytest.param(
            lambda: signed(claims(), key="s" * 32, alg="HS256"), "token", id="a shared secret"
        ),
        pytest.param(lambda: signed(claims(), key=None, alg="none"), "token", id="not signed"),
        pytest.param(lambda: "a.b.c", "token", id="no token"),
    ],
)
def test_what_does_not_hold_together_is_not_believed(make: Callable[[], str], why: str) -> None:
    with pytest.raises(NotVouched) as refused:
        ask(Made(make()))

    assert refused.value.why == why


def test_clocks_may_be_a_minute_apart() -> None:
    now = int(time.time())

    assert ask(Made(signed(claims(exp=now - 30, iat=now + 30))))["sub"] == "1234"


def test_one_key_without_a_name_is_the_one() -> None:
    made = Made(signed(claims(), kid=None))
    del made.answers["/keys"]["keys"][0]["kid"]

    assert ask(made)["sub"] == "1234"


def test_a_made_up_key_name_makes_nobody_ask_for_keys_again_and_again() -> None:
    made = Made(signed(claims()))
    ask(made, times=3)
    assert made.paths().count("/keys") == 1
    assert made.paths().count("/.well-known/openid-configuration") == 1


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"issuer": "https://evil.example"}, "issuer"),
        ({"issuer": ISSUER + "/"}, "issuer"),
        ({"token_endpoint": "http://id.example/token"}, "endpoint"),
        ({"jwks_uri": "file:///etc/passwd"}, "endpoint"),
        ({"userinfo_endpoint": "http://id.example/me"}, "endpoint"),
        ({"jwks_uri": None}, "answer"),
    ],
)
def test_a_description_that_does_not_hold_is_not_followed(about: dict[str, Any], why: str) -> None:
    made = Made(signed(claims()), **about)

    with pytest.raises(NotVouched) as refused:
        ask(made)

    assert refused.value.why == why
    assert made.paths() == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    ("path", "answer", "why"),
    [
        ("/token", httpx.Response(400, json={"error": "invalid_grant"}), "code"),
        ("/token", httpx.Response(502), "unreachable"),
        ("/token", httpx.Response(302, headers={"location": "https://evil.example"}), "code"),
        ("/token", httpx.Response(200, text="not JSON"), "answer"),
        ("/token", httpx.Response(200, json=["id_token"]), "answer"),
        ("/token", httpx.Response(200, json={}), "token"),
        ("/keys", httpx.Response(200, json={"keys": []}), "token"),
        ("/keys", httpx.Response(200, content=b" " * 1_048_577), "answer"),
    ],
)
def test_an_answer_that_is_none_vouches_for_nobody(
    path: str, answer: httpx.Response, why: str
) -> None:
    made = Made(signed(claims()))
    made.answers[path] = answer

    with pytest.raises(NotVouched) as refused:
        ask(made)

    assert refused.value.why == why


def test_what_the_token_lacks_is_asked_of_userinfo_about_the_very_same_person() -> None:
    made = Made(signed(claims(roles=None)), userinfo_endpoint=f"{ISSUER}/me")
    made.answers["/me"] = {"sub": "1234", "roles": ["supervisor"], "name": "somebody else's"}

    found = ask(made)

    assert (found["roles"], found["name"]) == (["supervisor"], "Ana")
    assert made.asked[-1].headers["authorization"] == "Bearer for userinfo"
    made.answers["/me"] = {"sub": "4321", "roles": ["supervisor"]}
    with pytest.raises(NotVouched) as refused:
        ask(made)
    assert refused.value.why == "subject"


def test_a_provider_that_takes_the_secret_in_the_form_alone_gets_it_there() -> None:
    made = Made(signed(claims()), token_endpoint_auth_methods_supported=["client_secret_post"])

    ask(made)

    [redeemed] = [request for request in made.asked if request.url.path == "/token"]
    assert "authorization" not in redeemed.headers
    assert dict(parse_qsl(redeemed.content.decode()))["client_secret"] == "s:cret é"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://id.example/x", True),
        ("http://127.0.0.1:4000/x", True),
        ("http://localhost/x", True),
        ("http://[::1]:4000/x", True),
        ("http://id.example/x", False),
        ("http://localhost.evil.example/x", False),
        ("file:///x", False),
        (None, False),
    ],
)
def test_only_what_nobody_reads_on_the_way_is_safe(url: Any, *, safe: bool) -> None:
    assert is_safe(url) is safe
