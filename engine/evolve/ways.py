"""Ways of leaving a visit, and states of a session, that the walk tells apart."""

PEOPLE = frozenset({"answered", "acknowledged", "skipped", "none", "by_hand", "consulted"})
"""Ways of leaving a visit that a person chose; `back` goes through them."""
AMENDABLE = ("answered", "by_hand", "consulted", "none", "skipped")
"""Ways of leaving a visit whose answer may be changed; one left without an answer may be answered.
"""
BY_STAFF = frozenset({"by_hand", "consulted"})
"""Those of them that an advisor alone takes, and changes."""
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
