"""What the tools of a language model take: checked coming in, and told to the model as schemas.

The descriptions are read by models, so that they are in English alone.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api.schemas import Body, Words

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=65_536)]
Session = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=255, description="The session's id, as start_journey gave it."
    ),
]
Version = Annotated[
    int,
    msgspec.Meta(
        ge=0,
        le=2**53,
        description="`version` of the step you decided from. The same call with the same version "
        "has no further effect, so that you may send it again when you are unsure.",
    ),
]
Visit = Annotated[
    int,
    msgspec.Meta(ge=1, le=2**53, description="`visit` of the answer, as see_answers gave it."),
]
Values = Annotated[
    dict[str, Any],
    msgspec.Meta(
        description="Answers by the question's `name`. For a question with options the value is "
        "an option's `value`, never its label; otherwise what `valid`, a JSON Schema, asks for. "
        "Only what the customer said: leave out what they did not answer."
    ),
]
Request = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=200,
        description="Any text that names this request alone, such as your conversation's id and a "
        "number. Keep it when you send the same call again: it then has no further effect.",
    ),
]
Channel = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=32,
        description="Where the customer is: one of the journey's `channels`.",
    ),
]
Spoken = Annotated[
    str,
    msgspec.Meta(
        pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        max_length=35,
        description="The language the customer speaks, such as `fr`.",
    ),
]


class FindJourney(Body):
    """What the customer's request is about."""

    words: (
        Annotated[
            str,
            msgspec.Meta(
                min_length=1,
                max_length=4_096,
                description="The customer's own words, as they said them. Without any, all "
                "journeys are listed.",
            ),
        ]
        | None
    ) = None
    language: Spoken | None = None


class StartJourney(Body):
    """Which journey to begin, and how the customer said it."""

    journey: Annotated[
        str,
        msgspec.Meta(
            min_length=1, max_length=255, description="`journey`, as find_journey gave it."
        ),
    ]
    request: Request
    channel: Channel = "chat"
    language: Spoken | None = None
    words: (
        Annotated[Words, msgspec.Meta(description="The customer's own words; kept as they are.")]
        | None
    ) = None


class ResumeByCode(Body):
    """A code that the customer was given elsewhere."""

    code: Annotated[
        str, msgspec.Meta(min_length=1, max_length=40, description="The code, as they say it.")
    ]
    request: Request
    channel: Channel = "chat"
    language: Spoken | None = None


class SeeStep(Body):
    """Which session to look at."""

    session: Session
    language: Spoken | None = None


class AnswerStep(Body):
    """The answers to the questions of the step."""

    session: Session
    version: Version
    values: Values


class OneStep(Body):
    """Which step of which session."""

    session: Session
    version: Version


class NoneFits(Body):
    """What the customer says where nothing that is offered fits."""

    session: Session
    version: Version
    text: Annotated[_Text, msgspec.Meta(description="What they say, in their own words.")]


class PreviewChange(Body):
    """An earlier answer, and what it would be."""

    session: Session
    visit: Visit
    values: Values


class ChangeAnswer(Body):
    """An earlier answer, and what it is to be."""

    session: Session
    version: Version
    visit: Visit
    values: Values
    effects: Annotated[
        dict[str, str],
        msgspec.Meta(
            description="For each of `effects` of preview_change, what the customer wants: "
            "`compensate` (undo what was done) or `keep`."
        ),
    ] = msgspec.field(default_factory=dict)


class WithReason(Body):
    """Which session, and why."""

    session: Session
    version: Version
    reason: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=65_536,
            description="Why, in a sentence for the advisor who reads it.",
        ),
    ]
