"""What may go wrong when somebody comes in with a link or an identity provider; see `errors`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from runtime.errors import Failure, Unauthenticated


class NoSignInUnderWay(Failure):
    """Somebody comes back from the identity provider whom this browser did not send there."""

    CODE: ClassVar[str] = "sign-in.lost"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Cette connexion n'a pas été commencée ici, ou il y a trop longtemps : recommencez.",
        "en": "This sign-in was not begun here, or too long ago: begin again.",
    }


class NotVouchedFor(Failure):
    """The identity provider does not say who somebody is, or not as we accept it."""

    CODE: ClassVar[str] = "sign-in.refused"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Le fournisseur d'identité n'a pas confirmé qui vous êtes : recommencez, ou "
        "prévenez l'administrateur.",
        "en": "The identity provider did not say who you are: begin again, or tell the "
        "administrator.",
    }


class ProviderUnreachable(Failure):
    """The identity provider does not answer."""

    CODE: ClassVar[str] = "sign-in.unreachable"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Le fournisseur d'identité ne répond pas : réessayez dans un instant.",
        "en": "The identity provider does not answer: try again in a moment.",
    }


class NoRole(Failure):
    """The identity provider says who somebody is, and they have no role here."""

    CODE: ClassVar[str] = "sign-in.no-role"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Vous êtes reconnu, mais aucun rôle ne vous est donné ici : demandez-en un à "
        "l'administrateur.",
        "en": "You are known, but no role is given to you here: ask the administrator for one.",
    }


class LaunchOver(Failure):
    """A call's one-time address that is unknown, was used, or is too old."""

    CODE: ClassVar[str] = "launch.over"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Cette adresse a déjà servi ou a plus de cinq minutes : rouvrez l'appel depuis le "
        "téléphone, ou reprenez-le dans vos sessions.",
        "en": "This address was used already or is over five minutes old: open the call from the "
        "phone again, or find it in your sessions.",
    }


class LaunchUnderWay(Failure):
    """Another screen is opening the same call at this moment."""

    CODE: ClassVar[str] = "launch.under-way"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Un autre écran ouvre cet appel en ce moment : réessayez dans une seconde.",
        "en": "Another screen is opening this call at this moment: try again in a second.",
    }


class UnknownLink(Unauthenticated):
    """A link's token that is none, or no longer known."""

    CODE: ClassVar[str] = "link.unknown"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ce lien n'est pas reconnu : ouvrez-le tel qu'il vous a été donné, en entier.",
        "en": "This link is not known: open it as it was given to you, whole.",
    }


class LinkOver(Unauthenticated):
    """A link whose time is over, or that was taken back."""

    CODE: ClassVar[str] = "link.expired"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ce lien n'est plus valable : demandez-en un nouveau à qui vous l'a donné.",
        "en": "This link is over: ask for another one where you were given it.",
    }
