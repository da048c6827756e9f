"""What a fact holds, by table; the version goes up whenever a column changes its meaning.

Times are milliseconds UTC, durations milliseconds; codes are dotted. Customers and advisors stand
under keyed hashes. Nothing that anybody said is here. Source: measures.md A1; semantics.md 25.
"""

from __future__ import annotations

from typing import Final

from engine.ledger import CATEGORIES
from measures.times import SUMS

VERSION: Final = 10
"""Version of the schema: facts of another version are built anew from the events."""

_CONTACT: Final = (
    "tenant contact #offered #answered #responded #ended #wrapped #closed channel direction status "
    "?abandoned ?implied ?dropped customer customer_segment advisor actor_kind team site provider "
    "audience language ticket journey revision outcome motive qualification action *declarations "
    "*qualifications *actions #sessions "
    "#visits #transfers #consults #holds #deferrals #repeats #promises #flags #skips "
    "#none_of_these #by_hand #amends #robot_done #robot_failed #robot_ms #behind_ms #doubtful_ms "
    "#useful_said #satisfaction #effort #recommend *felt #raters #rated_ms #rated_useful_ms "
    "recoded_declaration recoded_qualification recoded_action "
)
_SPENT: Final = tuple(f"ms_{category}" for category in CATEGORIES)
_TABLES: Final[dict[str, str]] = {
    "contact": _CONTACT + " ".join(f"#{name}" for name in (*_SPENT, *SUMS)),
    "segment": "tenant contact #offered #position #begins #ends #ms category raw flag session "
    "#visit step journey revision channel",
    "visit": "tenant contact #offered session #visit journey revision step #occurrence channel "
    "actor_kind advisor team site provider customer_segment motive #entered #finished how exit "
    "?undone ?repeats ?person ?robot #flags "
    "#ms #useful_ms #delay_ms root #ended",
    "ticket": "tenant ticket #opened #closed status outcome journey revision motive qualification "
    "action *qualifications *actions customer customer_segment advisor team site provider channel "
    "first_contact *channels #contacts #reconnects "
    "#internal #outbound #switches #transfers #deferrals #reopened #sessions #first_offered "
    "#last_over #handling_ms #internal_ms #useful_ms #live_ms #robot_ms #robot_runs "
    "#again ?self_care",
    "rating": "tenant contact #offered #closed rater channel motive #part #begins #ends #ms "
    "#useful_ms category",
}
_KINDS: Final = {"#": "BIGINT", "?": "BOOLEAN", "*": "VARCHAR[]"}


def _columns(words: str) -> dict[str, str]:
    return {word.lstrip("#?*"): _KINDS.get(word[0], "VARCHAR") for word in words.split()}


TABLES: Final[dict[str, dict[str, str]]] = {
    name: _columns(words) for name, words in _TABLES.items()
}
"""Column -> DuckDB's type, by table; `*` in the words above is a list, `?` yes or no."""
ENTITY: Final = {
    "contact": "contact",
    "segment": "contact",
    "visit": "contact",
    "ticket": "ticket",
    "rating": "contact",
}
"""What a table's rows belong to and are replaced with."""
WHEN: Final = {
    "contact": "offered",
    "segment": "offered",
    "visit": "offered",
    "ticket": "opened",
    "rating": "offered",
}
"""The column that says in which partition a row lies; it never changes for a row."""
ORDER: Final = {
    "contact": "offered, contact",
    "segment": "offered, contact, position",
    "visit": "offered, contact, session, visit",
    "ticket": "opened, ticket",
    "rating": "offered, contact, rater, part",
}
