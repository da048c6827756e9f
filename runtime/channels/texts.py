"""What a conversation says by itself, beside the journey's wording; French and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "understood": {"fr": "Compris : {label} : {shown}.", "en": "Understood: {label}: {shown}."},
    "noted_ahead": {
        "fr": "Noté pour la suite : {label} : {shown}.",
        "en": "Noted for later: {label}: {shown}.",
    },
    "confirm": {
        "fr": "{label} : {shown}. Est-ce bien cela ?",
        "en": "{label}: {shown}. Is that right?",
    },
    "journey": {"fr": "Je vous aide pour : {shown}.", "en": "I am helping you with: {shown}."},
    "what_about": {
        "fr": "De quoi s'agit-il ? Choisissez, ou dites-le en quelques mots.",
        "en": "What is it about? Choose, or say it in a few words.",
    },
    "resume": {
        "fr": "Vous avez une demande en cours : {title}. La reprendre ?",
        "en": "You have a request under way: {title}. Go on with it?",
    },
    "back_again": {"fr": "Nous reprenons : {title}.", "en": "We go on with: {title}."},
    "recalled": {"fr": "{label} : {shown}", "en": "{label}: {shown}"},
    "not_understood": {
        "fr": "Je n'ai pas compris « {said} ».",
        "en": "I did not understand “{said}”.",
    },
    "help": {
        "fr": "Répondez à la question, ou écrivez : retour, corriger, pause, résumé, annuler, "
        "ou conseiller pour parler à quelqu'un.",
        "en": "Answer the question, or write: back, correct, pause, recap, cancel, or advisor "
        "to talk to somebody.",
    },
    "hint": {
        "fr": "Répondez par un numéro ou par les mots.",
        "en": "Answer with a number or the words.",
    },
    "handed": {
        "fr": "Je vous passe un conseiller, avec tout ce que vous avez dit : rien à répéter.",
        "en": "I am putting you through to an advisor, with all you have said: nothing to repeat.",
    },
    "with_advisor": {
        "fr": "C'est transmis au conseiller.",
        "en": "This is passed on to the advisor.",
    },
    "no_hand_over": {
        "fr": "Je ne peux pas vous passer un conseiller à cet instant. Réessayez dans un moment.",
        "en": "I cannot put you through to an advisor right now. Try again in a moment.",
    },
    "paused": {
        "fr": "C'est gardé. Écrivez ici quand vous voulez, nous reprendrons au même endroit.",
        "en": "It is kept. Write here whenever you like, we go on from the same place.",
    },
    "pending": {"fr": "Un instant, je vérifie.", "en": "One moment, I am checking."},
    "waiting": {
        "fr": "Rien à faire de votre côté pour l'instant : nous revenons vers vous.",
        "en": "Nothing to do on your side for now: we come back to you.",
    },
    "moved": {
        "fr": "La demande a avancé entre-temps ; voici où elle en est.",
        "en": "The request has moved on meanwhile; here is where it stands.",
    },
    "old_choice": {
        "fr": "Ce choix n'est plus d'actualité. Pour changer une réponse, écrivez « corriger ».",
        "en": "That choice is out of date. To change an answer, write “correct”.",
    },
    "which": {
        "fr": "Quelle réponse voulez-vous corriger ?",
        "en": "Which answer do you want to correct?",
    },
    "nothing_before": {
        "fr": "Il n'y a pas encore de réponse à corriger.",
        "en": "There is no answer to correct yet.",
    },
    "answered": {
        "fr": "Votre réponse : {shown}. Donnez la nouvelle, ou gardez-la.",
        "en": "Your answer: {shown}. Give the new one, or keep it.",
    },
    "amend": {
        "fr": "Cela change aussi ce qui a été fait : {shown}. Continuer ?",
        "en": "That also changes what was done: {shown}. Go ahead?",
    },
    "amend_impossible": {
        "fr": "Cette réponse ne peut plus être changée ici ; un conseiller peut vous aider.",
        "en": "That answer cannot be changed here any more; an advisor can help.",
    },
    "cancel": {
        "fr": "Abandonner cette demande ?",
        "en": "Give this request up?",
    },
    "not_here": {
        "fr": "Ce n'est pas possible à cette étape.",
        "en": "That is not possible at this step.",
    },
    "no_file": {
        "fr": "Aucun fichier n'est demandé pour l'instant ; « {said} » n'a pas été gardé.",
        "en": "No file is asked for right now; “{said}” was not kept.",
    },
    "marks": {"fr": "De {least} à {most}.", "en": "From {least} to {most}."},
    "send_file": {"fr": "Envoyez le fichier ici.", "en": "Send the file here."},
    "ended": {"fr": "C'est terminé pour cette demande.", "en": "That is all for this request."},
    "given_up": {"fr": "La demande est abandonnée.", "en": "The request is given up."},
    "failed": {
        "fr": "Un problème est survenu ; un conseiller prend la suite.",
        "en": "Something went wrong; an advisor takes over.",
    },
    "none": {"fr": "Aucun de ces choix", "en": "None of these"},
    "yes": {"fr": "Oui", "en": "Yes"},
    "no": {"fr": "Non", "en": "No"},
    "go_on": {"fr": "Continuer", "en": "Go on"},
    "keep": {"fr": "La garder", "en": "Keep it"},
    "skip": {"fr": "Passer", "en": "Skip"},
    "advisor": {"fr": "Un conseiller", "en": "An advisor"},
    "other": {"fr": "Autre chose", "en": "Something else"},
}


def say(key: str, language: str, **shown: Any) -> str:
    """Return a text in a language, in English where it is neither French nor English."""
    text = TEXTS[key]
    return text.get(language, text["en"]).format(**shown)
