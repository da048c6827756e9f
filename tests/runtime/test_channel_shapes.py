"""Replies within a channel's limits: no option is lost, no label cut, no text too long."""

from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.channels.shaping import CHANNELS, LEAST_TEXT, Limits, Reply, cut, messages, shape

WISHES = (
    Reply("a", "J'ai reçu un autre article que le mien", "Autre article"),
    Reply("b", "Il manque une pièce"),
    Reply("c", "Autre chose"),
)
LABELS = st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=40)


def test_three_short_labels_are_whatsapp_s_buttons_and_the_short_wording_serves() -> None:
    shaped = shape(WISHES, CHANNELS["whatsapp"])

    assert shaped.style == "buttons"
    assert [one.label for one in shaped.replies] == [
        "Autre article", "Il manque une pièce", "Autre chose",
    ]  # fmt: skip


def test_four_are_a_list_and_eleven_are_numbered() -> None:
    rows = [Reply(str(n), f"Choix {n}") for n in range(11)]

    assert shape(rows[:4], CHANNELS["whatsapp"]).style == "list"
    assert shape(rows, CHANNELS["whatsapp"]).style == "text"


def test_a_text_message_numbers_its_options_and_says_how_to_answer() -> None:
    sent = messages("Que se passe-t-il ?", WISHES, CHANNELS["sms"], hint="Répondez.")

    assert sent[0]["text"].splitlines() == [
        "Que se passe-t-il ?", "1. J'ai reçu un autre article que le mien",
        "2. Il manque une pièce", "3. Autre chose", "Répondez.",
    ]  # fmt: skip


def test_two_labels_that_would_look_alike_are_written_out() -> None:
    alike = [Reply("a", "Très long libellé numéro un", "Long"), Reply("b", "Autre long un", "Long")]

    assert shape(alike, Limits(buttons=3, button=8, rows=10, row=8)).style == "text"


@settings(max_examples=100, deadline=None)
@given(
    labels=st.lists(LABELS, unique=True, max_size=14),
    text=st.text(st.characters(codec="ascii", min_codepoint=32), max_size=400),
    limits=st.builds(
        Limits, buttons=st.integers(0, 5), button=st.integers(0, 40), rows=st.integers(0, 12),
        row=st.integers(0, 40), text=st.integers(LEAST_TEXT, 300),
    ),
)  # fmt: skip
def test_every_option_is_offered_whole_in_messages_that_fit(
    labels: list[str], text: str, limits: Limits
) -> None:
    replies = [Reply(str(n), label) for n, label in enumerate(labels)]

    sent = messages(text, replies, limits)

    assert all(len(one["text"]) <= limits.text for one in sent)
    options = [option for one in sent for option in one["options"]]
    assert [one["id"] for one in options] == [one.id for one in replies]
    assert [one["label"] for one in options] == labels
    if sent and sent[-1]["style"] == "text":
        written = "".join("".join(one["text"] for one in sent).split())
        assert all(label in written for label in labels)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=500), longest=st.integers(1, 80))
def test_a_text_is_cut_without_losing_a_word(text: str, longest: int) -> None:
    parts = cut(text, longest)

    assert all(0 < len(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
