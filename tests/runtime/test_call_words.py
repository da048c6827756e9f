"""What phone systems say of a call, in each one's own words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.call_words import ALIASES, read, tidy
from runtime.errors import WrongReference

CALLER, LINE = "+33612345678", "+33170000000"


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        pytest.param(
            {"uniqueid": "1700.42", "phone_number": "0612345678", "did_extension": "0170000000",
             "user": "6001", "lead_id": "88", "campaign": "SAV", "session_id": "8600051"},
            {"call": "1700.42", "caller": CALLER, "called": LINE, "agent": "6001",
             "record": "88", "queue": "SAV", "unmapped": {"session_id": "8600051"}},
            id="VICIdial",
        ),
        pytest.param(
            {"call_id": "w1", "CALLERNUM": "+33 6 12 34 56 78", "CALLERNAME": "Durand",
             "USERNUM": "201", "CALLTYPE": "incoming"},
            {"call": "w1", "caller": CALLER, "agent": "201", "direction": "inbound",
             "unmapped": {"CALLERNAME": "Durand"}},
            id="Wildix",
        ),
        pytest.param(
            {"source": "globalip", "CallGUID": "YWJj", "RemoteParty": "MDYxMjM0NTY3OA==",
             "LocalParty": "MDE3MDAwMDAwMA=="},
            {"source": "globalip", "call": "abc", "caller": CALLER, "called": LINE},
            id="Global IP phones, in base64",
        ),
        pytest.param(
            {"I": "3cx-7", "C": "0612345678", "T": "O"},
            {"call": "3cx-7", "direction": "outbound", "caller": CALLER},
            id="3CX",
        ),
        pytest.param(
            {"sysparm_caller_phone": CALLER, "sysparm_task_id": "INC0010", "call_id": "s1",
             "sysparm_view": "cti"},
            {"caller": CALLER, "record": "INC0010", "unmapped": {"sysparm_view": "cti"}},
            id="ServiceNow",
        ),
        pytest.param(
            {"gcConversationId": "c-1", "pcLangTag": "fr-fr", "gcInteractionType": "call",
             "gcHostOrigin": "https://apps.example"},
            {"call": "c-1", "language": "fr", "channel": "phone",
             "unmapped": {"gcHostOrigin": "https://apps.example"}},
            id="Genesys Cloud",
        ),
        pytest.param(
            {"task_sid": "WT1", "from": CALLER, "worker": "ana", "to": ""},
            {"call": "WT1", "caller": CALLER, "agent": "ana", "called": None},
            id="Twilio Flex, an attribute missing",
        ),
        pytest.param(
            {"callId": "z1", "ani": CALLER, "dnis": LINE, "agent_id": "7", "queue": "Q1"},
            {"call": "z1", "caller": CALLER, "called": LINE, "agent": "7", "queue": "Q1"},
            id="Webex",
        ),
        pytest.param(
            {"call_id": "p1", "direction": "out", "from": LINE, "to": CALLER, "v.order_id": "F-1",
             "journey": "parcel", "lang": "fr"},
            {"direction": "outbound", "outside": CALLER, "values": {"order_id": "F-1"},
             "journey": "parcel", "language": "fr"},
            id="ours",
        ),
    ],
)  # fmt: skip
def test_each_system_s_words_are_read_unchanged(
    sent: dict[str, str], known: dict[str, Any]
) -> None:
    said = read(sent)

    assert {name: getattr(said, name) for name in known} == known


@pytest.mark.parametrize("withheld", ["anonymous", "Unknown", "", "private", "anonyme"])
def test_a_withheld_number_is_nobody_s(withheld: str) -> None:
    said = read({"call_id": "1", "from": withheld})

    assert (said.caller, said.is_withheld, dict(said.unmapped)) == (None, True, {})


def test_what_is_no_number_is_kept_as_it_came() -> None:
    said = read({"from": "12ab", "customer_email": "no address", "direction": "sideways"})

    assert (said.caller, said.email, said.direction) == (None, None, "inbound")
    assert said.unmapped == {
        "from": "12ab", "customer_email": "no address", "direction": "sideways",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "is_without_plus", "number"),
    [
        ("33612345678", False, "+33612345678"),
        ("493012345678", True, "+493012345678"),
        ("493012345678", False, None),
        ("2025550143", True, None),
        ("336123456", True, None),
        ("sip:+33612345678@pbx.example;transport=tls", False, "+33612345678"),
    ],
)
def test_a_number_without_its_plus_is_read_where_it_is_surely_one(
    given: str, is_without_plus: bool, number: str | None
) -> None:
    said = read({"from": given}, is_without_plus=is_without_plus)

    assert said.caller == number


def test_whatever_a_value_holds_it_is_kept_as_one_line() -> None:
    said = read({"source": "globalip", "callId": "AABh", "RemoteParty": "eA15"})

    assert (said.call, said.unmapped) == ("a", {"from": "x y"})
    assert tidy("return_url", "a\r\nb" + "c" * 300) == "a b" + "c" * 252
    with pytest.raises(WrongReference):
        tidy("callId", "1" * 256)


@pytest.mark.parametrize("unfilled", ["{CALLERNUM}", "{{task.from}}", "$RemoteParty"])
def test_a_template_left_unfilled_says_nothing(unfilled: str) -> None:
    said = read({"call_id": "1", "from": unfilled})

    assert (said.caller, said.is_withheld) == (None, False)


def test_the_plainest_of_two_names_counts_and_the_other_is_kept() -> None:
    said = read({"user": "6001", "agent": "ana"})

    assert (said.agent, said.unmapped) == ("ana", {"user": "6001"})


@given(
    st.dictionaries(
        st.one_of(st.text(max_size=12), st.sampled_from(sum(ALIASES.values(), ()))),
        st.text(max_size=20),
        max_size=8,
    )
)
def test_no_parameter_is_ever_an_error(parameters: dict[str, str]) -> None:
    said = read({name: value.replace("\0", "") for name, value in parameters.items()})

    assert said.direction in {"inbound", "outbound"}
