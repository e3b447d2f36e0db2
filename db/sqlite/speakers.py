"""Speakers and their names: joining an article's speakers to the library's, and finding them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from db.model import Speaker, StoredSpeaker
from db.naming import Known, choose_speaker, name_key, storable, surname_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from db.model import Reading


def join_speakers(
    connection: sqlite3.Connection, library_id: int, revision_id: int, reading: Reading
) -> dict[str, int]:
    """Store a reading's speakers and their names, joined to the library's by `choose_speaker`.

    Returns:
        The speaker's row id for every name that `reading` uses as a speaker.
    """
    speakers = _list_speakers(reading)
    known = _find_known(connection, library_id, [s.name for s in speakers])
    ids: dict[str, int] = {}
    by_key: dict[str, int] = {}
    for speaker in speakers:
        key = name_key(speaker.name)
        found = by_key.get(key) or choose_speaker(speaker.name, known.get(key, ()))
        ids[speaker.name] = by_key[key] = found or _add_speaker(connection, library_id, speaker)
    _add_names(connection, library_id, revision_id, [(ids[s.name], (s.name, *s.aliases)) for s in speakers])
    return ids


def _list_speakers(reading: Reading) -> list[Speaker]:
    """The reading's speakers by name, those named only by a quotation added; nameless ones left out."""
    speakers = {speaker.name: speaker for speaker in reading.speakers if name_key(speaker.name)}
    for quotation in reading.quotations:
        if quotation.speaker is not None and name_key(quotation.speaker):
            speakers.setdefault(quotation.speaker, Speaker(quotation.speaker))
    return list(speakers.values())


def _find_known(connection: sqlite3.Connection, library_id: int, names: Iterable[str]) -> dict[str, list[Known]]:
    """By key of each name: the library's speakers it may mean."""
    keys = json.dumps(sorted({name_key(name) for name in names}))
    rows = connection.execute(
        """
        SELECT a.name_key, s.id, a.name_key = s.name_key, a.is_curated, 0
        FROM json_each(:keys) AS k
        JOIN alias AS a ON a.library_id = :library AND a.name_key = k.value AND a.is_hidden = 0
        JOIN speaker AS s ON s.library_id = :library AND s.id = a.speaker_id AND s.merged_into IS NULL
        UNION ALL
        SELECT s.surname_key, s.id, 0, 0, 1
        FROM json_each(:keys) AS k
        JOIN speaker AS s ON s.library_id = :library AND s.surname_key = k.value AND s.merged_into IS NULL
        ORDER BY 2
        """,
        {"library": library_id, "keys": keys},
    )
    known: dict[str, list[Known]] = {}
    for key, speaker_id, is_main, is_curated, is_surname in rows:
        hit = Known(speaker_id, key, is_main=bool(is_main), is_curated=bool(is_curated), is_surname=bool(is_surname))
        known.setdefault(key, []).append(hit)
    return known


def _add_speaker(connection: sqlite3.Connection, library_id: int, speaker: Speaker) -> int:
    name = storable(speaker.name)
    [(speaker_id,)] = connection.execute(
        "INSERT INTO speaker (library_id, name, name_key, surname_key, role) VALUES (?, ?, ?, ?, ?) RETURNING id",
        [library_id, name, name_key(name), surname_key(name), storable(speaker.role) if speaker.role else None],
    )
    return int(speaker_id)


def _add_names(
    connection: sqlite3.Connection,
    library_id: int,
    revision_id: int,
    names: Sequence[tuple[int, tuple[str, ...]]],
) -> None:
    """Store each speaker's names once, and that this revision prints them."""
    rows = [
        {"library": library_id, "revision": revision_id, "speaker": speaker_id, "name": storable(name), "key": key}
        for speaker_id, printed in names
        for name in dict.fromkeys(printed)
        if (key := name_key(name))
    ]
    connection.executemany(
        """
        INSERT INTO alias (library_id, speaker_id, name, name_key)
        SELECT :library, :speaker, :name, :key
        WHERE NOT EXISTS (
            SELECT 1 FROM alias WHERE library_id = :library AND name_key = :key AND speaker_id = :speaker
        )
        """,
        rows,
    )
    connection.executemany(
        """
        INSERT INTO naming (library_id, revision_id, alias_id)
        SELECT library_id, :revision, id FROM alias
        WHERE library_id = :library AND name_key = :key AND speaker_id = :speaker
        ON CONFLICT DO NOTHING
        """,
        rows,
    )


def find_named(connection: sqlite3.Connection, library_id: int, article_id: int) -> list[int]:
    """The alias ids that any revision of an article prints."""
    rows = connection.execute(
        """
        SELECT DISTINCT n.alias_id
        FROM revision AS r JOIN naming AS n ON n.library_id = r.library_id AND n.revision_id = r.id
        WHERE r.library_id = ? AND r.article_id = ?
        ORDER BY n.alias_id
        """,
        [library_id, article_id],
    )
    return [int(row[0]) for row in rows]


def forget_unnamed(connection: sqlite3.Connection, library_id: int, alias_ids: Sequence[int]) -> None:
    """Of these names delete those that no revision prints any more, and speakers left without a name.

    What a moderator gave or changed stays.
    """
    bound = {"library": library_id, "aliases": json.dumps(alias_ids)}
    rows = connection.execute(
        """
        DELETE FROM alias
        WHERE library_id = :library AND id IN (SELECT value FROM json_each(:aliases))
            AND is_curated = 0 AND version = 1
            AND NOT EXISTS (SELECT 1 FROM naming AS n WHERE n.library_id = :library AND n.alias_id = alias.id)
        RETURNING speaker_id
        """,
        bound,
    )
    connection.execute(
        """
        DELETE FROM speaker
        WHERE library_id = :library AND id IN (SELECT value FROM json_each(:speakers)) AND version = 1
            AND NOT EXISTS (SELECT 1 FROM alias AS a WHERE a.library_id = :library AND a.speaker_id = speaker.id)
            AND NOT EXISTS (SELECT 1 FROM quotation AS q WHERE q.library_id = :library AND q.speaker_id = speaker.id)
            AND NOT EXISTS (SELECT 1 FROM speaker AS m WHERE m.library_id = :library AND m.merged_into = speaker.id)
        """,
        {"library": library_id, "speakers": json.dumps([row[0] for row in rows])},
    )


def find_speakers(connection: sqlite3.Connection, library_id: int, *, prefix: str, limit: int) -> list[StoredSpeaker]:
    """Speakers, most quoted first, any of whose names contains `prefix`, ignoring case and accents."""
    rows = connection.execute(
        """
        WITH counted AS (
            SELECT speaker_id, count(*) AS quotations FROM quotation
            WHERE library_id = :library AND speaker_id IS NOT NULL
                AND is_current = 1 AND review NOT IN ('hidden', 'rejected')
            GROUP BY speaker_id
        ), chosen AS (
            SELECT s.id, s.name, s.role, coalesce(c.quotations, 0) AS quotations
            FROM speaker AS s LEFT JOIN counted AS c ON c.speaker_id = s.id
            WHERE s.library_id = :library AND s.merged_into IS NULL
                AND (:prefix = '' OR instr(s.name_key, :prefix) OR s.id IN (
                    SELECT speaker_id FROM alias
                    WHERE library_id = :library AND is_hidden = 0 AND instr(name_key, :prefix)
                ))
            ORDER BY quotations DESC, s.name, s.id LIMIT :limit
        )
        SELECT s.id, s.name, s.role, s.quotations, (
            SELECT json_group_array(name) FROM (
                SELECT name FROM alias
                WHERE library_id = :library AND speaker_id = s.id AND is_hidden = 0 AND name <> s.name ORDER BY id
            )
        )
        FROM chosen AS s ORDER BY s.quotations DESC, s.name, s.id
        """,
        {"library": library_id, "prefix": name_key(prefix), "limit": limit},
    )
    return [StoredSpeaker(i, name, tuple(json.loads(names)), count, role) for i, name, role, count, names in rows]
