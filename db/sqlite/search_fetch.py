"""Chunk numbers become candidates: their sentences, text and quotations, each table asked once for all of them."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from db.model import Candidate, Citation, Referent, Span, Voice
from db.sqlite.packing import decode_text, unpack_spans
from db.sqlite.search_layout import find_extent, unpack_layout

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    Names = Mapping[int, tuple[str, tuple[str, ...]]]

# Up to here an article is decoded whole; of longer ones only the stretch of the chunk is read from the file.
_WHOLE_TEXT_BYTES = 65_536


def fetch_chunks(
    connection: sqlite3.Connection, library_id: int, scored: Sequence[tuple[int, float]], limit: int
) -> list[Candidate]:
    """The first `limit` candidates for scored chunk numbers, in their order.

    Numbers that belong to no published article are skipped: the words of a removed one may outlive it.
    """
    owners = _find_owners(connection, library_id, [chunk for chunk, _ in scored])
    sources: dict[int, _Source] = {}
    kept: list[tuple[_Source, int, float]] = []
    # Reading articles is the dearest part of a question, and most libraries have few removed ones to make up for.
    for at in range(0, len(scored), limit):
        part = scored[at : at + limit]
        firsts = {first for chunk, _ in part if (first := owners[chunk]) is not None}
        sources |= _read_articles(connection, library_id, firsts - sources.keys())
        for chunk, score in part:
            first = owners[chunk]
            source = None if first is None else sources.get(first)
            if source is not None and first is not None and chunk - first < len(source.layout.starts):
                kept.append((source, chunk - first, score))
        if len(kept) >= limit:
            break
    del kept[limit:]
    for source, chunk, _ in kept:
        source.touch(connection, library_id, chunk)
    names = _read_names(connection, library_id, {one for source, _, _ in kept for one in source.speaker_ids()})
    candidates = [source.candidate(connection, chunk, score, names) for source, chunk, score in kept]
    return [candidate for candidate in candidates if candidate.sentences]


def _find_owners(connection: sqlite3.Connection, library_id: int, chunks: Sequence[int]) -> dict[int, int | None]:
    """For each chunk number the first chunk number of the article that it would belong to."""
    rows = connection.execute(
        "SELECT value, (SELECT max(first_chunk) FROM search_article WHERE library_id = ? AND first_chunk <= value)"
        " FROM json_each(?)",
        (library_id, json.dumps(chunks)),
    )
    return dict(rows.fetchall())


def _read_articles(connection: sqlite3.Connection, library_id: int, firsts: Iterable[int]) -> dict[int, _Source]:
    rows = connection.execute(
        "SELECT s.first_chunk, s.revision_id, s.layout, r.sentences, r.referents, length(r.text),"
        " CASE WHEN length(r.text) <= ? THEN r.text END,"
        " a.id, a.external_id, a.title, a.publisher, a.published, a.url"
        " FROM search_article AS s"
        " JOIN article AS a ON a.library_id = s.library_id AND a.id = s.article_id AND a.state = 'published'"
        " JOIN revision AS r ON r.library_id = s.library_id AND r.id = s.revision_id"
        " WHERE s.library_id = ? AND s.first_chunk IN (SELECT value FROM json_each(?))",
        (_WHOLE_TEXT_BYTES, library_id, json.dumps(list(firsts))),
    )
    return {first: _Source(*rest) for first, *rest in rows}


def _read_names(connection: sqlite3.Connection, library_id: int, speaker_ids: Iterable[int]) -> Names:
    """Of each speaker the name and all names, after merges: those of every part of whom they end in."""
    rows = connection.execute(
        "SELECT s.id, root.name, alias.name FROM json_each(?2) AS wanted"
        " CROSS JOIN speaker AS s ON s.library_id = ?1 AND s.id = wanted.value"
        " CROSS JOIN speaker AS root ON root.library_id = ?1 AND root.id = s.root_id"
        " CROSS JOIN speaker AS part ON part.library_id = ?1 AND part.root_id = s.root_id"
        " LEFT JOIN alias ON alias.library_id = ?1 AND alias.speaker_id = part.id AND NOT alias.is_hidden"
        " ORDER BY s.id, alias.id",
        (library_id, json.dumps(list(speaker_ids))),
    )
    known = dict[int, str]()
    aliases = defaultdict[int, dict[str, None]](dict)
    for speaker_id, name, alias in rows:
        known[speaker_id] = name
        aliases[speaker_id].update(dict.fromkeys((name, alias) if alias else (name,)))
    return {speaker_id: (name, tuple(aliases[speaker_id])) for speaker_id, name in known.items()}


class _Source:
    """One article's rows while its candidates are made."""

    def __init__(  # noqa: PLR0917 - a row of _read_articles, in its order
        self,
        revision_id: int,
        layout: bytes,
        sentences: bytes,
        referents: str | None,
        size_bytes: int,
        text: bytes | None,
        *citation: Any,
    ) -> None:
        self.revision_id = revision_id
        self.layout = unpack_layout(layout)
        self._sentences = sentences
        self._referents = [Referent(Span(low, high), name) for _, low, high, name in json.loads(referents or "[]")]
        self._size_bytes = size_bytes
        self._text = None if text is None else decode_text(text)
        self._citation = Citation(*citation)
        self._touching: dict[int, list[tuple[int, int, Any]]] = {}
        self._hidden: dict[int, tuple[Span, ...]] = {}

    def touch(self, connection: sqlite3.Connection, library_id: int, chunk: int) -> None:
        """Read the quotations that touch a chunk, by row ids: an article holds dozens that do not.

        Of the chunks beside it only the hidden ones count: a passage may reach over them.
        """
        spans = self._spans(chunk, chunk)
        start, end = spans[0].start, spans[-1].end
        rows = connection.execute(
            "SELECT id, type, content, coalesce(cue, x''), source, speaker_id, confidence, review FROM quotation"
            " WHERE id BETWEEN ? AND ? AND library_id = ? AND revision_id = ? AND review <> 'rejected' ORDER BY id",
            (*self._quotation_ids(chunk), library_id, self.revision_id),
        ).fetchall()
        found = [(*find_extent(row[2], row[3], row[4]), row[:-1]) for row in rows if row[-1] != "hidden"]
        self._touching[chunk] = [one for one in found if one[0] < end and start < one[1]]
        self._hidden[chunk] = tuple([part for row in rows if row[-1] == "hidden" for part in unpack_spans(row[2])])

    def _quotation_ids(self, chunk: int) -> tuple[int, int]:
        """First and last row id of the quotations that touch a chunk or its neighbours."""
        near = range(max(0, chunk - 1), min(len(self.layout.starts), chunk + 2))
        ranges = [ids for ids in map(self.layout.quotation_ids, near) if ids[0] <= ids[1]]
        return min((low for low, _ in ranges), default=0), max((high for _, high in ranges), default=-1)

    def speaker_ids(self) -> set[int]:
        """The speakers of the quotations that touch any chunk asked for."""
        return {row[5] for rows in self._touching.values() for _, _, row in rows if row[5] is not None}

    def candidate(self, connection: sqlite3.Connection, chunk: int, score: float, names: Names) -> Candidate:
        """One chunk; its text reaches over the neighbouring chunks into which one of its quotations runs on."""
        spans = self._spans(chunk, chunk)
        touching = self._touching[chunk]
        first = chunk - (chunk > 0 and any(low < spans[0].start for low, _, _ in touching))
        last = chunk + (chunk + 1 < len(self.layout.starts) and any(high > spans[-1].end for _, high, _ in touching))
        around = self._spans(first, last)
        offset = around[0].start
        text = self._read_text(connection, first, last, around[-1].end)
        hidden = self._hidden[chunk]
        # Sources may stand farther off than the neighbouring chunks.
        printed = (text, offset) if self._text is None else (self._text, 0)
        return Candidate(
            citation=self._citation,
            revision_id=self.revision_id,
            offset=offset,
            text=text,
            sentences=_leave_out(spans, hidden),
            around=_leave_out(around, hidden),
            voices=tuple([_voice(row, Span(low, high), *printed, names) for low, high, row in touching]),
            referents=tuple([r for r in self._referents if offset <= r.span.start < offset + len(text)]),
            score=score,
            hidden=hidden,
        )

    def _spans(self, first: int, last: int) -> tuple[Span, ...]:
        low, high = self.layout.sentences_of(first).start, self.layout.sentences_of(last).stop
        return unpack_spans(self._sentences[8 * low : 8 * high])

    def _read_text(self, connection: sqlite3.Connection, first: int, last: int, end: int) -> str:
        start = self._spans(first, first)[0].start
        if self._text is not None:
            return self._text[start:end]
        low, high = self.layout.bytes_of(first, last, self._size_bytes)
        with connection.blobopen("revision", "text", self.revision_id, readonly=True) as blob:
            blob.seek(low)
            return decode_text(blob.read(high - low))[: end - start]


def _leave_out(sentences: tuple[Span, ...], hidden: Sequence[Span]) -> tuple[Span, ...]:
    """The sentences without those that hold hidden words."""
    if not hidden:
        return sentences
    return tuple([one for one in sentences if not any(one.overlaps(part) for part in hidden)])


def _voice(row: Any, extent: Span, text: str, offset: int, names: Names) -> Voice:
    quotation_id, kind, content, _, source, speaker_id, confidence = row
    speaker, known = names.get(speaker_id, (None, ()))
    spans, end = unpack_spans(source), offset + len(text)
    within = [span for span in spans if offset <= span.start and span.end <= end]
    return Voice(
        id=quotation_id,
        type=kind,
        content=unpack_spans(content),
        extent=extent,
        source=spans,
        source_text=" ".join(text[span.start - offset : span.end - offset] for span in within),
        speaker=speaker,
        names=known,
        confidence=confidence,
    )
