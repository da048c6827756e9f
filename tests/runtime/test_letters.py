"""A journey that writes to the customer: the library's words, by a real server, once."""

import asyncio
import json
from pathlib import Path

from authoring.load import load
from connectors.email import Email
from runtime.fitting import gaps
from runtime.sessions import StartRequest
from runtime.store.port import statement
from tests.connectors.test_email import Box, connector, server
from tests.runtime.conftest import ANA, AUTHOR, OpenService
from tests.runtime.walks import seen

EFFECTS = statement("SELECT state, inputs FROM effect")
FILES = {
    "library.yaml": """\
parcours: 1
library: letters
title: {en: Letters, fr: Lettres}
languages: [en, fr]
audiences: [advisor]
channels: [phone]
timezone: Europe/Paris
""",
    "codes.yaml": """\
declarations: {late: {label: {en: Late, fr: Retard}}}
qualifications: {lost: {label: {en: Lost, fr: Perdu}}}
actions: {resent: {label: {en: Sent again, fr: Renvoyé}}}
""",
    "connectors.yaml": """\
parcours: 1
operations:
  mail.order_resent:
    effect: unsafe
    input:
      to: {type: email, required: true}
      amount: {type: money, currency: EUR, required: true}
    texts:
      subject: {en: "Sent again", fr: "Réexpédition"}
      body: {en: "Your parcel, worth {amount}.", fr: "Votre colis, de {amount}."}
    gives: [to]
    sensitive: [to]
""",
    "journeys/main.yaml": """\
parcours: 1
journey: resend
title: {en: Send again, fr: Réexpédier}
start: true
inputs:
  to: {type: email, required: true}
  amount: {type: money, currency: EUR, required: true}
steps:
  - id: mail
    do: mail.order_resent
    with: {to: to, amount: amount}
    by_hand: {say: {en: "Write to them.", fr: "Écrivez-lui."}}
    declares: late
    qualifies: lost
    acts: resent
  - {id: done, end: resolved}
""",
}


def test_the_customer_is_written_to_in_their_language(
    open_shop: OpenService, tmp_path: Path
) -> None:
    async def play() -> tuple[Box, str, list[tuple[str, str]], Email]:
        box = Box()
        async with server(box) as port:
            mail = connector(tmp_path, port)
            async with open_shop({"mail": mail}) as service:
                await service.revisions.publish(AUTHOR, FILES)
                amount = {"amount": "12.50", "currency": "EUR"}
                request = StartRequest(
                    journey="resend", channel="phone", language="fr",
                    inputs={"to": "zoe@example.org", "amount": amount},
                )  # fmt: skip
                answer = await service.sessions.start(ANA, request)
                await service.outbox.drain_now()
                shown = await service.sessions.view(ANA, answer.session)
                rows = [(row[0], row[1]) for row in await service.store.read(EFFECTS)]
                return box, str(seen(shown)["outcome"]), rows, mail

    box, outcome, rows, mail = asyncio.run(play())

    [letter] = box.taken
    assert outcome == "resolved"
    assert letter["Subject"] == "Réexpédition"
    assert letter.get_content().strip() == "Votre colis, de 12,50\u00a0€."
    [(state, inputs)] = rows
    assert state == "succeeded"
    assert set(json.loads(inputs)) == {"to", "subject", "body"}
    library = load(FILES).library
    assert library is not None
    assert [one.code for one in gaps(library, {"mail": mail})] == []
