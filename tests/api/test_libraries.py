"""A library is checked and published whole, or not at all."""

from __future__ import annotations

from tests.api.service import Shop, code_of, key, library_files


def test_a_broken_library_gets_every_finding_and_nothing_is_published(any_shop: Shop) -> None:
    files = library_files()
    files["journeys/parcel.yaml"] = files["journeys/parcel.yaml"].replace(
        "next: reassure", "next: reasure"
    )
    with any_shop.client("author") as author:
        before = author.get("/v1/journeys").json()

        checked = author.post("/v1/libraries:check", json={"files": files})
        refused = author.post("/v1/libraries", json={"files": files}, headers=key())

        assert checked.status_code == 200
        assert checked.json()["errors"] >= 1
        assert code_of(refused) == (422, "library.refused")
        found = refused.json()["findings"]
        assert found == checked.json()["findings"]
        errors = [finding for finding in found if finding["severity"] == "error"]
        assert all(f["file"] == "journeys/parcel.yaml" and f["line"] > 0 for f in errors)
        assert author.get("/v1/journeys").json() == before


def test_nested_brackets_in_a_library_are_a_finding_and_no_crash(any_shop: Shop) -> None:
    files = {**library_files(), "journeys/deep.yaml": "steps: " + "[" * 100_000}
    with any_shop.client("author") as author:
        checked = author.post("/v1/libraries:check", json={"files": files})
        alive = author.get("/live")

    assert checked.status_code == 200
    assert checked.json()["errors"] >= 1
    assert alive.status_code == 200


def test_a_file_beyond_a_megabyte_gets_413(shop: Shop) -> None:
    files = {"journeys/large.yaml": "#" * (1024 * 1024 + 1)}
    with shop.client("author") as author:
        refused = author.post("/v1/libraries:check", json={"files": files})

    assert code_of(refused) == (413, "request.too-large")
    assert refused.json()["params"]["file"] == "journeys/large.yaml"
