"""Reading the search index: words are looked up and mended, and their postings add up to scored chunks."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from db.model import Candidates, FoundWord, Search
from db.spelling import KEYS_BESIDE, most_slips, rank_spellings
from db.sqlite.search_fetch import fetch_chunks
from db.sqlite.search_index import SPEAKER_MARK
from db.sqlite.search_postings import unpack_chunks
from db.sqlite.search_words import find_words
from db.terms import STOP_WORDS, fold_word, make_stemmer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from db.sqlite.search_postings import ChunkNumbers

    Scores = npt.NDArray[np.float32]

# The rarest words are read until this many postings. On a million passages a question with fewer costs no more time
# than with 60,000, and loses nothing of R@1 against reading all (1.4 points at 60,000).
_POSTINGS_BUDGET = 200_000
# Another spelling of a word at hand is followed only where the typed one is rare: a slip can make a word.
_MOST_MENDED = 40
# Fewer chunks than this hold it: then it may itself be a slip of a more common word.
_DOUBTFUL_CHUNKS = 3
_STEMMED_FIT = 0.97
# Of a speaker's rarity, added where that name speaks and not only stands; fitted on questions from PolNeAR train.
_SPEAKER_WEIGHT = 1.0


class Finder:
    """One search of one library: looks words up, adds postings up, fetches the best chunks."""

    def __init__(self, connection: sqlite3.Connection, library_id: int) -> None:
        self._connection = connection
        self._library_id = library_id
        self._stems = make_stemmer()
        self._mended = 0
        row = connection.execute(
            "SELECT next_chunk, chunk_count FROM search_library WHERE library_id = ?", (library_id,)
        ).fetchone()
        self.next_chunk: int = row[0] if row else 1
        self.chunk_count: int = row[1] if row else 0

    def find_word(self, word: str) -> tuple[FoundWord, dict[str, float]]:
        """What a word means here, and the terms to read for it with how well each fits."""
        own = self._term(word)
        terms: dict[str, float] = {}
        forms: dict[str, float] = {}
        rarity, count = 0.0, 0
        if own is not None:
            count, printed = own
            terms[self._stems[word]] = 1.0
            forms = {form: 1.0 if form == word else _STEMMED_FIT for form in printed}
            rarity = self.rarity(count)
        is_mended = own is None
        if count <= _DOUBTFUL_CHUNKS and most_slips(word) and self._mended < _MOST_MENDED:
            self._mended += 1
            for other, fit in self._spellings(word):
                found = self._term(other)
                if found is None or self._stems[other] in terms:
                    continue
                weight = fit if own is None else fit * 0.6
                terms[self._stems[other]] = weight
                forms = {**{form: weight * (1.0 if form == other else _STEMMED_FIT) for form in found[1]}, **forms}
                rarity = rarity or self.rarity(found[0])
        return FoundWord(word, forms, rarity or self.rarity(0), is_mended), terms

    def as_speaker(self, word: FoundWord, terms: dict[str, float]) -> tuple[FoundWord, dict[str, float]]:
        """The same word as a speaker's name: the terms of those chunks in which one of that name speaks."""
        spoken = {SPEAKER_MARK + term: fit for term, fit in terms.items()}
        rarity = self.rarity(max((self.count(term) for term in spoken), default=0))
        return replace(word, rarity=_SPEAKER_WEIGHT * rarity), spoken

    def rarity(self, count: int) -> float:
        """Inverse chunk frequency as in BM25, in nats."""
        return math.log(1 + (self.chunk_count - count + 0.5) / (count + 0.5)) if count <= self.chunk_count else 0.1

    def _term(self, word: str) -> tuple[int, list[str]] | None:
        """In how many chunks a word's stem stands, and as which words it is printed."""
        stem = self._stems[word]
        row = self._connection.execute(
            "SELECT chunk_count, forms FROM search_term WHERE library_id = ? AND term = ?", (self._library_id, stem)
        ).fetchone()
        return row and (row[0], row[1].split() or [stem])

    def _spellings(self, word: str) -> list[tuple[str, float]]:
        """Words of this library that a typed word may mean: those that begin alike first, then slips of the first."""
        found = rank_spellings(word, [other for other in self._words(word[0]) if other != word])
        if not found or found[0][1] < 0.8:  # noqa: PLR2004 - two slips: then one slip in the first letter is likelier
            first = [other for prefix in _other_prefixes(word) for other in self._words(prefix)]
            found = sorted(found + rank_spellings(word, first), key=lambda item: -item[1])
        best = found[0][1] if found else 0.0
        return [(other, fit) for other, fit in found if fit > best - 0.2]

    def _words(self, prefix: str) -> list[str]:
        return find_words(self._connection, self._library_id, prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1))

    def postings(self, term: str) -> ChunkNumbers:
        """All chunk numbers of a term."""
        key = (self._library_id, term)
        runs = self._connection.execute(
            "SELECT chunks FROM search_run WHERE library_id = ? AND term = ? ORDER BY first_chunk", key
        )
        parts = [unpack_chunks(blob) for (blob,) in runs]
        row = self._connection.execute("SELECT tail FROM search_term WHERE library_id = ? AND term = ?", key).fetchone()
        if row:
            parts.append(unpack_chunks(row[0]))
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def count(self, term: str) -> int:
        """In how many chunks a term stands."""
        row = self._connection.execute(
            "SELECT chunk_count FROM search_term WHERE library_id = ? AND term = ?", (self._library_id, term)
        ).fetchone()
        return int(row[0]) if row else 0

    def count_word(self, word: str) -> int:
        """In how many chunks a word's stem stands."""
        return self.count(self._stems[word])

    def add_up(self, words: Sequence[tuple[FoundWord, dict[str, float]]]) -> Scores:
        """The sum of rarities for every chunk, from the rarest words within the budget of postings."""
        scores = np.zeros(self.next_chunk + 1, np.float32)
        costs = sorted((sum(self.count(term) for term in terms), at) for at, (_, terms) in enumerate(words) if terms)
        spent = 0
        for rank, (cost, at) in enumerate(costs):
            if rank and spent + cost > _POSTINGS_BUDGET and (rank > 1 or cost > 2 * _POSTINGS_BUDGET):
                break
            spent += cost
            word, terms = words[at]
            self._add_word(scores, word, terms)
        return scores

    def _add_word(self, scores: Scores, word: FoundWord, terms: dict[str, float]) -> None:
        """Add one word: where several of its spellings meet in a chunk, only the best counts."""
        if len(terms) == 1:
            [(term, fit)] = terms.items()
            scores[self.postings(term)] += word.rarity * fit
            return
        best: dict[int, float] = {}
        for term, fit in sorted(terms.items(), key=lambda item: item[1]):
            best.update(dict.fromkeys(self.postings(term).tolist(), fit))
        chunks = np.fromiter(best.keys(), np.int64, len(best))
        scores[chunks] += word.rarity * np.fromiter(best.values(), np.float32, len(best))


def find_candidates(connection: sqlite3.Connection, library_id: int, search: Search, limit: int) -> Candidates:
    """The chunks of published articles that hold the most and the rarest of the searched words.

    Chunks that score less than half of the best are left out where enough others were found.
    """
    finder = Finder(connection, library_id)
    words = [finder.find_word(word) for word in search.words]
    names = [finder.find_word(word) for word in search.names]
    speaking = [finder.as_speaker(*found) for found in words if found[0].word in search.speaker]
    scores = finder.add_up([*words, *speaking])
    for found in names:
        holds = np.zeros(len(scores), bool)
        for term in finder.as_speaker(*found)[1]:
            holds[finder.postings(term)] = True
        scores[~holds] = 0
    if search.since or search.until or search.publisher:
        scores[~_allowed(connection, library_id, search, len(scores))] = 0
    chunks = fetch_chunks(connection, library_id, list(_best_chunks(scores, 2 * limit)), limit)
    return Candidates(
        tuple(word for word, _ in words), tuple(name for name, _ in names), tuple(chunks), finder.chunk_count
    )


def rarest_words(connection: sqlite3.Connection, library_id: int, words: Sequence[str], limit: int) -> Search:
    """The rarest indexed words of a claim as a search; those that the library does not hold come last, to be mended."""
    finder = Finder(connection, library_id)
    folded = dict.fromkeys(folded for word in words if (folded := fold_word(word)) and folded not in STOP_WORDS)
    counted = [(finder.count_word(word), at, word) for at, word in enumerate(folded)]
    known = sorted(item for item in counted if item[0])
    unknown = [item for item in counted if not item[0]]
    return Search(tuple(word for _, _, word in (known + unknown)[:limit]))


def _best_chunks(scores: Scores, limit: int) -> Iterator[tuple[int, float]]:
    """The best chunk numbers with their scores, best first, the newer first among equals."""
    top = float(scores.max(initial=0.0))
    if top <= 0:
        return
    found = np.flatnonzero(scores > 0.35 * top)
    if len(found) > limit:
        cut = np.partition(scores[found], -limit)[-limit]
        found = found[scores[found] >= cut]
    order = np.lexsort((-found, -scores[found]))[:limit]
    for chunk in found[order].tolist():
        yield chunk, float(scores[chunk])


def _allowed(connection: sqlite3.Connection, library_id: int, search: Search, size: int) -> npt.NDArray[np.bool_]:
    """Which chunks belong to articles of the asked time and publisher."""
    rows = connection.execute(
        "SELECT s.first_chunk, s.chunk_count FROM search_article AS s JOIN article AS a"
        " ON a.library_id = s.library_id AND a.id = s.article_id WHERE s.library_id = :library"
        " AND (:since IS NULL OR substr(a.published, 1, 10) >= :since)"
        " AND (:until IS NULL OR substr(a.published, 1, 10) <= :until)"
        " AND (:publisher IS NULL OR instr(lower(a.publisher), lower(:publisher)) > 0) ORDER BY s.first_chunk",
        {"library": library_id, "since": search.since, "until": search.until, "publisher": search.publisher},
    )
    allowed = np.zeros(size, bool)
    for first, count in rows:
        allowed[first : first + count] = True
    return allowed


def _other_prefixes(word: str) -> list[str]:
    """Beginnings of the words that a slip in the first two letters could have been."""
    first, second = word[0], word[1]
    beside = [key + second for key in KEYS_BESIDE.get(first, "")]
    by_ear = [
        other + second
        for group in ("ckq", "szc", "fp", "ijy", "vw", "gj", "aeiou", "td", "bp")
        if first in group
        for other in group
    ]
    return list(dict.fromkeys([*beside, *by_ear, second, *(key + first for key in "abcdefghijklmnopqrstuvwxyz")]))
