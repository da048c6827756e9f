"""From a customer's words to declarations and their journeys, and from a few letters to journeys.

Steps and motives.

Both compare stems without accents, forgive misspelling by groups of letters, and rank by how much
rare words tell. Their indexes are made once a revision; a query only reads them.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from authoring.draw import called, title
from authoring.suggest_words import folded, likeness, stems, trigrams
from engine.model import CodeEntry, Library
from engine.wording import ANYONE, Text

ALIKE = 0.5
"""The least likeness at which a word is taken for a misspelling of another that begins alike."""
ALIKE_INSIDE = 0.65
"""The same where the first letters differ, which is rarer in a misspelling."""
BEGUN = 0.8
"""What a word that only begins like another counts."""
LONGEST_QUERY = 400
"""Words of a query that are looked at; the rest of a pasted letter tells little more."""


class Vocabulary:
    """The words of an index, and how to find those a query's word may stand for."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted(set(words))
        self._present = set(self.words)
        self._grams: dict[str, list[int]] = {}
        self._of = [trigrams(word) for word in self.words]
        for place, grams in enumerate(self._of):
            for gram in grams:
                self._grams.setdefault(gram, []).append(place)

    def like(self, word: str, *, begun: bool = False) -> dict[str, float]:
        """Return the words meant by one, and how surely (0 to 1).

        Itself, words it begins, or near ones.
        """
        found = {word: 1.0} if word in self._present else {}
        if begun and len(word) >= 2:
            at = bisect_left(self.words, word)
            while at < len(self.words) and self.words[at].startswith(word):
                found.setdefault(self.words[at], BEGUN)
                at += 1
        if found or len(word) < 4 or not word.isalpha():
            return found
        grams = trigrams(word)
        shared = Counter(place for gram in grams for place in self._grams.get(gram, ()))
        for place, count in shared.items():
            least = ALIKE if self.words[place][0] == word[0] else ALIKE_INSIDE
            if 2 * count >= least * (len(grams) + len(self._of[place])):
                found[self.words[place]] = likeness(grams, self._of[place]) * BEGUN
        return found


@dataclass(slots=True)
class Phrase:
    """One way of saying a declaration.

    Its words as written, their stems, and how much it counts.
    """

    entry: CodeEntry
    language: str
    words: str
    stems: tuple[str, ...]
    weight: float
    total: float = 0.0


class Suggester:
    """Ranks a library's declarations by a customer's own words."""

    def __init__(self, library: Library) -> None:
        self._library = library
        entries = [entry for entry in library.codes.get("declaration", {}).values() if entry.leaf]
        self._phrases = [
            phrase for entry in entries for phrase in _phrases(entry, library.languages)
        ]
        self._vocabulary = Vocabulary(stem for phrase in self._phrases for stem in phrase.stems)
        holders: dict[str, set[str]] = {}
        self._with: dict[str, list[int]] = {}
        for place, phrase in enumerate(self._phrases):
            for stem in set(phrase.stems):
                self._with.setdefault(stem, []).append(place)
                holders.setdefault(stem, set()).add(phrase.entry.code)
        count = max(1, len(entries))
        self._tells = {stem: math.log(1 + count / len(codes)) for stem, codes in holders.items()}
        self._rarest = math.log(1 + count)
        for phrase in self._phrases:
            phrase.total = sum(self._tells[stem] for stem in set(phrase.stems))

    def rank(self, text: str, language: str, limit: int = 5) -> list[dict[str, Any]]:
        """Return the likeliest declarations: `{code, label, score, journey, matched}`, best first.

        `score` is 0 to 1; `matched` the wording it was known by; `journey` the one the library
        starts for it, or None. Nothing in common gives nothing.
        """
        query = list(dict.fromkeys(stems(text, language)[:LONGEST_QUERY]))
        meant = {word: self._vocabulary.like(word) for word in query}
        asked = sum(
            max((self._tells[stem] for stem in found), default=self._rarest * 0.5)
            for found in meant.values()
        )
        if not asked:
            return []
        best: dict[str, tuple[float, Phrase]] = {}
        covered: dict[str, dict[str, float]] = {}
        for place, hits in self._hits(meant, language).items():
            phrase = self._phrases[place]
            of_code = covered.setdefault(phrase.entry.code, {})
            for word, gained in hits.items():
                of_code[word] = max(of_code.get(word, 0.0), gained)
            gained = sum(hits.values())
            # A short synonym found whole inside a long sentence says as much as a whole example.
            score = phrase.weight * min(1.0, gained / phrase.total) ** 1.5
            before = best.get(phrase.entry.code)
            if before is None or score > before[0]:
                best[phrase.entry.code] = (score, phrase)
        ranked = []
        for code, (score, phrase) in best.items():
            share = min(1.0, sum(covered[code].values()) / asked)
            ranked.append((0.6 * score + 0.4 * share, code, phrase))
        ranked.sort(key=lambda one: (-one[0], one[1]))
        return [
            {
                "code": code,
                "label": _label(phrase.entry.label, self._library, language) or code,
                "score": round(score, 4),
                "journey": self._library.declarations.get(code),
                "matched": phrase.words,
            }
            for score, code, phrase in ranked[:limit]
        ]

    def _hits(
        self, meant: Mapping[str, Mapping[str, float]], language: str
    ) -> dict[int, dict[str, float]]:
        """Return, by phrase, what each word of the query tells of it.

        Phrases of another language come after.
        """
        hits: dict[int, dict[str, float]] = {}
        for word, found in meant.items():
            for stem, sureness in found.items():
                for place in self._with[stem]:
                    spoken = self._phrases[place].language
                    here = sureness if spoken in {language, ANYONE} else sureness * 0.7
                    gained = self._tells[stem] * here
                    of_phrase = hits.setdefault(place, {})
                    of_phrase[word] = max(of_phrase.get(word, 0.0), gained)
        return hits


def _phrases(entry: CodeEntry, languages: Sequence[str]) -> Iterable[Phrase]:
    said: list[tuple[str, str, float]] = [
        (language, template.source, 1.0)
        for (_, language, _), template in entry.label.variants.items()
    ]
    said += ((language, words, 1.0) for language, each in entry.synonyms.items() for words in each)
    said += ((language, words, 0.95) for language, each in entry.examples.items() for words in each)
    for language, words, weight in said:
        found = tuple(stems(words, languages[0] if language == ANYONE else language))
        if found:
            yield Phrase(entry, language, words, found, weight)


class Document(NamedTuple):
    """Something that can be searched for, as a result shows it."""

    kind: str
    id: str
    journey: str | None
    titles: Mapping[str, str]


@dataclass(slots=True)
class Index:
    """The documents of a library in one language.

    For each stem, who has it and how much it counts there.
    """

    vocabulary: Vocabulary
    postings: dict[str, list[tuple[int, float]]] = field(default_factory=dict)


class Searcher:
    """Finds journeys, steps and motives by a few letters or words."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._documents: list[Document] = []
        self._indexes: dict[str, Index] = {}
        words: dict[str, dict[str, dict[int, float]]] = {
            language: {} for language in library.languages
        }
        for document, telling in self._collect():
            place = len(self._documents)
            self._documents.append(document)
            for language, postings in words.items():
                shown = document.titles.get(language, "")
                for text, weight in (
                    (shown, 3.0),
                    (document.id, 2.0),
                    (telling.get(language, ""), 1.0),
                ):
                    for stem in stems(text, language) if text else ():
                        of_stem = postings.setdefault(stem, {})
                        of_stem[place] = max(of_stem.get(place, 0.0), weight)
        for language, postings in words.items():
            listed = {stem: list(of_stem.items()) for stem, of_stem in postings.items()}
            self._indexes[language] = Index(Vocabulary(listed), listed)

    def search(self, q: str, language: str, limit: int = 20) -> list[dict[str, Any]]:
        """Return what fits a query.

        `{kind, id, journey, title, score}`, best first; `kind` is journey, step or motive.

        Letter case, accents, endings and small misspellings do not matter; the last word may be
        only begun. A step's `journey` is the one it belongs to, a motive's the one the library
        starts for it. `score` is 0 to 1.
        """
        spoken = language if language in self._indexes else self._library.languages[0]
        index = self._indexes[spoken]
        query = list(dict.fromkeys(stems(q, spoken)[:LONGEST_QUERY]))
        last = folded(q).split()[-1:] if query else []
        scores: dict[int, float] = {}
        total = 0.0
        for word in query:
            found = index.vocabulary.like(word, begun=word == query[-1])
            if word == query[-1] and last and last[0].isalnum():
                # What is being typed has no ending yet to be taken off.
                found = {**index.vocabulary.like(last[0], begun=True), **found}
            best: dict[int, float] = {}
            holders = sum(len(index.postings[stem]) for stem in found) or len(self._documents)
            tells = math.log(1 + len(self._documents) / holders)
            for stem, sureness in found.items():
                for place, weight in index.postings[stem]:
                    gained = sureness * weight
                    if gained > best.get(place, 0.0):
                        best[place] = gained
            total += 3.0 * tells
            for place, gained in best.items():
                scores[place] = scores.get(place, 0.0) + gained * tells
        if not total:
            return []
        order = {"journey": 0, "motive": 1, "step": 2}
        ranked = sorted(
            scores.items(),
            key=lambda one: (-one[1], order[self._documents[one[0]].kind], one[0]),
        )
        return [self._shown(place, score / total, spoken) for place, score in ranked[:limit]]

    def _shown(self, place: int, score: float, language: str) -> dict[str, Any]:
        document = self._documents[place]
        return {
            "kind": document.kind,
            "id": document.id,
            "journey": document.journey,
            "title": document.titles.get(language) or document.id,
            "score": round(min(1.0, score), 4),
        }

    def _collect(self) -> Iterable[tuple[Document, dict[str, str]]]:
        library = self._library
        languages = library.languages
        for journey in library.journeys.values():
            titles = {language: _label(journey.title, library, language) for language in languages}
            yield Document("journey", journey.id, journey.id, titles), {}
            names = {language: called(journey, library, language) for language in languages}
            for step in journey.steps.values():
                named = {
                    language: title(step, library, language, names=names[language])
                    for language in languages
                }
                telling = {
                    language: " ".join(
                        _label(text, library, language)
                        for key, text in step.texts()
                        if key != "title"
                    )
                    for language in languages
                }
                yield Document("step", step.id, journey.id, named), telling
        for entry in library.codes.get("declaration", {}).values():
            if not entry.leaf:
                continue
            titles = {language: _label(entry.label, library, language) for language in languages}
            said = {
                language: " ".join(
                    (*entry.synonyms.get(language, ()), *entry.examples.get(language, ()))
                )
                for language in languages
            }
            yield Document("motive", entry.code, library.declarations.get(entry.code), titles), said


def _label(text: Text, library: Library, language: str) -> str:
    for audience in (library.default_audience, *library.audiences):
        template = text.pick(audience, language, default_language=library.languages[0])
        if template is not None:
            return template.source
    return ""
