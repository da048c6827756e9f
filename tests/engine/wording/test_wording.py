from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kinds import BOOLEAN, DATE, DURATION, NUMBER, PERIOD, SET, TEXT, TIME, Kind
from engine.scope import Scope
from engine.templates import Template, WordingError, parse_wording
from engine.wording import Text

KINDS = {
    "order": Kind.record({"amount": Kind("money", currency="EUR"), "shipped_on": DATE, "id": TEXT}),
    "weight": Kind("number", unit="kg"),
    "count": NUMBER,
    "ok": BOOLEAN,
    "at": TIME,
    "stay": PERIOD,
    "delay": DURATION,
    "symptoms": SET,
    "complaint": Kind.choice(["late"]),
}
SCOPE = Scope(
    {
        "order": {
            "amount": {"amount": "1234.50", "currency": "EUR"},
            "shipped_on": "2026-10-04",
            "id": "F-1042",
        },
        "weight": {"value": 12.5, "unit": "kg"},
        "count": 1234567.25,
        "ok": True,
        "at": "08:05",
        "stay": {"from": "2026-10-01", "to": "2026-10-04"},
        "delay": {"seconds": 183_600},
        "symptoms": ["sound", "screen", "remote"],
        "complaint": "late",
    },
    "2026-10-01",
)
SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})


@pytest.mark.parametrize(
    ("wording", "french", "english"),
    [
        ("{order.amount}", "1 234,50 €", "€1,234.50"),
        ("{order.amount:short}", "1 234,50 €", "€1,234.50"),
        ("{order.shipped_on}", "4 octobre 2026", "4 October 2026"),
        ("{order.shipped_on:short}", "04/10/2026", "04/10/2026"),
        ("{weight}", "12,5 kg", "12.5 kg"),
        ("{count}", "1 234 567,25", "1,234,567.25"),
        ("{ok}", "oui", "yes"),
        ("{at}", "08 h 05", "08:05"),
        ("{stay}", "du 1er octobre 2026 au 4 octobre 2026", "1 October 2026 to 4 October 2026"),
        ("{delay}", "2 jours 3 h", "2 days 3 h"),
        ("{symptoms}", "sound, screen et remote", "sound, screen and remote"),
        ("N° {order.id} : {order.missing}.", "N° F-1042 : ….", "N° F-1042 : …."),
        ("{nothing.at.all}", "…", "…"),
        ("{{{order.id}}}", "{F-1042}", "{F-1042}"),
        ("no hole", "no hole", "no hole"),
        ("", "", ""),
    ],
)
def test_values_are_written_as_people_of_the_language_do(
    wording: str, french: str, english: str
) -> None:
    template = parse_wording(wording)

    assert template.render(SCOPE, "fr", kinds=KINDS).translate(SPACES) == french
    assert template.render(SCOPE, "en", kinds=KINDS).translate(SPACES) == english


def test_groups_of_three_and_the_euro_do_not_break_over_two_lines() -> None:
    assert parse_wording("{order.amount}").render(SCOPE, "fr", kinds=KINDS) == (
        "1\u202f234,50\u00a0€"
    )


def test_an_amount_without_cents_may_be_short() -> None:
    scope = Scope({"x": {"amount": "80.00", "currency": "EUR"}}, "2026-10-01")

    assert parse_wording("{x:short}").render(scope, "fr") == "80\u00a0€"


def test_what_is_sensitive_is_masked() -> None:
    template = parse_wording("{order.id}, {count}")

    shown = template.render(
        SCOPE, "en", kinds=KINDS, mask=lambda name, text: "***" if name == "order.id" else text
    )

    assert shown == "***, 1,234,567.25"


def test_options_are_told_by_their_labels() -> None:
    labels = {"complaint": {"late": "en retard"}, "symptoms": {"sound": "le son"}}

    shown = parse_wording("{complaint}: {symptoms}").render(SCOPE, "fr", kinds=KINDS, labels=labels)

    assert shown == "en retard: le son, screen et remote"


def test_a_template_says_what_it_reads_and_where() -> None:
    template = parse_wording("Colis {order.id}, {order.shipped_on:short}")

    assert template.reads == {"order.id", "order.shipped_on"}
    assert [(hole.start, hole.end, hole.form) for hole in template.holes] == [
        (6, 16, None),
        (18, 42, "short"),
    ]


@pytest.mark.parametrize(
    "wording", ["{", "}", "{}", "{a b}", "{a.}", "{a|upper}", "{a:wide}", "{1+1}", "a { b", "{a.b"]
)
def test_anything_but_a_name_between_braces_is_refused(wording: str) -> None:
    with pytest.raises(WordingError) as refused:
        parse_wording(wording)

    assert refused.value.code == "wording.bad-hole"
    assert 0 <= refused.value.start < refused.value.end <= len(wording)


@given(st.text(max_size=40) | st.text(alphabet="{}ab.:", max_size=20))
def test_any_text_is_a_wording_or_is_refused(text: str) -> None:
    try:
        template = parse_wording(text)
    except WordingError:
        return

    assert isinstance(template.render(SCOPE, "fr", kinds=KINDS), str)


@given(st.text(max_size=40))
def test_doubled_braces_give_the_text_back(text: str) -> None:
    written = text.replace("{", "{{").replace("}", "}}")

    assert parse_wording(written).render(SCOPE, "en") == text


def said(**texts: str) -> Text:
    variants: dict[tuple[str, str, str], Template] = {}
    for key, text in texts.items():
        audience, language, length = key.split("_")
        variants[audience.replace("all", "*"), language.replace("any", "*"), length] = (
            parse_wording(text)
        )
    return Text(variants)


def picked(text: Text, audience: str, language: str, length: str = "full") -> str | None:
    template = text.pick(audience, language, length=length, default_language="fr")
    return None if template is None else template.source


def test_each_audience_is_told_its_own_words_and_a_bot_the_customers() -> None:
    text = said(advisor_fr_full="au conseiller", customer_fr_full="au client")

    assert picked(text, "advisor", "fr") == "au conseiller"
    assert picked(text, "bot", "fr") == "au client"
    assert picked(text, "robot", "fr") is None


def test_the_words_for_all_serve_who_has_none() -> None:
    text = said(all_fr_full="à tous", customer_fr_full="au client")

    assert picked(text, "advisor", "fr") == "à tous"
    assert picked(text, "bot", "fr") == "au client"
    assert picked(text, "robot", "fr") == "à tous"


def test_the_language_asked_for_goes_first_then_the_default_then_any() -> None:
    text = said(all_fr_full="oui", all_en_full="yes")

    assert picked(text, "advisor", "en") == "yes"
    assert picked(text, "advisor", "de") == "oui"
    assert picked(said(all_en_full="yes"), "advisor", "de") == "yes"
    assert picked(said(all_any_full="OK"), "advisor", "de") == "OK"


def test_a_short_channel_gets_the_short_words_where_there_are_any() -> None:
    text = said(all_fr_full="tout au long", all_fr_short="bref", all_en_full="at length")

    assert picked(text, "advisor", "fr", "short") == "bref"
    assert picked(text, "advisor", "fr", "full") == "tout au long"
    assert picked(text, "advisor", "en", "short") == "at length"


def test_a_text_knows_its_languages_and_what_it_reads() -> None:
    text = said(advisor_fr_full="{a}", advisor_en_full="{b.c}", customer_fr_full="non")

    assert text.languages("advisor") == {"fr", "en"}
    assert text.languages("bot") == {"fr"}
    assert text.languages("robot") == set()
    assert text.reads == {"a", "b.c"}


def test_a_plain_text_says_the_same_to_all_braces_and_all() -> None:
    template = Text.plain("a {b}").pick("robot", "de")

    assert template is not None
    assert template.render(SCOPE, "de") == "a {b}"
