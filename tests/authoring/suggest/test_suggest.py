"""A customer's own words find the declaration, however spelt; a few letters find the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authoring.load import load, load_folder
from authoring.suggest import Searcher, Suggester
from authoring.suggest_words import folded, likeness, stem, stems, trigrams
from engine.model import Library

DEMO = Path(__file__).resolve().parents[3] / "journeys" / "demo"
CODES = """
declarations:
  livraison:
    label: {fr: Livraison, en: Delivery}
    children:
      suivi:
        label: {fr: Suivi de livraison, en: Delivery tracking}
        synonyms: {fr: [pas reçu, colis en retard], en: [not received, late parcel]}
        examples: {fr: ["Je n'ai pas reçu mon colis"], en: ["My parcel has not arrived"]}
      etat:
        label: {fr: Colis abîmé, en: Damaged parcel}
        synonyms: {fr: [cassé, endommagé], en: [broken]}
        examples: {fr: ["Mon article est arrivé cassé"], en: ["My item arrived broken"]}
  paiement:
    label: {fr: Paiement, en: Payment}
    children:
      remboursement:
        label: {fr: Remboursement, en: Refund}
        synonyms: {fr: [être remboursé, rendre l'argent], en: [money back]}
        examples: {fr: ["Je voudrais être remboursé"], en: ["I want my money back"]}
qualifications: {}
actions: {}
"""
LIBRARY = """
parcours: 1
library: words
title: {fr: Mots, en: Words}
languages: [fr, en]
audiences: [advisor]
declarations: {livraison.suivi: case}
"""
CASE = """
parcours: 1
journey: case
title: {fr: Suivi de livraison, en: Delivery tracking}
steps:
  - {id: hello, say: {fr: "Où est l'échéancier ?", en: "Where is the schedule?"}}
  - {id: solved, end: unresolved}
"""


@pytest.fixture(scope="module")
def library() -> Library:
    loaded = load({"library.yaml": LIBRARY, "codes.yaml": CODES, "journeys/case.yaml": CASE})
    assert loaded.library is not None, loaded.findings
    return loaded.library


@pytest.mark.parametrize(
    ("words", "language", "code"),
    [
        ("je n'ai toujours pas reçu mon colis", "fr", "livraison.suivi"),
        ("PAS RECU MES COLIS !!", "fr", "livraison.suivi"),
        ("mon colit est en retar", "fr", "livraison.suivi"),
        ("l'article est cassée", "fr", "livraison.etat"),
        ("je veux un remboursment", "fr", "paiement.remboursement"),
        ("Bonjour, je souhaite être remboursée de ma commande", "fr", "paiement.remboursement"),
        ("my parcels have not arrived", "en", "livraison.suivi"),
        ("it came brokn", "en", "livraison.etat"),
        ("give me my money back please", "en", "paiement.remboursement"),
    ],
)  # fmt: skip
def test_a_customers_words_rank_their_declaration_first(
    library: Library, words: str, language: str, code: str
) -> None:
    ranked = Suggester(library).rank(words, language)

    assert ranked[0]["code"] == code


def test_a_suggestion_names_the_journey_that_the_library_starts_for_it(library: Library) -> None:
    best = Suggester(library).rank("pas reçu", "fr")[0]

    assert best["journey"] == "case"
    assert best["label"] == "Suivi de livraison"
    assert best["matched"] == "pas reçu"
    assert 0.9 <= best["score"] <= 1


def test_words_that_mean_nothing_here_suggest_nothing(library: Library) -> None:
    assert Suggester(library).rank("xylophone", "fr") == []
    assert Suggester(library).rank("", "fr") == []
    assert Suggester(library).rank("?!", "fr") == []


def test_another_languages_words_are_understood_though_ranked_lower(library: Library) -> None:
    suggester = Suggester(library)

    spoken, foreign = suggester.rank("money back", "en")[0], suggester.rank("money back", "fr")[0]

    assert spoken["code"] == foreign["code"] == "paiement.remboursement"
    assert foreign["score"] < spoken["score"]


@given(st.text(max_size=200), st.sampled_from(["fr", "en", "de", ""]))
def test_whatever_is_typed_scores_stay_between_zero_and_one(text: str, language: str) -> None:
    ranked = Suggester(_LIBRARY).rank(text, language, limit=3)

    assert len(ranked) <= 3
    assert all(0 <= one["score"] <= 1 for one in ranked)
    assert [one["score"] for one in ranked] == sorted((o["score"] for o in ranked), reverse=True)
    found = Searcher(_LIBRARY).search(text, language, limit=3)
    assert all(0 <= one["score"] <= 1 for one in found)


def test_search_forgives_accents_endings_and_unfinished_words(library: Library) -> None:
    searcher = Searcher(library)

    for q in ("echeanciers", "échéancier", "eche", "ÉCHÉANCIER"):
        assert ("step", "hello") in {
            (one["kind"], one["id"]) for one in searcher.search(q, "fr")
        }, q


def test_search_puts_journeys_before_motives_and_steps(library: Library) -> None:
    found = Searcher(library).search("suivi", "fr")

    assert [(one["kind"], one["id"]) for one in found[:2]] == [
        ("journey", "case"),
        ("motive", "livraison.suivi"),
    ]
    assert found[1]["journey"] == "case"


def test_the_shipped_library_understands_every_example_it_declares() -> None:
    library = load_folder(DEMO).library
    assert library is not None
    suggester = Suggester(library)
    wrong = [
        (language, words, entry.code)
        for entry in library.codes["declaration"].values()
        for language, examples in entry.examples.items()
        for words in examples
        if suggester.rank(words, language)[0]["code"] != entry.code
    ]

    assert wrong == []


def test_words_are_compared_without_accents_case_or_endings() -> None:
    assert folded("Œuvre ÉLÈVE") == "oeuvre eleve"
    assert stem("livraisons", "fr") == stem("livraison", "fr")
    assert stem("parcels", "en") == stem("parcel", "en")
    assert stems("Je n'ai pas reçu", "fr") == stems("pas reçus", "fr")
    assert likeness(trigrams("colis"), trigrams("colis")) == 1.0
    assert likeness(trigrams("colis"), trigrams("xyz")) == 0.0


_LOADED = load({"library.yaml": LIBRARY, "codes.yaml": CODES, "journeys/case.yaml": CASE}).library
assert _LOADED is not None
_LIBRARY = _LOADED


HOLED = """
parcours: 1
journey: case
title: {fr: Suivi de livraison, en: Delivery tracking}
steps:
  - id: which
    ask: {order_id: {type: text, label: {fr: "Numéro de commande", en: "Order number"}}}
  - {id: chased, say: {fr: "Votre commande {order_id} arrive.", en: "Your order {order_id} comes."}}
  - {id: solved, end: unresolved}
"""


def test_a_step_is_found_by_what_its_values_are_called_never_by_its_template() -> None:
    texts = {"library.yaml": LIBRARY, "codes.yaml": CODES, "journeys/case.yaml": HOLED}
    library = load(texts).library
    assert library is not None

    titles = {
        language: Searcher(library).search(q, language)[0]["title"]
        for q, language in (("arrive", "fr"), ("comes", "en"))
    }

    assert titles == {
        "fr": "Votre commande [numéro de commande] arrive.",
        "en": "Your order [order number] comes.",
    }
