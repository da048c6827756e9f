"""What may go wrong with e-mails and letters; see `errors`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from runtime.errors import Failure


class NoSender(Failure):
    """A message says nowhere who wrote it, or says nothing at all."""

    CODE: ClassVar[str] = "message.unreadable"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ce message n'a pas d'expéditeur, ou est vide : ce n'est pas un e-mail complet.",
        "en": "This message has no sender, or is empty: it is not a whole e-mail.",
    }


class MessageUnderWay(Failure):
    """Somebody else is opening a message at this moment, or has changed it."""

    CODE: ClassVar[str] = "message.under-way"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Quelqu'un d'autre travaille sur ce message : relisez-le.",
        "en": "Somebody else is working on this message: read it again.",
    }


class JourneyNeeded(Failure):
    """A message is to be opened, and it is not known with which journey."""

    CODE: ClassVar[str] = "message.journey-needed"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Dites quel parcours commencer pour ce message.",
        "en": "Say which journey to begin for this message.",
    }


class NotOpen(Failure):
    """What is asked for needs the session of a message, and none is open for it."""

    CODE: ClassVar[str] = "message.not-open"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ouvrez d'abord ce message ; une fois clos, il n'a plus de réponse à donner.",
        "en": "Open this message first; once it is closed nothing answers it.",
    }


class NoMail(Failure):
    """A reply cannot go out by e-mail from here, or not to that message."""

    CODE: ClassVar[str] = "message.no-mail"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Rien n'envoie d'e-mails d'ici (réglage reply_operation), ou l'adresse manque : "
        "envoyez la réponse vous-même, puis dites-le (by: hand).",
        "en": "Nothing sends e-mails from here (setting reply_operation), or the address is "
        "missing: send the reply yourself, then say so (by: hand).",
    }
