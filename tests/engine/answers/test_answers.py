from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from engine.answers import ANSWER_TYPES, AnswerType, BadAnswer, BadSetting, build
from engine.answers.identifier import SCHEMES
from engine.answers.messages import MESSAGES
from engine.kinds import Kind
from engine.scope import Scope
from tests.support.answers import CASES, made

SCOPE = Scope({}, "2026-10-01")
SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})


def cases(part: str) -> list[Any]:
    return [
        pytest.param(name, case, id=f"{name}: {case.get('give', case.get('text', case))}")
        for name, golden in CASES.items()
        for case in golden.get(part, [])
    ]


def test_every_answer_type_has_its_golden_cases() -> None:
    assert set(CASES) == set(ANSWER_TYPES)
    assert all({"accepted", "refused", "shown"} <= set(golden) for golden in CASES.values())


@pytest.mark.parametrize(("name", "case"), cases("accepted"))
def test_an_answer_is_kept_in_its_canonical_form(name: str, case: dict[str, Any]) -> None:
    answer_type = made(name)

    kept = answer_type.accept(case["give"], SCOPE)

    assert kept == case.get("canonical", case["give"])
    assert type(kept) is type(case.get("canonical", case["give"]))
    assert answer_type.accept(kept, SCOPE) == kept
    Draft202012Validator(answer_type.schema()).validate(kept)


@pytest.mark.parametrize(("name", "case"), cases("refused"))
def test_an_answer_is_refused_with_what_is_allowed(name: str, case: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer) as refused:
        made(name).accept(case["give"], SCOPE)

    assert refused.value.code == case["code"]
    assert set(refused.value.message) == {"fr", "en"}
    assert not any("{" in message for message in refused.value.message.values())


@pytest.mark.parametrize(("name", "case"), cases("shown"))
def test_a_value_reads_as_people_write_it(name: str, case: dict[str, Any]) -> None:
    answer_type = made(name)

    for language in ("fr", "en"):
        assert answer_type.show(case["value"], language).translate(SPACES) == case[language]


@pytest.mark.parametrize(("name", "case"), cases("spoken"))
def test_what_a_person_types_is_understood(name: str, case: dict[str, Any]) -> None:
    answer_type = made(name)

    if "code" in case:
        with pytest.raises(BadAnswer) as refused:
            answer_type.parse_spoken(case["text"], case["language"])
        assert refused.value.code == case["code"]
    else:
        assert answer_type.parse_spoken(case["text"], case["language"]) == case["gives"]


@pytest.mark.parametrize("name", CASES)
def test_a_control_is_told_what_it_needs_in_the_words_of_who_looks(name: str) -> None:
    form = made(name).form("en", "advisor")

    assert form == CASES[name]["form"]
    assert json.loads(json.dumps(form)) == form


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I accept.", "I accept."),
        ({"fr": "J'accepte.", "en": "I accept."}, "I accept."),
        ({"customer": {"fr": "a", "en": "b"}, "advisor": {"fr": "c", "en": "d"}}, "d"),
        ({"en": {"short": "s", "full": "f"}}, "f"),
        ({"fr": "J'accepte."}, "J'accepte."),
    ],
)
def test_the_text_of_a_consent_is_worded_for_who_looks(text: Any, shown: str) -> None:
    assert build("consent", {"text": text}).form("en", "advisor") == {"text": shown}


@pytest.mark.parametrize("answer_type", ANSWER_TYPES.values(), ids=lambda one: one.name)
def test_every_manual_shows_yaml_that_can_be_used(answer_type: type[AnswerType]) -> None:
    found = re.search(r"```yaml\n(.*?)```", answer_type.__doc__ or "", re.DOTALL)
    assert found is not None
    # PyYAML reads the keys `yes` and `no` as YAML 1.1 does; the loader of journeys does not.
    words = {True: "yes", False: "no"}
    example = {words.get(key, key): value for key, value in yaml.safe_load(found[1]).items()}
    name = example.pop("type")
    if name == "group":
        example["fields"] = {
            key: build(field.pop("type"), field) for key, field in example["fields"].items()
        }

    built = build(name, example, matcher=lambda _: True)

    assert type(built) is answer_type
    assert isinstance(built.kind, Kind)
    Draft202012Validator.check_schema(built.schema())
    for schema in answer_type.settings.values():
        Draft202012Validator.check_schema(schema)


def test_only_consent_is_a_barrier() -> None:
    assert [name for name, one in ANSWER_TYPES.items() if one.is_barrier] == ["consent"]


def test_every_message_stands_in_both_languages_with_the_same_holes() -> None:
    for french, english in MESSAGES.values():
        assert french != english
        assert set(re.findall(r"{\w+}", french)) == set(re.findall(r"{\w+}", english))


def test_a_refusal_shows_its_limit_in_each_language() -> None:
    with pytest.raises(BadAnswer) as refused:
        build("number", {"max": 1234.5}).accept(2000, SCOPE)

    assert refused.value.message["fr"].translate(SPACES) == "La valeur maximale est 1 234,5."
    assert refused.value.message["en"] == "The greatest value allowed is 1,234.5."


def test_a_refusal_inside_a_group_says_in_which_item() -> None:
    with pytest.raises(BadAnswer) as refused:
        made("group").accept([{"article": "pen", "count": 1}, {"article": "x", "count": 0}], SCOPE)

    assert refused.value.code == "answer.too-small"
    assert refused.value.message["en"] == "Item 2, count: The least value allowed is 1."


def test_options_show_under_their_labels() -> None:
    assert made("choice").show("damaged", "fr", labels={"damaged": "Abîmé"}) == "Abîmé"


@pytest.mark.parametrize(
    ("scheme", "good", "bad"),
    [
        ("luhn", "4539 1488 0343 6467", "4539148803436468"),
        ("iban", "FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02607"),
        ("siren", "732 829 320", "732829321"),
        ("siret", "35600000049837", "35600000049836"),
        ("ean13", "4006381333931", "4006381333932"),
        ("mod97", "3214282912345698765432161182", "3214282912345698765432161183"),
    ],
)
def test_a_mistyped_number_is_seen_by_its_check_digits(scheme: str, good: str, bad: str) -> None:
    answer_type = build("identifier", {"scheme": scheme})

    assert answer_type.accept(good, SCOPE) == good.replace(" ", "")
    with pytest.raises(BadAnswer):
        answer_type.accept(bad, SCOPE)


def test_every_scheme_is_tested() -> None:
    assert set(SCHEMES) == {"luhn", "iban", "siren", "siret", "ean13", "mod97"}


@pytest.mark.parametrize(
    ("name", "settings", "key"),
    [
        ("number", {"min": 5, "max": 1}, "min"),
        ("number", {"min": "5"}, "min"),
        ("number", {"minimum": 5}, "minimum"),
        ("number", {"integer": 1}, "integer"),
        ("text", {"pattern": "a+"}, "pattern"),
        ("text", {"min_length": 9, "max_length": 2}, "min_length"),
        ("money", {"currency": "EURO"}, "currency"),
        ("money", {"currency": "EUR", "min": "5 USD"}, "min"),
        ("date", {"min": "tomorrow"}, "min"),
        ("time", {"min": "8:30"}, "min"),
        ("choice", {"options": ["a", "a"]}, "options"),
        ("rating", {"min": 5, "max": 5}, "min"),
        ("rating", {"labels": {"9": "x"}}, "labels"),
        ("consent", {}, "text"),
        ("group", {}, "fields"),
        ("group", {"fields": {"a": 1}}, "fields"),
        ("phone", {"country": "Atlantis"}, "country"),
        ("poem", {}, "type"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    name: str, settings: dict[str, Any], key: str
) -> None:
    with pytest.raises(BadSetting) as refused:
        build(name, settings)

    assert refused.value.key == key


def test_a_systems_record_keeps_what_is_declared_and_may_miss_parts() -> None:
    order = build(
        "record",
        {
            "fields": {
                "status": build("choice", {"options": ["sent"]}),
                "amount": build("money", {"currency": "EUR"}),
                "lines": build("list", {"of": build("text", {})}),
            }
        },
    )

    kept = order.accept({"status": "sent", "amount": None, "lines": ["a"], "more": 1}, SCOPE)

    assert kept == {"status": "sent", "lines": ["a"]}
    assert order.kind.fields is not None
    assert all(kind.optional for kind in order.kind.fields.values())
    with pytest.raises(BadAnswer) as refused:
        order.accept({"status": "lost"}, SCOPE)
    assert refused.value.message["en"].startswith("status: ")


@pytest.mark.parametrize(
    ("pattern", "example", "french", "english"),
    [
        ("F-[0-9]{4}", None, "«\u00a0F-\u00a0», puis 4 chiffres", "“F-”, then 4 digits"),
        (r"\d{5}", "69003", "5 chiffres, par exemple 69003", "5 digits, as in 69003"),
        ("[A-Z]{2}[a-z0-9A-Z]+", None, "2 majuscules, puis au moins 1 lettre ou chiffre",
         "2 capital letters, then at least 1 letter or digit"),
        ("[0-9]{1,3}", None, "de 1 à 3 chiffres", "1 to 3 digits"),
        ("(A|B)[^x]", None, "vérifiez chaque lettre et chaque chiffre",
         "check each letter and digit"),
        ("A|B", "A", "vérifiez chaque lettre et chaque chiffre, par exemple A",
         "check each letter and digit, as in A"),
    ],
)  # fmt: skip
def test_a_form_is_told_in_words_and_never_as_a_pattern(
    pattern: str, example: str | None, french: str, english: str
) -> None:
    settings = {"pattern": pattern, **({"example": example} if example else {})}

    with pytest.raises(BadAnswer) as refused:
        build("text", settings, matcher=lambda text: text == example).accept("?", SCOPE)

    message = refused.value.message
    assert message["fr"] == f"Cette réponse n'a pas la forme attendue : {french}."
    assert message["en"] == f"This answer does not have the form expected: {english}."


def test_an_example_that_its_own_pattern_refuses_is_found_by_its_author() -> None:
    with pytest.raises(BadSetting, match="example"):
        build("text", {"pattern": "[0-9]+", "example": "x"}, matcher=str.isdigit)


@pytest.mark.parametrize("letter", ["e", "é", "😀"])
def test_a_text_is_counted_in_characters_whatever_bytes_they_take(letter: str) -> None:
    text = build("text", {})

    assert text.accept(letter * 65_536, SCOPE) == letter * 65_536
    with pytest.raises(BadAnswer, match="At most 65,536 characters") as refused:
        text.accept(letter * 65_537, SCOPE)

    assert refused.value.code == "answer.too-long"
