"""Ways of leaving a visit, and states of a session, that the walk tells apart."""

PEOPLE = frozenset({"answered", "acknowledged", "skipped", "none", "by_hand", "consulted"})
"""Ways of leaving a visit that a person chose; `back` goes through them."""
RECORDED = PEOPLE | {
    "succeeded",
    "refused",
    "failed",
    "not_done",
    "woken",
    "timeout",
    "transferred",
    "approved",
    "declined",
}
"""Ways of leaving that are a resolution somebody or something gave; the automatic bound counts from
the last."""
EARLY = "returned"
"""The exit of visits of a digression that was left before its end."""
ENDED = ("ended", "failed")
