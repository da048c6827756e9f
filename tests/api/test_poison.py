"""A journey that loops or is poisoned: its own session ends in failure, no other one notices.

Source: promises.md T28. What can be seen is refused at publication; the rest stops at a bound.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import httpx
import pytest

from authoring.load import load, system_files
from engine.walk import AUTOMATIC_BOUND, DEPTH_BOUND
from runtime.json_text import to_text
from runtime.store import statements as s
from runtime.store.port import Unit
from tests.api.conftest import settings
from tests.api.service import TENANT, Shop, begin, bring, code_of, key, library_files, running

HEAD = """
- id: go
  say: {advisor: {fr: "Allons-y.", en: "Let us go."}}
  declares: parcel.missing
  ask: {name: {type: text, label: {fr: Nom, en: Name}}}
"""
TAIL = """
- id: told
  say: {advisor: {fr: "Voilà.", en: "There."}}
  qualifies: transport.late
  acts: parcel.reassured
- {id: done, end: resolved}
"""
LOOP = """
- {id: one, decide: [{else: true, next: two}]}
- {id: two, decide: [{else: true, next: one}]}
"""
CHAIN = "".join(f"- {{id: s{n}, decide: [{{else: true}}]}}\n" for n in range(AUTOMATIC_BOUND + 10))
COSTLY = """
- id: items
  say: {advisor: {fr: "Lesquels ?", en: "Which ones?"}}
  ask:
    items:
      type: group
      label: {fr: Articles, en: Items}
      fields: {n: {type: number, label: {fr: N, en: N}}}
      min: 0
      max: 1000
- id: cost
  decide:
    - {when: 'any(x in items: any(y in items: x.n == y.n + 5000))', next: told}
    - {else: true, next: told}
"""
LARGE = """
- id: read
  do: oms.get_all
  with: {id: name}
  saves: {all: result}
  by_hand:
    say: {advisor: {fr: "Relevez le texte.", en: "Note the text."}}
    fills: [all.text]
"""
CONNECTOR = """
  oms.get_all:
    title: {fr: Tout lire, en: Read it all}
    effect: read
    input: {id: {type: text, required: true}}
    output: {text: {type: text, label: {fr: Texte, en: Text}}}
    timeout: 5s
"""
FIVE_MEGABYTES = "x" * 5_000_000


def journey(name: str, steps: str, *, start: bool = True) -> str:
    """Return a journey's file."""
    begun = "" if start else "start: false\n"
    return (
        f"parcours: 1\njourney: {name}\ntitle: {{fr: {name}, en: {name}}}\n{begun}"
        f"audience: [advisor]\nsteps:\n{steps}"
    )


def deep(levels: int) -> dict[str, str]:
    """Return journeys that each call the next."""
    files = {}
    for level in range(1, levels + 1):
        steps = f"- {{id: on, call: deep.n{level + 1}}}\n" if level < levels else ""
        text = journey(f"deep.n{level}", f"{steps}- {{id: out, end: resolved}}\n", start=False)
        files[f"journeys/deep.n{level}.yaml"] = text
    return files


def library(**journeys: str) -> dict[str, str]:
    """Return a library of its own name with these journeys beside a plain one."""
    files = library_files()
    del files["journeys/parcel.yaml"]
    files["library.yaml"] = (
        files["library.yaml"]
        .replace("library: shop", "library: poison")
        .replace("parcel.missing: parcel", "parcel.missing: plain")
    )
    files["connectors.yaml"] += CONNECTOR
    written = {"plain": HEAD + TAIL, **journeys}
    return {
        **files,
        **{f"journeys/{name}.yaml": journey(name, steps) for name, steps in written.items()},
    }


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def poisoned(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """Give a service with journeys that the checker lets through and that go wrong when walked.

    Two of them no release lets through: they stand for a library that an earlier, more lenient one
    published.
    """
    if request.param == "sqlite":
        database = str(tmp_path_factory.mktemp("poison") / "shop.db")
    else:
        database = request.getfixturevalue("postgres_module_url")
    told = settings(database)
    answers = {"oms.get_all": [{"result": {"text": FIVE_MEGABYTES}}]}
    with running(told, answers=answers) as shop, shop.client("author") as author:
        files = library(chain=HEAD + CHAIN + TAIL, costly=HEAD + COSTLY + TAIL,
                        large=HEAD + LARGE + TAIL)  # fmt: skip
        published = author.post("/v1/libraries", json={"files": files}, headers=key())
        assert published.status_code == 201, published.text
        store_unchecked(
            shop,
            library(loop=HEAD + LOOP + TAIL, deep=f"{HEAD}- {{id: in, call: deep.n1}}\n{TAIL}")
            | deep(DEPTH_BOUND + 4),
        )
        yield shop


def store_unchecked(shop: Shop, files: dict[str, str]) -> None:
    """Store a library as a release would have that did not see what is wrong with it."""
    files = {**files, "library.yaml": files["library.yaml"].replace(": poison", ": lenient")}
    files["journeys/plain2.yaml"] = files.pop("journeys/plain.yaml").replace("plain", "plain2")
    files["library.yaml"] = files["library.yaml"].replace("missing: plain", "missing: plain2")
    loaded = load(files)
    assert loaded.library is not None, loaded.findings
    revision = loaded.library.revision
    unit = Unit()
    kept = to_text({"files": files, "system": system_files()})
    unit.add(s.NEW_REVISION, TENANT, revision, "lenient", kept, "author:eve", 0)
    unit.add(s.NEW_PUBLICATION, TENANT, "lenient", 1, revision, "author:eve", 0)
    assert shop.service is not None
    assert shop.loop is not None
    asyncio.run_coroutine_threadsafe(shop.service.store.commit(unit), shop.loop).result(30)


def refused(shop: Shop, files: dict[str, str]) -> list[tuple[str, str, bool]]:
    """Return the errors a library is refused for: code, file, and whether a place is named."""
    with shop.client("author") as author:
        answer = author.post("/v1/libraries", json={"files": files}, headers=key())
    assert code_of(answer) == (422, "library.refused")
    return [
        (one["code"], one["file"], one["line"] > 0 and one["column"] > 0)
        for one in answer.json()["findings"]
        if one["severity"] == "error"
    ]


def test_an_automatic_circle_is_refused_where_it_stands(shop: Shop) -> None:
    found = refused(shop, library(loop=HEAD + LOOP + TAIL))

    assert ("graph.endless-cycle", "journeys/loop.yaml", True) in found


def test_journeys_a_thousand_deep_are_refused_where_they_become_too_deep(shop: Shop) -> None:
    files = library(deep=f"{HEAD}- {{id: in, call: deep.n1}}\n{TAIL}") | deep(1_000)

    found = refused(shop, files)

    assert found == [("graph.call-depth", f"journeys/deep.n{1_000 - DEPTH_BOUND}.yaml", True)]


def test_ten_thousand_steps_are_refused_and_five_thousand_published(shop: Shop) -> None:
    def steps(count: int) -> str:
        many = "".join(
            f"- {{id: s{n}, say: {{advisor: {{fr: Oui, en: Well}}}}}}\n" for n in range(count - 3)
        )
        return HEAD + many + TAIL

    found = refused(shop, library(long=steps(10_000)))
    with shop.client("author") as author:
        published = author.post(
            "/v1/libraries", json={"files": library(long=steps(5_000))}, headers=key()
        )
    with shop.client() as advisor:
        begun = begin(advisor, journey="long")
        moved = bring(advisor, begun, {"type": "answer", "values": {"name": "Zoe"}})

    assert found == [("form.too-large", "journeys/long.yaml", True)]
    assert published.status_code == 201, published.text
    assert moved.json()["status"] in {"active", "ended", "failed"}


def poison(client: httpx.Client, name: str) -> httpx.Response:
    """Walk a poisoned journey to where it goes wrong, and return the answer."""
    begun = begin(client, journey=name)
    answer = bring(client, begun, {"type": "answer", "values": {"name": "Zoe"}})
    if name == "costly":
        items = [{"n": n} for n in range(1_000)]
        answer = bring(
            client, begun.json()["session"], {"type": "answer", "values": {"items": items}},
            If_Match=answer.headers["etag"],
        )  # fmt: skip
    return answer


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("loop", "bound.automatic-steps"),
        ("chain", "bound.automatic-steps"),
        ("deep", "bound.call-depth"),
        ("costly", "bound.expression-cost"),
    ],
)
def test_a_poisoned_session_ends_in_failure_while_another_is_walked_undisturbed(
    poisoned: Shop, name: str, code: str
) -> None:
    stop = Event()

    def others() -> list[dict[str, Any]]:
        ends: list[dict[str, Any]] = []
        with poisoned.client() as client:
            while not stop.is_set() or not ends:
                begun = begin(client, journey="plain")
                session = begun.json()["session"]
                answer = bring(client, begun, {"type": "answer", "values": {"name": "Max"}})
                match = answer.headers["etag"]
                ends.append(bring(client, session, {"type": "acknowledge"}, If_Match=match).json())
        return ends

    with ThreadPoolExecutor(1) as pool, poisoned.client() as client:
        walked = pool.submit(others)
        try:
            tripped = [poison(client, name) for _ in range(3)]
        finally:
            stop.set()
        ends = walked.result()
        session = tripped[-1].headers
        view = tripped[-1].json()
        over = bring(
            client, view["session"], {"type": "acknowledge"}, If_Match=session["etag"]
        ).json()

    assert {answer.status_code for answer in tripped} == {200}
    assert {answer.json()["failure"] for answer in tripped} == {code}
    assert view["step"]["journey"] == "sys.failure"
    assert view["say"]
    assert (over["status"], over["outcome"]) == ("failed", "unresolved")
    assert {(end["status"], end["outcome"], end["failure"]) for end in ends} == {
        ("ended", "resolved", None)
    }


def test_a_five_megabyte_answer_is_refused_before_it_is_held(poisoned: Shop) -> None:
    with poisoned.client() as client:
        begun = begin(client, journey="plain")
        large = bring(client, begun, {"type": "answer", "values": {"name": FIVE_MEGABYTES}})
        after = bring(client, begun, {"type": "answer", "values": {"name": "Zoe"}})

    assert code_of(large) == (413, "request.too-large")
    assert after.status_code == 200


def test_a_five_megabyte_result_is_refused_and_a_person_does_it_by_hand(poisoned: Shop) -> None:
    with poisoned.client() as client:
        begun = begin(client, journey="large")
        session = begun.json()["session"]
        by_hand = bring(client, begun, {"type": "answer", "values": {"name": "Zoe"}})
        filled = bring(
            client, session, {"type": "answer", "values": {"all.text": "short"}},
            If_Match=by_hand.headers["etag"],
        )  # fmt: skip
        events = client.get(f"/v1/sessions/{session}/events", params={"limit": "200"})

    settled = next(one for one in events.json()["items"] if one["kind"] == "settled")
    assert (settled["status"], settled["reason"]) == ("failed", "connector.too-large")
    assert len(events.content) < 100_000
    assert by_hand.json()["step"]["id"] == "read"
    assert filled.json()["step"]["id"] == "told"


def test_a_poisoned_service_is_sound_and_ready(poisoned: Shop) -> None:
    with poisoned.client("nobody") as client:
        ready = client.get("/ready")

    assert ready.status_code == 200
