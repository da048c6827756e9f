"""Publishing libraries: refused when wrong, numbered, pinned by the sessions begun with them."""

import asyncio
from typing import Any

import pytest

from authoring import load as loading
from runtime.access import Actor
from runtime.clock import FixedClock
from runtime.errors import Forbidden, JourneyTaken, LibraryRefused, NotFound, UnknownJourney
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.library import FILES
from tests.runtime.walks import begin, reply, seen

SECOND = {
    **FILES,
    "journeys/parcel.yaml": FILES["journeys/parcel.yaml"].replace(
        "Hello, what is your address?", "Good day! Your address, please?"
    ),
}


def said(answer: Any) -> str:
    return str(seen(answer)["say"][-1]["text"])


def test_a_session_stays_on_the_revision_it_began_with(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            old = await begin(service, ANA)
            published = await service.revisions.publish(AUTHOR, SECOND)
            assert published.number == 2
            new = await begin(service, ANA)
        clock.advance(60_000)
        async with open_shop() as service:
            assert said(await service.sessions.view(ANA, old.session)).startswith("Hello")
            assert said(await service.sessions.view(ANA, new.session)).startswith("Good day")
            assert (await reply(service, ANA, old, email="zoe@example.org")).version > old.version

    asyncio.run(play())


def test_a_session_keeps_the_inherited_journeys_of_its_day_too(
    open_shop: OpenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            old = await begin(service, ANA)
        # The next release brings other inherited journeys.
        later = {
            path: content.replace(b"title:", b"owner: later\ntitle:", 1)
            for path, content in loading._system()
        }
        monkeypatch.setattr(loading, "_system", lambda: tuple(later.items()))
        async with open_shop() as service:
            live = (await service.revisions.live("acme"))[0]
            revision = await service.revisions.get("acme", live.hash)
            failure = revision.library.journeys[revision.library.system["failure"]]
            assert failure.owner != "later"
            assert (await service.sessions.view(ANA, old.session)).version == old.version

    asyncio.run(play())


def test_a_hash_may_come_back_under_a_new_number(open_shop: OpenService) -> None:
    async def play() -> list[tuple[str, int]]:
        async with open_shop() as service:
            first = (await service.revisions.live("acme"))[0]
            await service.revisions.publish(AUTHOR, SECOND)
            back = await service.revisions.publish(AUTHOR, FILES)
            return [(first.hash, first.number), (back.hash, back.number)]

    (first, one), (back, three) = asyncio.run(play())

    assert first == back
    assert (one, three) == (1, 3)


def test_a_library_with_errors_is_refused_with_every_finding(open_shop: OpenService) -> None:
    wrong = {
        **FILES,
        "journeys/parcel.yaml": FILES["journeys/parcel.yaml"]
        .replace("next: solved", "next: nowhere")
        .replace("acts: told", "acts: tolld"),
    }

    async def play() -> tuple[list[Any], list[Any]]:
        async with open_shop() as service:
            with pytest.raises(LibraryRefused) as refused:
                await service.revisions.publish(AUTHOR, wrong)
            live = await service.revisions.live("acme")
            assert [one.number for one in live] == [1]
            return refused.value.findings, await service.revisions.check(AUTHOR, wrong)

    findings, checked = asyncio.run(play())

    assert findings == checked
    assert {f.file for f in findings if f.severity == "error"} == {"journeys/parcel.yaml"}
    assert len([f for f in findings if f.severity == "error"]) >= 2


def test_two_libraries_do_not_offer_the_same_journey(open_shop: OpenService) -> None:
    async def play() -> None:
        other = {
            **FILES, "library.yaml": FILES["library.yaml"].replace("library: shop", "library: b")
        }  # fmt: skip
        async with open_shop() as service:
            with pytest.raises(JourneyTaken):
                await service.revisions.publish(AUTHOR, other)
            stranger = Actor("globex", "author", "max")
            await service.revisions.publish(stranger, other)
            with pytest.raises(UnknownJourney):
                await service.revisions.startable("initech", "parcel")

    asyncio.run(play())


def test_publishing_at_once_gives_each_its_number(open_shop: OpenService) -> None:
    async def play() -> list[int]:
        async with open_shop() as service:
            done = await asyncio.gather(
                *(service.revisions.publish(AUTHOR, files) for files in (FILES, SECOND, FILES))
            )
            return sorted(one.number for one in done)

    assert asyncio.run(play()) == [2, 3, 4]


def test_only_authors_publish_and_a_tenant_reads_its_own(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            with pytest.raises(Forbidden):
                await service.revisions.publish(ANA, FILES)
            live = (await service.revisions.live("acme"))[0]
            with pytest.raises(NotFound):
                await service.revisions.get("globex", live.hash)
            assert await service.revisions.journeys(Actor("globex", "advisor", "x")) == []

    asyncio.run(play())


def test_the_customer_s_words_lead_to_a_declaration_and_search_finds_the_journey(
    open_shop: OpenService,
) -> None:
    async def play() -> tuple[Any, Any]:
        async with open_shop() as service:
            suggested = await service.revisions.suggest(
                ANA, "my parcel has not arrived yet", language="en"
            )
            found = await service.revisions.search(ANA, "parcel", language="en")
            return suggested[0], found

    suggested, found = asyncio.run(play())

    assert suggested["code"] == "parcel"
    assert "parcel" in {item["journey"] for item in found}
