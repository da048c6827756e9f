"""What may go wrong when a file is sent for a question; see `errors`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from runtime.errors import Failure


class NoSuchQuestion(Failure):
    """The session does not ask for a file there, now."""

    CODE: ClassVar[str] = "file.no-question"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Aucune question de cette étape ne demande de fichier sous ce nom.",
        "en": "No question of this step asks for a file under that name.",
    }


class FileTooLarge(Failure):
    """More bytes than the question, or the service, takes."""

    CODE: ClassVar[str] = "file.too-large"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ce fichier est trop lourd : choisissez-en un plus petit ; params.limit dit combien "
        "d'octets sont permis.",
        "en": "This file is too large: choose a smaller one; params.limit says how many bytes are "
        "allowed.",
    }


class OtherFileType(Failure):
    """What the file is, by its content, is not what the question takes."""

    CODE: ClassVar[str] = "file.other-type"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Ce type de fichier n'est pas accepté ici : params.allowed dit lesquels le sont.",
        "en": "This type of file is not taken here: params.allowed says which are.",
    }


class OtherContent(Failure):
    """The content is not what the file claims to be, is empty, or is a program."""

    CODE: ClassVar[str] = "file.other-content"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Le contenu de ce fichier n'est pas celui que son type annonce, ou ne peut pas être "
        "accepté : ouvrez-le pour le vérifier, ou choisissez-en un autre.",
        "en": "The content of this file is not what its type says, or cannot be taken: open it to "
        "see, or choose another.",
    }


class TooManyFiles(Failure):
    """The session holds as many files as it may."""

    CODE: ClassVar[str] = "file.too-many"
    MESSAGE: ClassVar[Mapping[str, str]] = {
        "fr": "Cette session a reçu autant de fichiers qu'elle peut en garder.",
        "en": "This session has been sent as many files as it may keep.",
    }
