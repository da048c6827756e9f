"""Customers brought from other systems' files, some rows at a time."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api.operations import Call, Example, Operation
from api.problems import Reply
from api.replies import as_json
from api.schemas import Body, Items, Language, Milliseconds, Name
from runtime.importing import MOST_ROWS, SURE, Batch, Row

_PATH = "/v1/customers:import"


class ImportRow(Body):
    """One customer: `phone`, `email`, `number`, `external.crm`; facts, and when they were true."""

    keys: Annotated[dict[str, str], msgspec.Meta(max_length=20)]
    facts: dict[str, Any] = msgspec.field(default_factory=dict)
    at: Milliseconds | None = None


class ImportCustomers(Body):
    """Rows of one source, of which no two share a key; texts are read as `language` writes them.

    `sure` is the score from which a key that is theirs makes a row somebody's; `near_is_new` makes
    a new customer of a row that only nearly matches, else it is left out.
    """

    source: Name
    rows: Annotated[list[ImportRow], msgspec.Meta(min_length=1, max_length=MOST_ROWS)]
    language: Language = "fr"
    sure: Annotated[float, msgspec.Meta(ge=0, le=1)] = SURE
    near_is_new: bool = False
    dry_run: bool = False


async def bring(call: Call) -> Reply:
    """Bring customers from a file, or with `dry_run` say what would become of each row.

    Each row is new, updated or unchanged; a conflict (its keys are several customers', or another
    customer number), doubtful (nobody surely) or wrong, and then nothing of it is written.
    `matches` says who it may be, with score and reasons; `differs` of which facts something else is
    known, from where and since when; `wrong` which of its values could not be read. Rows sent again
    are unchanged.
    """
    asked: ImportCustomers = call.body
    batch = Batch(
        source=asked.source,
        rows=[Row(keys=row.keys, facts=row.facts, at=row.at) for row in asked.rows],
        language=asked.language,
        sure=asked.sure,
        near_is_new=asked.near_is_new,
        dry_run=asked.dry_run,
    )
    return as_json({"items": await call.context.service.importing.bring(call.actor, batch)})


OPERATIONS = (
    Operation(
        id="customer.import", method="POST", path=_PATH, permission="customer.import",
        handler=bring, body=ImportCustomers, answer=Items, tag="customers",
        examples=(
            Example(
                summary="A row that could be somebody who exists",
                request={
                    "source": "crm", "dry_run": True,
                    "rows": [{"keys": {"phone": "06 12 34 56 78", "number": "C-77"}}],
                },
                answer={"items": [{
                    "did": "conflict", "customer": None, "keys": [], "facts": [], "differs": [],
                    "matches": [{
                        "customer": "cus_06k3v9r1d4zj5m2q8w7t0xbncs", "score": 0.5,
                        "verdict": "possible", "reasons": [
                            {"what": "same", "kind": "phone", "weight": 0.8},
                            {"what": "differs", "kind": "number", "weight": 0.0},
                        ],
                    }],
                    "wrong": [],
                }]},
            ),
        ),
    ),
)  # fmt: skip
