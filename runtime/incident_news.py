"""What those who say incidents by themselves are told when one is validated, changed or ended.

A voice server or a gateway for text messages subscribes; it is given the very texts that sessions
say, by language and channel. Decision 0044.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.incident_content import Content, restored, worded
from runtime.json_text import from_text
from runtime.notices import Notices
from runtime.store.port import Unit


def tell(notices: Notices, unit: Unit, row: Mapping[str, Any], *, kind: str, by: str) -> None:
    """Add to a change of an incident what subscriptions are told of it.

    `row` is the incident after the change, `kind` what happened (validated, changed, ended), `by`
    who did it. Of one that was never validated nobody is told anything.
    """
    if row["live"] is None:
        return
    content, at = restored(from_text(row["live"])), int(row["updated_at"])
    texts = {} if kind == "ended" else texts_of(content, now=at)
    data = {
        "incident": row["id"], "seq": row["seq"], "version": row["live_version"],
        "by": by.partition(":")[0], "validated_by": row["validator"],
        "scope": content.stored()["scope"], "begins": content.begins,
        "ends": content.ends if row["ended_at"] is None else row["ended_at"],
        "next_update": content.next_update, "timezone": content.timezone, "texts": texts,
    }  # fmt: skip
    about = (str(row["id"]), int(row["seq"]))
    notices.tell(unit, row["tenant"], f"incident.{kind}", about=about, at=at, data=data)


def texts_of(content: Content, *, now: int) -> dict[str, dict[str, Any]]:
    """Return what is said in each language: `{text, channels: {channel: variant}}`."""
    return {
        language: {
            "text": worded(content, language=language, channel=None, now=now)[1],
            "channels": {
                channel: worded(content, language=language, channel=channel, now=now)[1]
                for channel in said["channels"]
            },
        }
        for language, said in content.texts.items()
    }
