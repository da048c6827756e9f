"""E-mails and letters: what comes opens the right session, is read for answers, and is answered."""

import asyncio
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from runtime.clock import FixedClock
from runtime.post.messages import Letter
from runtime.post.replies import Reply
from runtime.post.words import JourneyNeeded, MessageUnderWay, NoMail
from runtime.store.port import Unit
from runtime.store.statements import PUT_FACT
from tests.runtime.conftest import ANA, OpenService
from tests.runtime.posting import BOB, ZOE, Postman, asked, mail, posting, take
from tests.runtime.walks import assert_sound, seen


def test_an_e_mail_opens_a_session_for_its_sender_and_is_read_for_answers(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            message = await take(service, mail())
            clock.advance(3_600_000)
            opened = await service.post.messages.open(ANA, message["id"], journey="parcel")
            read = await service.post.replies.read(ANA, message["id"])

            contact = await service.contacts.get(ANA, opened["contact"])
            known = await service.customers.get(ANA, "email:zoe@example.org")
            assert contact["channel"] == "email"
            assert contact["answered"] - contact["offered"] == 3_600_000
            assert contact["customer"] == known["id"]
            assert contact["sessions"] == [opened["session"]]
            said = {
                one["name"]: (one["value"], one["how"], one["sentence"]) for one in read["found"]
            }
            assert said == {
                "email": ("zoe@example.org", "sender", ""),
                "order_id": ("F-1042", "named", "Order: F-1042"),
            }
            order = next(one for one in read["found"] if one["name"] == "order_id")
            assert read["text"][order["from"] : order["to"]] == "Order: F-1042"
            assert read["missing"] == []
            # Nothing counts before it is accepted.
            assert (
                seen(await service.sessions.view(ANA, opened["session"]))["fields"][0]["offered"]
                is None
            )

    asyncio.run(play())


def test_what_is_accepted_serves_when_its_question_is_reached_and_what_is_refused_is_gone(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            message = await take(service, mail())
            opened = await service.post.messages.open(ANA, message["id"], journey="parcel")
            read = await service.post.replies.judge(
                ANA, message["id"], accept={"email": "zoe@example.org"}, refuse=["order_id"]
            )

            assert read["found"] == []
            assert read["accepted"] == {"email": "zoe@example.org"}
            assert [one["name"] for one in read["missing"]] == ["order_id"]
            view = seen(await service.sessions.view(ANA, opened["session"]))
            assert view["fields"][0]["offered"] == "zoe@example.org"
            await assert_sound(service, "acme", opened["session"])

    asyncio.run(play())


def test_one_reply_asks_what_lacks_and_its_answer_resumes_the_session(
    open_shop: OpenService, clock: FixedClock
) -> None:
    async def play() -> None:
        postman = Postman()
        async with open_shop(posting(postman), reply_operation="mail.reply") as service:
            opened, sent = await asked(service)
            view = seen(await service.sessions.view(ANA, opened["session"]))
            first = await service.contacts.get(ANA, opened["contact"])

            ((told, key),) = postman.sent
            assert sent["status"] == "sent"
            assert told["to"] == "zoe@example.org"
            assert told["references"] == ["one@example.org"]
            assert "1. Which order is it?" in told["body"]
            assert view["status"] == "paused"
            assert first["status"] == "wrapped_up"

            clock.advance(86_400_000)
            row = await service.post.messages.row("acme", sent["id"])
            answer = mail(
                "F-1042\n\nOn Monday, The shop wrote:\n> 1. Which order is it?\n",
                Message_ID="<two@example.org>",
                In_Reply_To=f"<{row['mark']}@shop.example>",
            )
            came = await take(service, answer)
            assert came["session"] == opened["session"]
            again = await service.post.messages.open(BOB, came["id"])
            read = await service.post.replies.read(BOB, came["id"])
            view = seen(await service.sessions.view(BOB, opened["session"]))
            second = await service.contacts.get(BOB, came["contact"])

            assert again["session"] == opened["session"]
            assert view["status"] == "active"
            assert second["id"] != first["id"]
            assert second["sessions"] == [opened["session"]]
            assert key.startswith(opened["session"])
            assert {one["direction"] for one in read["thread"]} == {"in", "out"}

    asyncio.run(play())


def test_an_answer_written_under_its_quoted_question_or_by_its_number_is_that_question_s(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        postman = Postman()
        async with open_shop(posting(postman), reply_operation="mail.reply") as service:
            opened, sent = await asked(service)
            mark = (await service.post.messages.row("acme", sent["id"]))["mark"]
            below = await take(service, mail(
                "> 1. Which order is it?\nF-2001\n", Message_ID="<a@x.org>",
                References=f"<one@example.org> <{mark}@shop.example>",
            ))  # fmt: skip
            by_number = await take(service, mail(
                "1. F-2002\n", Message_ID="<b@x.org>", In_Reply_To=f"<{mark}@elsewhere.example>",
            ))  # fmt: skip

            found = []
            for one in (below, by_number):
                assert one["session"] == opened["session"]
                await service.post.messages.open(ANA, one["id"])
                read = await service.post.replies.read(ANA, one["id"])
                found += [(a["name"], a["value"], a["how"]) for a in read["found"]
                          if a["how"] != "sender"]  # fmt: skip
            assert found == [("order_id", "F-2001", "below"), ("order_id", "F-2002", "numbered")]

    asyncio.run(play())


def test_the_same_message_twice_is_one_whatever_comes_between(open_shop: OpenService) -> None:
    async def play() -> None:
        async with open_shop() as service:
            first, again = await asyncio.gather(take(service, mail()), take(service, mail()))
            bare = [await take(service, mail(Message_ID="")) for _ in range(2)]
            other = await take(service, mail(Message_ID="<three@example.org>"))

            assert first["id"] == again["id"]
            assert bare[0]["id"] == bare[1]["id"]
            assert len({first["id"], bare[0]["id"], other["id"]}) == 3
            assert len(await service.contacts.newest(ANA)) == 3

    asyncio.run(play())


def test_machines_are_not_answered_and_a_bounce_says_which_reply_did_not_arrive(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        postman = Postman()
        async with open_shop(posting(postman), reply_operation="mail.reply") as service:
            opened, sent = await asked(service)
            mark = (await service.post.messages.row("acme", sent["id"]))["mark"]
            away = await take(service, mail(
                "I am away.\n", Message_ID="<away@x.org>", Auto_Submitted="auto-replied",
                In_Reply_To=f"<{mark}@shop.example>",
            ))  # fmt: skip
            bounce = await take(service, mail(
                f"Undelivered.\n\nMessage-ID: <{mark}@shop.example>\n", Message_ID="<b@mx.org>",
                From="MAILER-DAEMON@mx.example", Return_Path="<>",
            ))  # fmt: skip
            newsletter = await take(service, mail(Message_ID="<n@x.org>", List_Id="<news.x.org>"))

            assert [one["status"] for one in (away, bounce, newsletter)] == ["ignored"] * 3
            assert [one["machine"] for one in (away, bounce, newsletter)] == [
                "auto-reply", "bounce", "list",
            ]  # fmt: skip
            assert (await service.post.messages.row("acme", sent["id"]))["status"] == "bounced"
            assert len(postman.sent) == 1
            assert len(await service.contacts.newest(ANA)) == 1
            view = seen(await service.sessions.view(ANA, opened["session"]))
            assert view["status"] == "paused"

    asyncio.run(play())


def test_a_letter_is_worked_like_an_e_mail_and_its_reply_is_sent_by_hand(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            letter = Letter(
                text="My parcel has not arrived.\nOrder: F-1042\n", name="Zoe Durand",
                reference="scan-7", customer={"phone": "0612345678"}, received_at=1_000,
            )  # fmt: skip
            taken = await service.post.messages.take_letter(ANA, letter)
            again = await service.post.messages.take_letter(ANA, letter)
            opened = await service.post.messages.open(ANA, taken["id"], journey="parcel")
            read = await service.post.replies.read(ANA, taken["id"])
            reply = Reply(subject="Your letter", body="Which e-mail?", questions=("email",))
            with pytest.raises(NoMail):
                await service.post.replies.reply(ANA, taken["id"], reply)
            sent = await service.post.replies.reply(
                ANA, taken["id"], Reply(subject="Your letter", body="Which e-mail?", by="hand",
                                        questions=("email",)),
            )  # fmt: skip
            answer = await service.post.messages.take_letter(
                ANA, Letter(text="zoe@example.org", answers=sent["id"])
            )

            assert taken["id"] == again["id"]
            contact = await service.contacts.get(ANA, taken["contact"])
            assert (contact["channel"], contact["offered"]) == ("post", 1_000)
            assert (sent["status"], read["reply"]["by"]) == ("sent", "hand")
            assert answer["session"] == opened["session"]
            await service.post.messages.open(ANA, answer["id"])
            found = await service.post.replies.read(ANA, answer["id"])
            assert [(a["name"], a["value"]) for a in found["found"]] == [
                ("email", "zoe@example.org")
            ]

    asyncio.run(play())


def test_a_message_is_opened_once_and_by_one(open_shop: OpenService, clock: FixedClock) -> None:
    async def play() -> None:
        async with open_shop() as service:
            message = (await take(service, mail()))["id"]
            with pytest.raises(JourneyNeeded):
                await service.post.messages.open(ANA, message)
            row = await service.post.messages.row("acme", message)
            await service.post.messages._claimed(row)
            with pytest.raises(MessageUnderWay):
                await service.post.messages.open(BOB, message, journey="parcel")
            clock.advance(10_000)
            first = await service.post.messages.open(BOB, message, journey="parcel")
            again = await service.post.messages.open(ANA, message, journey="parcel")

            assert first["session"] == again["session"]
            assert len((await service.contacts.get(ANA, first["contact"]))["sessions"]) == 1

    asyncio.run(play())


def test_what_a_message_carries_answers_for_the_session_that_works_on_it(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        made = EmailMessage(SMTP)
        made["From"], made["Message-ID"], made["Subject"] = ZOE, "<f@x.org>", "A picture"
        made.set_content("See attached.")
        made.add_attachment(b"%PDF-1.7 bill", maintype="application", subtype="pdf",
                            filename="../bill.pdf")  # fmt: skip
        made.add_attachment(b"MZ program", maintype="application", subtype="octet-stream",
                            filename="run.exe")  # fmt: skip
        async with open_shop() as service:
            taken = await take(service, made.as_bytes())
            opened = await service.post.messages.open(ANA, taken["id"], journey="parcel")

            (file,) = opened["files"]
            assert (file["name"], opened["lost"]) == ("bill.pdf", ["run.exe"])
            kept = await service.files.read(ANA, opened["session"], file["id"])
            assert kept.content == b"%PDF-1.7 bill"

    asyncio.run(play())


def test_a_message_says_whose_customer_wrote_it_in_the_list_and_where_it_is_read(
    open_shop: OpenService,
) -> None:
    async def play() -> None:
        async with open_shop() as service:
            came = await take(service, mail())
            other = await take(service, mail(From="max@example.org", Message_ID="<x@example.org>"))
            unit = Unit()
            unit.add(
                PUT_FACT, "acme", "customer", came["customer"], "customer.advisor", "import",
                '"paul"', "import", 1,
            )  # fmt: skip
            await service.store.commit(unit)

            listed = await service.post.messages.newest(ANA, status="new")
            read = await service.post.replies.read(ANA, came["id"])

            whose = {one["id"]: one["own_advisor"] for one in listed}
            assert whose == {came["id"]: "paul", other["id"]: None}
            assert read["own_advisor"] == "paul"

    asyncio.run(play())
