"""Whom a library lets one transfer to or consult, as they are called."""

from authoring.load import load
from tests.authoring.loader.small import LIBRARY


def test_a_skill_is_called_by_its_title_and_listed_after_the_teams() -> None:
    teams = (
        "teams:\n"
        "  seller: {title: Vendeur, skills: {seals: {fr: Joints, en: Seals}}}\n"
        "  second: {title: Second line, skills: [seals, parcels]}\n"
    )
    library = load({"library.yaml": LIBRARY.replace("teams: {seller: {title: Vendeur}}\n", teams)})

    assert library.findings == []
    assert library.library is not None
    named = library.library.addressees
    assert list(named) == ["seller", "second", "seals", "parcels"]
    seals = named["seals"]
    assert seals is not None
    said = seals.pick("advisor", "en", default_language="fr")
    assert (said and said.source, named["parcels"]) == ("Seals", None)
