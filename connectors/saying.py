"""Which texts that operations send reach customers, and on which channel they are read.

```toml
[sms.operations.send]
path = "/messages"
method = "POST"
json = {to = "to", text = "text"}
says = {channel = "sms", in = "text", most = 306}
```

Whoever sends may then add what is said of an incident. An e-mail's `body` says so by itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from connectors.fields import Fields
from connectors.port import Says

LEAST: Final = 60
MOST: Final = 65_536
_CHANNEL: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def read_says(fields: Fields, inputs: Collection[str] | None = None) -> Says | None:
    """Return what an operation's table says of the text it sends; None when it says nothing.

    `inputs` are the operation's; None where they are not known yet.
    """
    table = fields.table("says", None)
    if table is None:
        return None
    channel, name = table.text("channel"), table.text("in")
    most = table.number("most", None, least=LEAST, most=MOST)
    if channel and _CHANNEL.fullmatch(channel) is None:
        table.wrong("channel", fr="le nom d'un canal", en="the name of a channel")
    if name and inputs is not None and name not in inputs:
        table.wrong("in", fr="une entrée de l'opération", en="an input of the operation")
    return Says(channel, name, most)
