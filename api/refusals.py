"""Every refusal this API answers with: code, HTTP status, title and what to do, in both languages.

The codes are the contract: they are never renamed. What the engine refuses carries its own message
and is answered 422 unless its code stands here.
Source: promises.md 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from measures import errors as measured
from runtime import (
    codes,
    entry_errors,
    errors,
    file_errors,
    incident_errors,
    letters,
    subscriptions,
)
from runtime.booking import NoSuchSlot, SlotTaken
from runtime.invitations import NoInvitation
from runtime.merging import MergeRefused
from runtime.post import words as post
from runtime.wrap_ups import WrapUpChanged


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status, its title and what to do, by language."""

    code: str
    status: int
    title: Mapping[str, str]
    detail: Mapping[str, str]
    retry_after_s: int | None = None


def _own(code: str, status: int, *, en: tuple[str, str], fr: tuple[str, str]) -> Kind:
    """Return a kind of problem that only this room knows: (title, what to do) in each language."""
    title, detail = {"en": en[0], "fr": fr[0]}, {"en": en[1], "fr": fr[1]}
    return Kind(code, status, title, detail)


def _use_case(
    failure: type[errors.Failure], status: int, *, en: str, fr: str, retry: int | None = None
) -> Kind:
    """Return the kind of problem a use case's failure is answered with; it says what to do."""
    return Kind(failure.CODE, status, {"en": en, "fr": fr}, failure.MESSAGE, retry)


PROBLEMS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        _own("request.malformed", 400,
             en=("The body is not JSON we accept.",
              ("Send UTF-8 JSON, at most 32 levels deep, without duplicate keys, NaN, U+0000, lone"
              " surrogates or integers beyond 2^53; `params.why` says which.")),
             fr=("Le corps n’est pas du JSON accepté.",
              ("Envoyez du JSON en UTF-8, de 32 niveaux au plus, sans clé en double, NaN, U+0000,"
              " demi-caractère ni entier au-delà de 2^53 ; `params.why` dit lequel."))),
        _own("request.bad-key", 400,
             en=("The Idempotency-Key header is missing or badly formed.",
              ("Send one Idempotency-Key of 1 to 255 printable ASCII characters; keep it when you"
              " retry the same request.")),
             fr=("L’en-tête Idempotency-Key manque ou est mal formé.",
              ("Envoyez un seul Idempotency-Key de 1 à 255 caractères ASCII imprimables ; gardez-le"
              " quand vous renvoyez la même requête."))),
        _own("request.bad-condition", 400,
             en=("The If-Match header is badly formed.",
              'Send exactly one tag, as the ETag header gave it: If-Match: "7".'),
             fr=("L’en-tête If-Match est mal formé.",
              'Envoyez une seule étiquette, telle que ETag l’a donnée : If-Match: "7".')),
        _own("request.bad-cursor", 400,
             en=("The cursor is not one we gave.",
              "Use `next` of the previous page as it is, or start again without a cursor."),
             fr=("Le curseur n’est pas un de ceux que nous avons donnés.",
              "Reprenez `next` de la page précédente tel quel, ou recommencez sans curseur.")),
        _own("request.bad-host", 400,
             en=("This host name is not ours.",
              "In development mode, reach the service as localhost, 127.0.0.1 or [::1]."),
             fr=("Ce nom d’hôte n’est pas le nôtre.",
              "En mode développement, joignez le service par localhost, 127.0.0.1 ou [::1].")),
        _own("request.method", 405,
             en=("This address does not take this method.", "Use one that the Allow header names."),
             fr=("Cette adresse n’accepte pas cette méthode.",
              "Employez une de celles que nomme l’en-tête Allow.")),
        _own("request.too-slow", 408,
             en=("The body did not arrive in time.", "Send it again, with the same key."),
             fr=("Le corps n’est pas arrivé à temps.", "Renvoyez-le, avec la même clé.")),
        _own("request.too-large", 413,
             en=("The body is too large.", "Send at most `params.limit` bytes."),
             fr=("Le corps est trop grand.", "Envoyez au plus `params.limit` octets.")),
        _own("request.media-type", 415,
             en=("The body has a media type we do not take.",
              "Send Content-Type: application/json in UTF-8, not compressed."),
             fr=("Le type de contenu n’est pas accepté.",
              "Envoyez Content-Type: application/json en UTF-8, sans compression.")),
        _own("request.bad-query", 422,
             en=("A query parameter is wrong.", "See `errors` for what each parameter takes."),
             fr=("Un paramètre de la requête est incorrect.",
              "Voyez dans `errors` ce que chaque paramètre accepte.")),
        _own("request.too-many", 429,
             en=("Too many requests.", "Wait as long as Retry-After says."),
             fr=("Trop de requêtes.", "Attendez le temps que donne Retry-After.")),
        _own("service.internal", 500,
             en=("Something went wrong on our side.",
              "Try again with the same key; if it lasts, report `trace_id`."),
             fr=("Un problème est survenu de notre côté.",
              "Réessayez avec la même clé ; si cela dure, signalez `trace_id`.")),
        Kind("service.busy", 503,
             {"en": "Too much is going on at once.", "fr": "Trop de demandes à la fois."},
             {"en": "Try again with the same key after Retry-After.",
              "fr": "Réessayez avec la même clé après Retry-After."}, 1),
        _own("hook.signature", 401,
             en=("The message is not signed with a secret we share.",
              ("Sign its bytes as they are sent, with the secret that the deployment names for this"
               " source; while one is replaced, the old one holds too.")),
             fr=("Le message n’est pas signé d’un secret partagé avec nous.",
              ("Signez ses octets tels qu’ils partent, avec le secret que le déploiement nomme pour"
               " cette source ; pendant un remplacement, l’ancien vaut encore."))),
        _own("hook.too-many", 413,
             en=("The list has too many items.",
              "Send lists of at most `params.limit` items: nothing of this one was taken."),
             fr=("La liste a trop d’éléments.",
              "Envoyez des listes d’au plus `params.limit` éléments : rien n’a été pris.")),
        _own("hook.stale", 401,
             en=("The message is not of now.",
              "Send it within five minutes of the time that is signed with it; set the clock."),
             fr=("Le message n’est pas de maintenant.",
              "Envoyez-le à moins de cinq minutes de l’heure signée avec lui ; réglez l’horloge.")),
        _use_case(errors.Unauthenticated, 401,
                  en="The caller is not known.", fr="L’appelant n’est pas reconnu."),
        _use_case(entry_errors.UnknownLink, 401,
                  en="The link is not known.", fr="Le lien n’est pas reconnu."),
        _use_case(entry_errors.LinkOver, 401,
                  en="The link is over.", fr="Le lien n’est plus valable."),
        _use_case(codes.UnknownCode, 404,
                  en="The code is not known.", fr="Le code n’est pas reconnu."),
        _use_case(codes.TooManyCodes, 429, retry=600,
                  en="Too many wrong codes.", fr="Trop de codes faux."),
        _use_case(entry_errors.LaunchOver, 410,
                  en="This call was opened, or rang too long ago.",
                  fr="Cet appel a été ouvert, ou date trop."),
        _use_case(entry_errors.LaunchUnderWay, 409,
                  en="This call is being opened.", fr="Cet appel est en train d’être ouvert.",
                  retry=1),
        _use_case(entry_errors.NoRole, 403,
                  en="You have no role here.", fr="Vous n’avez pas de rôle ici."),
        _use_case(entry_errors.NotVouchedFor, 403,
                  en="Who you are is not confirmed.", fr="Votre identité n’est pas confirmée."),
        _use_case(entry_errors.NoSignInUnderWay, 403,
                  en="No such sign-in is under way.", fr="Aucune connexion de ce genre en cours."),
        _use_case(entry_errors.ProviderUnreachable, 503,
                  en="The identity provider does not answer.",
                  fr="Le fournisseur d’identité ne répond pas.", retry=5),
        _use_case(errors.Forbidden, 403,
                  en="Your role may not do this.", fr="Votre rôle ne permet pas cela."),
        _own("access.cross-site", 403,
             en=("This request was not made by our console.",
              ("With the cookie of a sign-in, send Content-Type: application/json and"
               " X-Parcours-Console: 1 from a page of this very origin; elsewhere use an API key."
               " `params.missing` says what is not so.")),
             fr=("Cette requête ne vient pas de notre console.",
              ("Avec le cookie de connexion, envoyez Content-Type: application/json et"
               " X-Parcours-Console: 1 depuis une page de cette origine même ; ailleurs, employez"
               " une clé d’API. `params.missing` dit ce qui n’y est pas."))),
        _own("command.role", 403,
             en=("Your role may not bring this command.", "`params.roles` names those that may."),
             fr=("Votre rôle n’apporte pas cette commande.",
              "`params.roles` nomme ceux qui le peuvent.")),
        _own("step.advisor-only", 403,
             en=("An advisor sees to it.",
              "A manual procedure and a side call are an advisor's to answer and to change."),
             fr=("Un conseiller s’en occupe.",
              "Une procédure manuelle ou un appel à un tiers ne regarde que le conseiller.")),
        _own("approve.role", 403,
             en=("Another role must approve.", "`params.role` names it."),
             fr=("Un autre rôle doit donner son accord.", "`params.role` le nomme.")),
        _use_case(errors.NotFound, 404, en="There is no such thing.", fr="Cela n’existe pas."),
        _use_case(errors.KeyRunning, 409,
                  en="A request with this key is still running.",
                  fr="Une requête portant cette clé est encore en cours.", retry=1),
        _use_case(errors.ActionUnderWay, 409,
                  en="An action for this customer has not ended.",
                  fr="Une action pour ce client n’est pas finie.", retry=30),
        _use_case(letters.LetterNotOpen, 409,
                  en="The dead letter is not open.", fr="Cette action n’attend plus personne."),
        _use_case(letters.MayBeDone, 409,
                  en="The action may have taken place.", fr="L’action a peut-être eu lieu."),
        _use_case(subscriptions.NoticeNotDead, 409,
                  en="The messages were not given up.", fr="Ils n’étaient pas abandonnés."),
        _use_case(subscriptions.NotSubscribed, 409,
                  en="There is no such subscription.", fr="Cet abonnement n’existe plus."),
        _use_case(errors.WrongPhase, 409,
                  en="The contact cannot pass to that phase.",
                  fr="Le contact ne peut pas passer à cette phase."),
        _use_case(post.NoSender, 422,
                  en="The message cannot be taken in.", fr="Le message ne peut pas être pris."),
        _use_case(post.MessageUnderWay, 409,
                  en="Somebody else has the message.", fr="Quelqu’un d’autre a le message."),
        _use_case(post.JourneyNeeded, 422,
                  en="A journey is needed.", fr="Il faut un parcours."),
        _use_case(post.NotOpen, 409,
                  en="The message is not open.", fr="Le message n’est pas ouvert."),
        _use_case(post.NoMail, 409,
                  en="It cannot go out by e-mail.", fr="Cela ne peut pas partir par e-mail."),
        _use_case(incident_errors.OwnDraft, 403,
                  en="Somebody else must validate it.",
                  fr="Une autre personne doit le valider."),
        _use_case(MergeRefused, 409,
                  en="They cannot be merged or split.",
                  fr="Ces fiches ne peuvent être réunies ou séparées."),
        _use_case(NoInvitation, 409,
                  en="There is no invitation to it.", fr="Il n’y a pas d’invitation."),
        _use_case(SlotTaken, 409,
                  en="The slot is taken.", fr="Le créneau est pris."),
        _use_case(NoSuchSlot, 422,
                  en="There is no such slot.", fr="Ce créneau n’existe pas."),
        _use_case(WrapUpChanged, 409,
                  en="The wrap-up has changed.", fr="La conclusion a changé."),
        _use_case(incident_errors.IncidentStale, 409,
                  en="The incident has changed.", fr="L’incident a changé."),
        _use_case(incident_errors.IncidentOver, 409,
                  en="The incident has ended.", fr="L’incident est terminé."),
        _use_case(incident_errors.NotInScope, 409,
                  en="The incident does not concern this session.",
                  fr="L’incident ne concerne pas cette session."),
        _use_case(incident_errors.Contradiction, 422,
                  en="One channel would contradict another.",
                  fr="Un canal en contredirait un autre."),
        _use_case(errors.Stale, 412,
                  en="The session has moved on since the version you name.",
                  fr="La session a avancé depuis la version que vous nommez."),
        _use_case(measured.UnknownMeasure, 404,
                  en="There is no such measure.", fr="Cet indicateur n’existe pas."),
        _use_case(measured.PeopleAreNotRanked, 422,
                  en="No measure is given by person.", fr="Aucun indicateur n’est par personne."),
        _use_case(measured.OwnFiguresOff, 404,
                  en="One's own figures are not opened here.",
                  fr="Les chiffres de chacun ne sont pas ouverts ici."),
        _use_case(measured.WrongQuestion, 422,
                  en="The measure cannot be asked for in that way.",
                  fr="L’indicateur ne se demande pas ainsi."),
        _use_case(measured.TooManyGroups, 422,
                  en="There are too many groups.", fr="Il y a trop de groupes."),
        _use_case(measured.FactsAway, 503,
                  en="The facts cannot be reached.",
                  fr="Les faits sont injoignables.", retry=10),
        _use_case(measured.ExtraMissing, 501,
                  en="This form is not installed.", fr="Cette forme n’est pas installée."),
        _use_case(measured.IrritantChanged, 409,
                  en="The irritant has changed.", fr="L’irritant a changé."),
        _use_case(measured.OwnContact, 403,
                  en="Somebody else rates this contact.",
                  fr="Une autre personne évalue ce contact."),
        _use_case(errors.KeyReused, 422,
                  en="This key was already used for another request.",
                  fr="Cette clé a déjà servi pour une autre requête."),
        _use_case(errors.UnknownDeclaration, 422,
                  en="That subject is not known.", fr="Ce motif n’est pas connu."),
        _use_case(errors.UnknownJourney, 422,
                  en="No such journey can be started.", fr="Aucun parcours de ce nom."),
        _use_case(errors.WrongReference, 422,
                  en="The request does not have the form asked for.",
                  fr="La requête n’a pas la forme demandée."),
        _use_case(errors.LibraryRefused, 422,
                  en="The library has errors.", fr="La bibliothèque a des erreurs."),
        _use_case(errors.JourneyTaken, 422,
                  en="The journey's name is taken.", fr="Le nom du parcours est pris."),
        _use_case(file_errors.NoSuchQuestion, 422,
                  en="No file is asked for there.", fr="Aucun fichier n’est demandé là."),
        _use_case(file_errors.FileTooLarge, 413,
                  en="The file is too large.", fr="Le fichier est trop lourd."),
        _use_case(file_errors.OtherFileType, 422,
                  en="This type of file is not taken.", fr="Ce type de fichier n’est pas accepté."),
        _use_case(file_errors.OtherContent, 422,
                  en="The file is not what it says.",
                  fr="Le fichier n’est pas ce qu’il annonce."),
        _use_case(file_errors.TooManyFiles, 422,
                  en="There are as many files as may be.",
                  fr="Il y a autant de fichiers que permis."),
        _use_case(errors.VersionNeeded, 428,
                  en="This command needs the version it is meant for.",
                  fr="Cette commande doit nommer la version qu’elle vise."),
        _use_case(errors.StorageLost, 503,
                  en="The storage answers with an error.",
                  fr="Le stockage répond par une erreur.", retry=10),
        _use_case(errors.StoreUnavailable, 503,
                  en="The database cannot be reached.",
                  fr="La base de données est injoignable.", retry=2),
        _use_case(errors.StorageFull, 507,
                  en="The storage is full.", fr="Le stockage est plein.", retry=10),
    )
}  # fmt: skip

REFUSED = Kind(
    "*", 422,
    {"en": "The command is refused; nothing was recorded.",
     "fr": "La commande est refusée ; rien n’a été enregistré."},
    {},
)  # fmt: skip
"""What the engine refuses (`answer.unknown-option` …): the engine says what to do."""
