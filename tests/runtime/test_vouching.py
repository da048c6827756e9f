"""What a provider's claims and the settings about it mean here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.claims import make_rules, person_id
from runtime.errors import WrongSetting
from runtime.settings import Settings, load_settings
from runtime.vouching import make_provider, own_path, secret_of
from runtime.workplaces import NOWHERE, Workplace


@pytest.mark.parametrize("wanted", ["/", "/s/ses_1", "/s/ses_1?tab=2&x=%2F", "/care#t=1", "/a//b"])
def test_a_path_of_ours_is_gone_to(wanted: str) -> None:
    assert own_path(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None, "", "s", "//evil.example", "/\\evil.example", "/\t/evil.example", "/a\\b", "/é",
        "https://evil.example", "javascript:alert(1)", "/a b", "/" + "a" * 512, "/a\r\nx: y",
    ],
)  # fmt: skip
def test_anything_else_is_the_first_page(wanted: str | None) -> None:
    assert own_path(wanted) == "/"


def test_the_same_subject_of_another_issuer_is_another_person() -> None:
    ours = person_id("https://id.example", "1234")

    assert ours == person_id("https://id.example", "1234")
    assert len({ours, person_id("https://other.example", "1234"),
                person_id("https://id.example", "1235"),
                person_id("https://id.example1", "234")}) == 4  # fmt: skip
    assert len(ours) == 30


def test_a_secret_is_where_its_reference_says(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cret\n", encoding="utf-8")

    assert secret_of(None) is None
    assert secret_of("env:HERE", {"HERE": "s3cret"}) == "s3cret"
    assert secret_of(f"file:{file}") == "s3cret"


@pytest.mark.parametrize("reference", ["s3cret", "env:NOWHERE", "env:EMPTY", "file:nowhere", ""])
def test_a_secret_that_is_not_there_keeps_the_service_from_starting(reference: str) -> None:
    with pytest.raises(WrongSetting, match="oidc_client_secret") as refused:
        secret_of(reference, {"EMPTY": ""})

    assert "s3cret" not in str(refused.value)


def test_roles_mean_themselves_until_the_settings_say_otherwise() -> None:
    plain = make_rules(Settings())
    said = make_rules(Settings(oidc_roles=("Service client=advisor", "a=b=supervisor")))

    assert plain.roles == {role: role for role in ("supervisor", "advisor", "author", "admin")}
    assert said.roles == {"Service client": "advisor", "a=b": "supervisor"}


def test_claims_say_team_site_and_provider_as_short_names_and_nothing_else() -> None:
    rules = make_rules(
        Settings(oidc_team_claim="groups", oidc_site_claim="org.site", oidc_provider_claim="firm")
    )
    claims = {
        "sub": "1", "roles": "advisor", "org": {"site": "lyon"}, "firm": 7,
        "groups": ["Everybody in Lyon", "desk", "second"],
    }  # fmt: skip

    person = rules.person(claims, "https://id.example", language="fr")

    assert person.workplace == Workplace(team="desk", site="lyon")
    assert rules.needed() == ("name", "roles", "groups", "org", "firm")
    plain = make_rules(Settings()).person(claims, "https://id.example", language="fr")
    assert plain.workplace == NOWHERE


@pytest.mark.parametrize("pair", ["advisor", "=advisor", "x=system", "x=bot", "x=customer", "x="])
def test_no_claim_makes_anybody_a_program_or_the_system(pair: str) -> None:
    with pytest.raises(WrongSetting, match="oidc_roles"):
        make_rules(Settings(oidc_roles=(pair,)))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"oidc_issuer": "http://id.example"}, "oidc_issuer"),
        ({"oidc_issuer": "https://id.example/?a"}, "oidc_issuer"),
        ({"oidc_issuer": "http://localhost.evil.example"}, "oidc_issuer"),
        ({"oidc_client_id": None}, "oidc_client_id"),
        ({"public_url": None}, "public_url"),
    ],
)
def test_half_a_provider_is_refused_with_the_setting_that_lacks(
    more: dict[str, Any], says: str
) -> None:
    given: dict[str, Any] = {
        "oidc_issuer": "https://id.example/realms/a",
        "oidc_client_id": "console",
        "public_url": "https://desk.example",
    }
    assert make_provider(load_settings(environment={}, **given)) is not None

    with pytest.raises(WrongSetting, match=says):
        load_settings(environment={}, **{**given, **more})


def test_no_provider_is_made_where_none_is_named() -> None:
    assert make_provider(Settings()) is None
