"""What a screen beside a walk reads: the questions still ahead, and what surrounds the session."""

from __future__ import annotations

from api.around import Ahead, GivenAnswers, Surroundings
from api.operations import Call, Operation
from api.problems import Reply
from api.queries import ViewQuery
from api.replies import as_json


async def read_questions(call: Call) -> Reply:
    """Read the questions a session may still ask, so that one line can answer several of them.

    What it says goes in a `provide`: each value serves when its question is reached.
    """
    service = call.context.service
    warm = await service.sessions.admit(call.actor, call.params["session"], "session.questions")
    found = await service.surroundings.questions(call.actor, warm, language=call.query.language)
    return as_json({"items": found})


async def read_answers(call: Call) -> Reply:
    """Read what has been answered, latest first: what an `amend` of its visit may change.

    A sensitive answer is not in it, only that there is one.
    """
    service = call.context.service
    warm = await service.sessions.admit(call.actor, call.params["session"], "session.answers")
    found = await service.surroundings.answers(call.actor, warm, language=call.query.language)
    return as_json({"items": found})


async def read_surroundings(call: Call) -> Reply:
    """Read what surrounds a session: contact, ticket, customer, what is known, what was done."""
    service = call.context.service
    warm = await service.sessions.admit(call.actor, call.params["session"], "session.surroundings")
    return as_json(
        await service.surroundings.around(call.actor, warm, language=call.query.language)
    )


ANSWERS = Operation(
    id="session.answers", method="GET", path="/v1/sessions/{session}/answers",
    permission="session.answers", handler=read_answers, query=ViewQuery, answer=GivenAnswers,
    tag="sessions",
)  # fmt: skip

OPERATIONS = (
    Operation(
        id="session.questions", method="GET", path="/v1/sessions/{session}/questions",
        permission="session.questions", handler=read_questions, query=ViewQuery, answer=Ahead,
        tag="sessions",
    ),
    ANSWERS,
    Operation(
        id="session.surroundings", method="GET", path="/v1/sessions/{session}/surroundings",
        permission="session.surroundings", handler=read_surroundings, query=ViewQuery,
        answer=Surroundings, tag="sessions",
    ),
)  # fmt: skip
