"""What may go wrong in a use case: a class, and a stable code, per thing a caller can act on.

Refusals of a command by the engine are `engine.refusals.Refused`; HTTP has no place here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class Failure(Exception):
    """The base: a stable dotted code, and what to do about it in both languages.

    Attributes:
        message: by language, `fr` and `en`.
        params: facts about it, JSON.
    """

    CODE: ClassVar[str] = "failure"
    MESSAGE: ClassVar[Mapping[str, str]] = {}

    def __init__(self, message: Mapping[str, str] | None = None, **params: Any) -> None:
        self.message = dict(message or self.MESSAGE)
        self.params = params
        super().__init__(f"{self.code}: {self.message.get('en', '')}")

    @property
    def code(self) -> str:
        """Its stable dotted word."""
        return self.CODE


class NotFound(Failure):
    """There is no such thing for this tenant; another tenant's looks the same."""

    CODE: ClassVar[str] = "not-found"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Introuvable. Vérifiez l'identifiant.",
        "en": "Not found. Check the identifier.",
    }


class Forbidden(Failure):
    """The actor's role or scopes do not allow this."""

    CODE: ClassVar[str] = "access.forbidden"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Votre rôle ne permet pas cette opération.",
        "en": "Your role does not allow this operation.",
    }


class Unauthenticated(Failure):
    """No key or sign-in, or one that is wrong, over or revoked: which of them is not said."""

    CODE: ClassVar[str] = "access.unauthenticated"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Connectez-vous, ou donnez une clé d'accès qui soit encore bonne.",
        "en": "Sign in, or give an API key that is still good.",
    }


class Stale(Failure):
    """The session moved since the version that was named. `view` is where it stands now.

    Attributes:
        body: the current view's JSON text.
        version: the current walk version.
    """

    CODE: ClassVar[str] = "session.stale"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "La session a avancé entre-temps : repartez de la vue actuelle.",
        "en": "The session has moved on: start again from the current view.",
    }

    def __init__(self, body: bytes, version: int) -> None:
        super().__init__(version=version)
        self.body = body
        self.version = version


class VersionNeeded(Failure):
    """The command is guarded and no version was named."""

    CODE: ClassVar[str] = "session.version-needed"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Indiquez la version affichée (If-Match).",
        "en": "Name the version that is displayed (If-Match).",
    }


class KeyReused(Failure):
    """The idempotency key was used with another request."""

    CODE: ClassVar[str] = "idempotency.reused"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Cette clé d'idempotence a servi à une autre requête : prenez-en une nouvelle.",
        "en": "This idempotency key served another request: take a new one.",
    }


class KeyRunning(Failure):
    """The request with this idempotency key is still running."""

    CODE: ClassVar[str] = "idempotency.running"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Cette requête est encore en cours : réessayez dans un instant avec la même clé.",
        "en": "This request is still running: try again in a moment with the same key.",
    }


class LibraryRefused(Failure):
    """The checker found errors; nothing was published.

    Attributes:
        findings: all of them, as the checker ordered them.
    """

    CODE: ClassVar[str] = "library.refused"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "La bibliothèque a des erreurs : rien n'est publié.",
        "en": "The library has errors: nothing was published.",
    }

    def __init__(self, findings: Sequence[Any]) -> None:
        super().__init__(count=len(findings))
        self.findings = list(findings)


class JourneyTaken(Failure):
    """Another library of the tenant already offers a journey of that name."""

    CODE: ClassVar[str] = "library.journey-taken"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Un parcours de ce nom est déjà publié par une autre bibliothèque : renommez-le.",
        "en": "Another library already publishes a journey of that name: rename it.",
    }


class UnknownJourney(Failure):
    """No live library offers that journey."""

    CODE: ClassVar[str] = "journey.unknown"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Aucun parcours publié de ce nom ne peut être commencé.",
        "en": "No published journey of that name can be started.",
    }


class UnknownDeclaration(Failure):
    """No live library lists that declaration."""

    CODE: ClassVar[str] = "declaration.unknown"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Aucune bibliothèque publiée n'a cette déclaration.",
        "en": "No published library lists that declaration.",
    }


class WrongReference(Failure):
    """A customer, contact, ticket or text given is not in its form."""

    CODE: ClassVar[str] = "request.wrong"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Une valeur donnée n'a pas la bonne forme.",
        "en": "A value given is not in its form.",
    }


class WrongPhase(Failure):
    """A contact cannot pass to that phase from where it is."""

    CODE: ClassVar[str] = "contact.wrong-phase"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Le contact ne peut pas passer à cette phase.",
        "en": "The contact cannot pass to that phase.",
    }


class ActionUnderWay(Failure):
    """An action for that customer is under way: erasing would take away what it was asked with."""

    CODE: ClassVar[str] = "customer.action-under-way"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Une action est en cours pour ce client : réessayez quand elle sera finie.",
        "en": "An action is under way for this customer: try again once it has ended.",
    }


class WrongSetting(Failure):
    """A setting is missing or wrong; the message names it and says what it takes."""

    CODE: ClassVar[str] = "settings.wrong"


class WrongDeployment(Failure):
    """The deployment file is wrong, or a secret it names is missing; the message lists it all.

    Attributes:
        faults: each of them, in the order of the file.
    """

    CODE: ClassVar[str] = "deployment.wrong"

    faults: tuple[Any, ...] = ()


class StorageFull(Failure):
    """The disk is full: nothing was recorded, reads go on, writes resume once there is room."""

    CODE: ClassVar[str] = "storage.full"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Le disque est plein : rien n'a été enregistré. Libérez de la place puis réessayez.",
        "en": "The disk is full: nothing was recorded. Make room, then try again.",
    }


class StorageLost(Failure):
    """The disk fails: nothing is acknowledged until a write succeeds again."""

    CODE: ClassVar[str] = "storage.fault"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Le disque répond par une erreur : réessayez avec la même clé, et prévenez "
        "l'exploitation.",
        "en": "The disk answers with an error: try again with the same key, and tell operations.",
    }


class DamagedDatabase(Failure):
    """The database's file does not hold together."""

    CODE: ClassVar[str] = "storage.damaged"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Le fichier de la base est abîmé : gardez-le pour l'examiner, et repartez de la "
        "dernière sauvegarde.",
        "en": "The database's file is damaged: keep it to be examined, and go on from the last "
        "backup.",
    }


class StoreUnavailable(Failure):
    """The database cannot be reached, or was lost during a commit whose outcome is then unknown."""

    CODE: ClassVar[str] = "storage.unavailable"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "La base de données ne répond pas : réessayez avec la même clé d'idempotence.",
        "en": "The database does not answer: try again with the same idempotency key.",
    }


class DatabaseInUse(Failure):
    """Another process holds the SQLite file."""

    CODE: ClassVar[str] = "storage.in-use"

    def __init__(self, path: str, holder: Mapping[str, Any]) -> None:
        pid, address = holder.get("pid", "?"), holder.get("address") or "-"
        super().__init__(
            {
                "fr": f"{path} est déjà tenu par le processus {pid} (adresse {address}) : "
                "un seul service par fichier SQLite. Arrêtez-le, ou prenez PostgreSQL.",
                "en": f"{path} is already held by process {pid} (address {address}): one service "
                "per SQLite file. Stop it, or use PostgreSQL.",
            },
            path=path,
            holder=dict(holder),
        )


class NotMigrated(Failure):
    """The database's schema is not this release's."""

    CODE: ClassVar[str] = "storage.not-migrated"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Le schéma de la base n'est pas à jour : lancez « parcours db upgrade ».",
        "en": "The database's schema is not up to date: run `parcours db upgrade`.",
    }


class UnfitDatabase(Failure):
    """PostgreSQL is set so that our promises could not be kept."""

    CODE: ClassVar[str] = "storage.unfit"
