"""A plug-in of errbot: what people write to the bot in private is answered by journeys.

Copy both files into a folder that errbot's BOT_EXTRA_PLUGIN_DIR names, and set PARCOURS_URL and
PARCOURS_KEY (a key of the role `bot`) where errbot runs. It keeps nothing on disk: a message is one
turn of its writer's conversation, and the service remembers the conversation. A message that the
platform delivers again is answered once; again only after errbot was started anew, with the same
words, since nobody knows whether its answer had gone out.
"""

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import OrderedDict

from errbot import BotPlugin, Message

TRIES = 8
ANSWERED = 10_000
AGAIN = {401, 403, 408, 409, 429}
AWAY = {
    "fr": "Le service ne répond pas pour l'instant. Réécrivez votre message dans un moment.",
    "en": "The service does not answer at the moment. Write your message again in a while.",
}


class Parcours(BotPlugin):
    """Takes messages to the service, and sends what answers them."""

    def activate(self) -> None:
        """Read where the service is."""
        super().activate()
        self.url = os.environ["PARCOURS_URL"].rstrip("/")
        self.key = os.environ["PARCOURS_KEY"]
        self.channel = os.environ.get("PARCOURS_CHANNEL", "chat")
        self.locale = os.environ.get("PARCOURS_LOCALE", "fr")
        self.answered: OrderedDict[tuple[str, str], bool] = OrderedDict()
        self.check_channel()

    def check_channel(self) -> None:
        """Refuse to start on a channel that no journey has: every message would be refused."""
        try:
            channels = self._channels()
        except OSError as fault:
            self.log.warning("the service says nothing of its channels: %s", fault)
            return
        if channels and self.channel not in channels:
            known = ", ".join(sorted(channels))
            said = f"PARCOURS_CHANNEL: no library has a channel {self.channel!r}, only {known}"
            raise ValueError(said)

    def _channels(self) -> set[str]:
        """Return the channels of the journeys that may be started; none if there is no journey."""
        found: set[str] = set()
        path: str | None = "/v1/journeys"
        while path:
            with urllib.request.urlopen(self._request(path), timeout=30) as answer:  # noqa: S310
                said = json.load(answer)
            found.update(*(one["channels"] for one in said["items"]))
            following = said["next"]
            path = following and f"/v1/journeys?cursor={urllib.parse.quote(following)}"
        return found

    def _request(self, path: str, body: object = None) -> urllib.request.Request:
        """Return a request to the service: a write if it has a body."""
        return urllib.request.Request(  # noqa: S310 - the address is the administrator's own
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )

    def callback_message(self, message: Message) -> None:
        """Answer a message; commands of the bot and what is said in rooms are not for us."""
        text = (message.body or "").strip()
        if not message.is_direct or message.frm == self.bot_identifier or not text:
            return
        if text.startswith(self._bot.bot_config.BOT_PREFIX):
            return
        writer, named = str(message.frm.person)[:255], self._named(message)[:255]
        if (writer, named) in self.answered:
            return
        for said in self._turn(writer, named, text):
            self.send(message.frm, said)
        self.answered[writer, named] = True
        if len(self.answered) > ANSWERED:
            self.answered.popitem(last=False)

    def _named(self, message: Message) -> str:
        """Return the platform's id of a message, one of ours where it has none."""
        extras = message.extras or {}
        found = extras.get("message_id") or extras.get("id")
        return str(found) if found is not None else str(uuid.uuid4())

    def _turn(self, writer: str, named: str, text: str) -> list[str]:
        """Return the texts that answer a message: asked again, under its id, while none comes."""
        body = {
            "conversation": writer, "user": writer, "message": named, "text": text,
            "locale": self.locale, "limits": {"buttons": 0, "rows": 0},
        }  # fmt: skip
        path = f"/v1/channels/{urllib.parse.quote(self.channel)}/turns"
        request = self._request(path, body)
        for number in range(TRIES):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
                    return [one["text"] for one in json.load(answer)["messages"] if one["text"]]
            except urllib.error.HTTPError as refused:
                self.log.warning("the service refuses: %s", refused.code)
                if refused.code < 500 and refused.code not in AGAIN:
                    break
            except OSError as fault:
                self.log.warning("the service does not answer: %s", fault)
            time.sleep(0.25 * 2**number)
        return [AWAY.get(self.locale, AWAY["en"])]
