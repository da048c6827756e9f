"""Language models walk journeys by tools: what they may do, and what the journey keeps."""

from __future__ import annotations

import sys
from typing import Any

import httpx
import jsonschema
import pytest

from api.app import create_app
from api.mcp import mounting, shown
from api.mcp.tools import TOOLS
from engine.commands import COMMANDS
from engine.recap import HIDDEN
from runtime.settings import Settings
from tests.api.modelling import Model, connected, desk
from tests.api.service import Shop, begin, bring, code_of

__all__ = ["desk"]

WORDS = "My parcel arrived damaged"
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
ACCEPT = {"Accept": "application/json, text/event-stream"}


async def begun(model: Model, request: str, journey: str = "livraison.etat") -> dict[str, Any]:
    """Begin a session; give its first step."""
    return await model.do("start_journey", journey=journey, request=request, language="en")


async def known(model: Model, request: str) -> dict[str, Any]:
    """Begin a session and say who the customer is; give the step that asks for the order."""
    step = await begun(model, request)
    step = await model.at(step, "answer_step", values={"email": "claire.dubois@example.org"})
    return await model.at(step, "answer_step", values={"postcode": "69003"})


def answerers(desk: Shop, session: str) -> list[str]:
    """Return who gave each answer of a session, as its events say."""
    with desk.client("supervisor") as client:
        found = client.get(f"/v1/sessions/{session}/events", params={"limit": 200})
    return [one["by"] for one in found.json()["items"] if one.get("how") == "answered"]


def test_a_model_walks_a_whole_journey_and_an_advisor_takes_a_turn_in_it(desk: Shop) -> None:
    walked = ""

    async def play(model: Model) -> None:
        nonlocal walked
        found = await model.do("find_journey", words=WORDS, language="en")
        assert found["journeys"][0]["journey"] == "livraison.etat"
        step = await model.do(
            "start_journey", journey="livraison.etat", request="walk", words=WORDS, language="en"
        )
        walked = step["session"]
        assert step["say"][0]["text"].startswith("Hello. What is the e-mail address")
        wrong = await model.refused(step, "answer_step", values={"email": "no address"})
        assert wrong["errors"]["email"]["code"] == "answer.not-an-email"
        step = await model.at(step, "answer_step", values={"email": "claire.dubois@example.org"})
        step = await model.at(step, "answer_step", values={"postcode": "69003"})

        foreign = await model.refused(step, "answer_step", values={"order_id": "F-9999"})
        offered = [one["value"] for one in step["questions"][0]["options"]]
        assert foreign["errors"]["order_id"]["allowed"] == offered
        step = await model.at(step, "answer_step", values={"order_id": "F-1090"})
        step = await model.at(step, "answer_step", values={"damage": "box_only"})
        assert step["questions"][0]["options"][0] == {"value": True, "label": "Yes, thanks"}

        answers = (await model.do("see_answers", session=walked))["answers"]
        damage = next(one for one in answers if one["name"] == "damage")
        assert damage["shown"] == "Only the box, the item is fine"
        change = {"visit": damage["visit"], "values": {"damage": "item"}}
        foretold = await model.do("preview_change", session=walked, **change)
        assert foretold["allowed"]
        assert "content" in [one["step"] for one in foretold["pruned"]]
        step = await model.at(step, "change_answer", **change)
        assert step["questions"][0]["name"] == "photo"

        step = await model.at(step, "hand_over", reason="Would rather talk to somebody")
        assert step["questions"] == []
        step = taken_and_given_back(desk, step)
        step = await model.at(step, "resume_session")
        assert step["recap"]
        step = await model.at(step, "answer_step", values={})
        step = await model.at(step, "answer_step", values={"wish": "same_item"})
        step = await model.at(step, "answer_step", values={"rating": 5, "time_useful": True})
        assert (step["status"], step["outcome"]) == ("ended", "resolved")
        assert step["do"].startswith("It is over.")

    connected(desk, play)

    assert set(answerers(desk, walked)) == {"bot:ana"}
    assert next(call for call in desk.calls if call[0] == "oms.resend")[1] == {"id": "F-1090"}


def taken_and_given_back(desk: Shop, step: dict[str, Any]) -> dict[str, Any]:
    """Have an advisor accept a hand-over, see what was said, and hand the session back."""
    session, version = step["session"], f'"{step["version"]}"'
    with desk.client("advisor") as advisor:
        accepted = bring(advisor, session, {"type": "accept"}, If_Match=version)
        assert accepted.status_code == 200, accepted.text
        assert accepted.json()["recap"][-1]["what"] == "asked"
        back = bring(
            advisor, session, {"type": "hand_over", "to": "bot"},
            If_Match=accepted.headers["etag"],
        )  # fmt: skip
        assert back.status_code == 200, back.text
    return {"session": session, "version": back.json()["version"]}


def test_a_model_answers_nothing_while_an_advisor_has_the_session(desk: Shop) -> None:
    async def play(model: Model) -> None:
        step = await known(model, "theirs")
        step = await model.at(step, "hand_over", reason="Wants a person")
        waiting = await model.refused(step, "answer_step", values={"order_id": "F-1090"})
        with desk.client("advisor") as advisor:
            bring(advisor, step["session"], {"type": "accept"}, If_Match=f'"{step["version"]}"')
        step = await model.do("see_step", session=step["session"])
        theirs = await model.refused(step, "answer_step", values={"order_id": "F-1090"})
        given_up = await model.refused(step, "give_up", reason="So they say")

        assert waiting["code"] == "session.waiting"
        assert (theirs["code"], given_up["code"]) == ("step.advisor-only", "step.advisor-only")
        assert (step["questions"], step["tools"]) == ([], ["see_step", "hand_over"])
        assert step["do"].startswith("An advisor has it.")

    connected(desk, play)


def test_a_call_sent_again_has_no_further_effect_and_the_same_answer(desk: Shop) -> None:
    async def play(model: Model) -> None:
        first = await begun(model, "again")
        same = await begun(model, "again")
        other = await model.tell("start_journey", journey="info.horaires", request="again")
        given = {"values": {"email": "claire.dubois@example.org"}}
        once = await model.at(first, "answer_step", **given)
        twice = await model.at(first, "answer_step", **given)

        assert first == same
        assert once == twice
        assert (other.refused, other.said["code"]) == (True, "idempotency.reused")
        assert answerers(desk, first["session"]) == ["bot:ana"]

    connected(desk, play)


def test_a_step_that_somebody_moved_on_is_shown_as_it_stands(desk: Shop) -> None:
    async def play(model: Model) -> None:
        step = await begun(model, "moved")
        moved = await model.at(step, "answer_step", values={"email": "claire.dubois@example.org"})
        stale = await model.refused(step, "answer_step", values={"email": "a@example.org"})

        assert stale["code"] == "session.stale"
        assert stale["step"] == moved

    connected(desk, play)


def test_a_model_goes_on_with_what_the_customer_began_on_the_phone_by_a_code(desk: Shop) -> None:
    with desk.client("advisor") as advisor:
        started = begin(advisor, journey="info.horaires")
        session = started.json()["session"]
        code = advisor.post(f"/v1/sessions/{session}/code", json={}).json()["code"]

    async def play(model: Model) -> None:
        wrong = await model.tell("resume_by_code", code="7KMX-4RT9", request="wrong-code")
        step = await model.do("resume_by_code", code=code.lower(), request="by-code")

        assert wrong.said["code"] == "code.unknown"
        assert (step["session"], step["turn"]) == (session, {"by": "bot", "what": "answer"})
        assert step["say"][0]["text"] == "Which hours are you looking for?"

    connected(desk, play)


def test_what_is_sensitive_is_not_shown_to_a_model(desk: Shop) -> None:
    async def play(model: Model) -> None:
        step = await begun(model, "vault", journey="vault.open")
        step = await model.at(step, "answer_step", values={"word": "open sesame"})
        answers = await model.do("see_answers", session=step["session"])
        change = {"visit": answers["answers"][0]["visit"], "values": {"word": "other word"}}
        foretold = await model.do("preview_change", session=step["session"], **change)

        assert answers["answers"][0]["shown"] == HIDDEN
        assert "open sesame" not in f"{step}{answers}{foretold}"

    connected(desk, play)


def test_a_value_that_is_known_of_a_sensitive_question_is_only_said_to_be_there() -> None:
    field: dict[str, Any] = {
        "name": "pin", "type": "text", "label": None, "help": None, "required": True,
        "sensitive": True, "valid": {"type": "string"}, "form": {}, "options": [],
        "known": {"value": "1234", "mode": "confirm"}, "offered": "1234", "suggested": None,
        "value": "1234", "default": None,
    }  # fmt: skip

    question = shown._question(field)

    assert question["known"] == {"value": HIDDEN, "mode": "confirm"}
    assert (question["offered"], question["value"]) == (HIDDEN, HIDDEN)


def test_another_tenants_session_is_as_unknown_to_a_model_as_one_that_is_not(desk: Shop) -> None:
    with desk.client("rival") as rival:
        session = rival.post(
            "/v1/sessions", json={"journey": "parcel"}, headers={"Idempotency-Key": "theirs"}
        )
    theirs = session.json().get("session") or "ses_" + "1" * 26

    async def play(model: Model) -> None:
        for one in (theirs, "ses_" + "0" * 26):
            read = await model.tell("see_step", session=one)
            moved = await model.tell("go_on", session=one, version=1)
            assert (read.said["code"], moved.said["code"]) == ("not-found", "not-found")
            assert read.said["do"].startswith("There is no such thing")

    connected(desk, play)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("nobody", (401, "access.unauthenticated")),
        ("advisor", (403, "access.forbidden")),
        ("customer", (403, "access.forbidden")),
        ("admin", (403, "access.forbidden")),
    ],
)
def test_only_a_bot_comes_in(desk: Shop, role: str, expected: tuple[int, str]) -> None:
    with desk.client(role, **ACCEPT) as client:
        assert code_of(client.post(mounting.PATH, json=LIST)) == expected


def test_a_wrong_key_does_not_come_in(desk: Shop) -> None:
    with desk.client("bot", Authorization="Bearer pk_no_such", **ACCEPT) as client:
        assert code_of(client.post(mounting.PATH, json=LIST)) == (401, "access.unauthenticated")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"content": b"{", "headers": {"content-type": "application/json"}},
         (400, "request.malformed")),
        ({"content": b'{"a":"\\ud800"}', "headers": {"content-type": "application/json"}},
         (400, "request.malformed")),
        ({"content": b"{}", "headers": {"content-type": "text/plain"}},
         (415, "request.media-type")),
        ({"content": b" " * 2_000_000, "headers": {"content-type": "application/json"}},
         (413, "request.too-large")),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_as_everywhere(
    desk: Shop, sent: dict[str, Any], expected: tuple[int, str]
) -> None:
    with desk.client("bot") as client:
        assert code_of(client.post(mounting.PATH, **sent)) == expected


def test_only_messages_are_posted(desk: Shop) -> None:
    with desk.client("bot") as client:
        refused = client.get(mounting.PATH)

    assert (code_of(refused), refused.headers["allow"]) == ((405, "request.method"), "POST")


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_clients_of_the_newer_and_of_the_older_protocol_see_the_same_tools(
    desk: Shop, mode: str
) -> None:
    async def play(model: Model) -> None:
        listed = (await model.client.list_tools()).tools
        step = await begun(model, f"protocol-{mode}", journey="info.horaires")
        step = await model.at(step, "answer_step", values={"place": "store"})
        assert step["say"][0]["text"].startswith("The store is open Monday to Saturday")
        step = await model.at(step, "go_on")
        unknown = await model.tell("open_sesame")
        wrong = await model.tell("see_step", sesion="x")

        assert [one.name for one in listed] == list(TOOLS)
        assert (step["status"], step["outcome"]) == ("ended", "resolved")
        assert unknown.said["params"] == {"allowed": list(TOOLS)}
        assert wrong.said["errors"]["sesion"]["allowed"] == ["language", "session"]

    connected(desk, play, mode=mode)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=list(TOOLS))
def test_a_tool_says_what_it_takes(tool: Any) -> None:
    schema = tool.schema()

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert "$ref" not in f"{schema}"
    for name, described in schema["properties"].items():
        parts = [described, *described.get("anyOf", [])]
        assert any("description" in part for part in parts) or name == "channel", name


def test_each_command_a_bot_may_bring_has_its_tool_or_is_left_to_others() -> None:
    """Notes, flags and looking back are no part of a conversation; offers are kept by the host."""
    left = {"provide", "back", "hand_over", "note", "flag"}
    may = {name for name, spec in COMMANDS.items() if "bot" in spec.roles}

    assert may - left == set(shown.TOOL_OF)
    assert {tool for tools in shown.TOOL_OF.values() for tool in tools} <= set(TOOLS)


def test_an_incident_is_told_in_the_very_words_that_every_channel_says() -> None:
    view: dict[str, Any] = {
        "incidents": [{"text": "Deliveries are late."}, {"text": None}], "fields": [],
        "status": "active", "goes_on": {"by": "bot", "what": "answer"}, "commands": [],
    }  # fmt: skip

    assert shown.next_move(view).startswith("Tell the customer each of `incidents` once, first")
    assert shown.incidents(view) == ["Deliveries are late."]


@pytest.mark.parametrize(
    ("status", "turn", "may", "expected"),
    [
        ("paused", {"by": "bot", "what": "resume"}, ["resume"], "It is put down."),
        ("pending", {"by": "connector", "what": "effect"}, [], "An action is under way."),
        ("waiting", {"by": "clock", "what": "wake"}, [], "Nothing to do now"),
        ("waiting", {"by": "bot", "what": "accept"}, ["resume"], "It is given back to you."),
        ("waiting", {"by": "logistics", "what": "accept"}, [], "An advisor is asked for."),
        ("active", {"by": "advisor", "what": "answer"}, ["ask_human"], "This step is an advisor's"),
        ("failed", None, [], "It is over."),
    ],
)
def test_a_model_is_told_what_to_do_next(
    status: str, turn: dict[str, str] | None, may: list[str], expected: str
) -> None:
    view = {"status": status, "goes_on": turn, "commands": may, "incidents": [], "fields": []}

    assert shown.next_move(view).startswith(expected)


def test_without_the_extra_there_is_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = [getattr(route, "path", "") for route in create_app(Settings()).routes]

    monkeypatch.setitem(sys.modules, "mcp", None)
    without = [getattr(route, "path", "") for route in create_app(Settings()).routes]

    assert mounting.PATH in with_it
    assert [path for path in with_it if path != mounting.PATH] == without


def test_a_browser_that_is_astray_there_is_not_shown_a_page(desk: Shop) -> None:
    with httpx.Client(base_url=desk.url, trust_env=False) as browser:
        assert browser.get(mounting.PATH, headers={"Accept": "text/html"}).status_code == 401
