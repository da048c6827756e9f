"""An administrator erases a person over HTTP; whoever reads afterwards finds no word of them."""

from __future__ import annotations

import uuid

from tests.api.service import Shop, begin, bring, code_of

REASON = {"type": "answer", "step": "reason", "values": {"reason": "nothing"}}


def test_an_erased_customer_is_found_no_more_and_their_sessions_are_read_without_a_word_of_them(
    any_shop: Shop,
) -> None:
    number = f"Z{uuid.uuid4().hex}"
    with any_shop.client() as advisor, any_shop.client("admin") as admin:
        begun = begin(advisor, customer={"number": number}, words="My umbrella is lost")
        session = begun.json()["session"]
        moved = bring(advisor, begun, REASON)
        customer = advisor.get(f"/v1/customers/number:{number}").json()["id"]

        forbidden = advisor.delete(f"/v1/customers/{customer}")
        done = admin.delete(f"/v1/customers/number:{number}")
        gone = admin.delete(f"/v1/customers/number:{number}")
        again = admin.delete(f"/v1/customers/{customer}")
        view = advisor.get(f"/v1/sessions/{session}")
        seen = [
            advisor.get(f"/v1/sessions/{session}/{what}")
            for what in ("events", "trace", "timeline", "transcript")
        ]
        stale = bring(advisor, session, REASON, If_Match=moved.headers["etag"])
        left = advisor.get(f"/v1/customers/{customer}").json()

    assert code_of(forbidden) == (403, "access.forbidden")
    assert (done.status_code, done.json()["customer"], done.json()["sessions"]) == (
        200,
        customer,
        1,
    )
    assert code_of(gone) == (404, "not-found")
    assert again.status_code == 200
    assert (view.json()["status"], view.json()["outcome"]) == ("ended", "abandoned")
    assert {answer.status_code for answer in seen} == {200}
    assert "umbrella" not in "".join(answer.text for answer in (view, *seen))
    assert number.upper() not in "".join(answer.text for answer in (view, *seen))
    assert seen[0].json()["items"][-1]["kind"] == "erased"
    assert stale.status_code == 412
    assert (left["keys"], left["facts"]) == ([], {})


def test_a_customer_of_another_tenant_is_not_there_to_erase(any_shop: Shop) -> None:
    number = f"Z{uuid.uuid4().hex}"
    with any_shop.client() as advisor, any_shop.client("rival") as rival:
        begin(advisor, customer={"number": number})

        refused = rival.delete(f"/v1/customers/number:{number}")
        kept = advisor.get(f"/v1/customers/number:{number}")

    assert code_of(refused) == (404, "not-found")
    assert kept.json()["keys"]
