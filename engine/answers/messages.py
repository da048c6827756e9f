"""What people are told when an answer cannot be taken: what is allowed, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, str]] = {
    "answer.missing": (
        "Une réponse est attendue.",
        "An answer is expected.",
    ),
    "answer.not-a-text": (
        "Un texte est attendu.",
        "A text is expected.",
    ),
    "answer.bad-text": (
        "Ce texte contient un caractère qui ne peut pas être conservé.",
        "This text holds a character that cannot be kept.",
    ),
    "answer.too-short": (
        "Il faut au moins {limit} caractères.",
        "At least {limit} characters are needed.",
    ),
    "answer.too-long": (
        "Il faut au plus {limit} caractères.",
        "At most {limit} characters are allowed.",
    ),
    "answer.several-lines": (
        "Une seule ligne est attendue.",
        "A single line is expected.",
    ),
    "answer.bad-form": (
        "Cette réponse n'a pas la forme attendue : {shape}.",
        "This answer does not have the form expected: {shape}.",
    ),
    "answer.unknown-option": (
        "Ce choix n'existe pas. Choix possibles : {options}.",
        "There is no such option. The options are: {options}.",
    ),
    "answer.not-a-list": (
        "Une liste est attendue.",
        "A list is expected.",
    ),
    "answer.too-few": (
        "Il en faut au moins {limit}.",
        "At least {limit} are needed.",
    ),
    "answer.too-many": (
        "Il en faut au plus {limit}.",
        "At most {limit} are allowed.",
    ),
    "answer.not-yes-or-no": (
        "Répondez par oui ou par non.",
        "Answer yes or no.",
    ),
    "answer.not-a-number": (
        "Un nombre est attendu.",
        "A number is expected.",
    ),
    "answer.not-whole": (
        "Un nombre entier est attendu.",
        "A whole number is expected.",
    ),
    "answer.too-many-decimals": (
        "Il faut au plus {limit} décimales.",
        "At most {limit} decimals are allowed.",
    ),
    "answer.other-unit": (
        "L'unité attendue est {unit}.",
        "The unit expected is {unit}.",
    ),
    "answer.too-small": (
        "La valeur minimale est {limit}.",
        "The least value allowed is {limit}.",
    ),
    "answer.too-large": (
        "La valeur maximale est {limit}.",
        "The greatest value allowed is {limit}.",
    ),
    "answer.not-an-amount": (
        "Un montant est attendu, par exemple {example}.",
        "An amount is expected, such as {example}.",
    ),
    "answer.other-currency": (
        "La devise attendue est {currency}.",
        "The currency expected is {currency}.",
    ),
    "answer.not-a-date": (
        "Une date est attendue : année-mois-jour, par exemple 2026-10-31.",
        "A date is expected: year-month-day, such as 2026-10-31.",
    ),
    "answer.not-a-time": (
        "Une heure est attendue, par exemple 14:30.",
        "An hour of the day is expected, such as 14:30.",
    ),
    "answer.too-early": (
        "Au plus tôt : {limit}.",
        "The earliest allowed is {limit}.",
    ),
    "answer.too-late": (
        "Au plus tard : {limit}.",
        "The latest allowed is {limit}.",
    ),
    "answer.not-a-period": (
        "Deux dates sont attendues, le début et la fin.",
        "Two dates are expected, the first and the last.",
    ),
    "answer.ends-before-it-begins": (
        "La fin vient avant le début.",
        "It ends before it begins.",
    ),
    "answer.not-a-phone": (
        "Un numéro de téléphone est attendu, par exemple {example}.",
        "A phone number is expected, such as {example}.",
    ),
    "answer.not-an-email": (
        "Une adresse électronique est attendue, par exemple nom@exemple.fr.",
        "An e-mail address is expected, such as name@example.org.",
    ),
    "answer.not-an-address": (
        "Une adresse postale est attendue : {parts}.",
        "A postal address is expected: {parts}.",
    ),
    "answer.part-missing": (
        "Il manque : {part}.",
        "Missing: {part}.",
    ),
    "answer.unknown-part": (
        "Rien ne s'appelle ainsi : {part}. Attendus : {parts}.",
        "Nothing is called so: {part}. Expected: {parts}.",
    ),
    "answer.bad-postcode": (
        "Ce code postal n'existe pas sous cette forme.",
        "This postcode does not have the form expected.",
    ),
    "answer.bad-identifier": (
        "Ce numéro ({scheme}) est mal formé ou contient une faute de frappe.",
        "This number ({scheme}) is malformed or mistyped.",
    ),
    "answer.not-a-rating": (
        "Une note entière de {low} à {high} est attendue.",
        "A whole mark from {low} to {high} is expected.",
    ),
    "answer.not-a-file": (
        "Un fichier joint est attendu.",
        "An attached file is expected.",
    ),
    "answer.other-media-type": (
        "Types de fichiers acceptés : {types}.",
        "The file types accepted are: {types}.",
    ),
    "answer.file-too-large": (
        "Le fichier doit faire au plus {limit} octets.",
        "The file may have at most {limit} bytes.",
    ),
    "answer.not-a-consent": (
        "Un accord ou un refus est attendu.",
        "A consent or a refusal is expected.",
    ),
    "answer.other-text": (
        "L'accord porte sur un autre texte que celui de cette étape.",
        "The consent is to another text than this step's.",
    ),
    "answer.not-an-object": (
        "Une réponse de plusieurs champs est attendue : {parts}.",
        "An answer of several fields is expected: {parts}.",
    ),
    "answer.in-item": (
        "Élément {item}, {field} : {why}",
        "Item {item}, {field}: {why}",
    ),
}
"""French and English of every refusal, by its code; what stands between braces is filled in."""
