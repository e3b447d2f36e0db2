-- Every table leads with its library, and every reference carries it, so that no row can point into another library.

CREATE TABLE library (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL DEFAULT '{}',
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT throughout: an id in an old message or in the log must never come to mean another row.
CREATE TABLE article (
    library_id INTEGER NOT NULL REFERENCES library (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    external_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'retracted', 'removed')),
    revision_id INTEGER,
    title TEXT,
    standfirst TEXT,
    byline TEXT,
    publisher TEXT,
    published TEXT,
    url TEXT,
    language TEXT,
    folded TEXT NOT NULL,
    added_at TEXT NOT NULL,
    added_by TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (library_id, id),
    FOREIGN KEY (library_id, revision_id) REFERENCES revision (library_id, id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE UNIQUE INDEX article_external ON article (library_id, external_id)
WHERE external_id IS NOT NULL AND state <> 'removed';

CREATE INDEX article_url ON article (library_id, url) WHERE url IS NOT NULL;

-- Spans are packed as little-endian unsigned 32-bit pairs (db/sqlite/packing.py). Text is UTF-8 in a BLOB, because
-- SQLite's TEXT functions stop at a NUL and a lone surrogate has no UTF-8; it stands last, so that the other columns
-- are read without its overflow pages.
CREATE TABLE revision (
    library_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    hash BLOB NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('paste', 'file', 'url', 'cli', 'feed')),
    actor TEXT,
    origin TEXT,
    got_at TEXT NOT NULL,
    warnings TEXT NOT NULL DEFAULT '[]',
    fact_count INTEGER NOT NULL,
    blocks BLOB NOT NULL,
    sentences BLOB NOT NULL,
    facts BLOB NOT NULL,
    referents TEXT,
    text BLOB NOT NULL,
    UNIQUE (library_id, id),
    FOREIGN KEY (library_id, article_id) REFERENCES article (library_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX revision_article ON revision (library_id, article_id);

CREATE INDEX revision_hash ON revision (library_id, hash);

-- A merge only sets merged_into: quotations and names keep their own speaker, so that a merge can be taken back without
-- losing anything done since. root_id is where the chain of merges ends: the row itself unless merged.
CREATE TABLE speaker (
    library_id INTEGER NOT NULL REFERENCES library (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    surname_key TEXT,
    role TEXT,
    merged_into INTEGER,
    root_id INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (library_id, id),
    FOREIGN KEY (library_id, merged_into) REFERENCES speaker (library_id, id),
    FOREIGN KEY (library_id, root_id) REFERENCES speaker (library_id, id)
) STRICT;

CREATE INDEX speaker_name ON speaker (library_id, name_key);

CREATE INDEX speaker_surname ON speaker (library_id, surname_key) WHERE surname_key IS NOT NULL;

CREATE INDEX speaker_merged ON speaker (library_id, merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX speaker_root ON speaker (library_id, root_id);

-- Every name of a speaker, its main name too. A curated one was given by a moderator and outlives the articles.
CREATE TABLE alias (
    library_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    speaker_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    is_curated INTEGER NOT NULL DEFAULT 0 CHECK (is_curated IN (0, 1)),
    is_hidden INTEGER NOT NULL DEFAULT 0 CHECK (is_hidden IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (library_id, id),
    FOREIGN KEY (library_id, speaker_id) REFERENCES speaker (library_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX alias_name ON alias (library_id, name_key, speaker_id);

CREATE INDEX alias_speaker ON alias (library_id, speaker_id);

-- Which names a revision prints: "the League" is somebody's name only where an article says so.
CREATE TABLE naming (
    library_id INTEGER NOT NULL,
    revision_id INTEGER NOT NULL,
    alias_id INTEGER NOT NULL,
    PRIMARY KEY (library_id, revision_id, alias_id),
    FOREIGN KEY (library_id, revision_id) REFERENCES revision (library_id, id) ON DELETE CASCADE,
    FOREIGN KEY (library_id, alias_id) REFERENCES alias (library_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX naming_alias ON naming (library_id, alias_id);

-- is_current: belongs to its article's current revision.
CREATE TABLE quotation (
    library_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    revision_id INTEGER NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('direct', 'mixed', 'indirect')),
    content BLOB NOT NULL,
    cue BLOB,
    source BLOB NOT NULL,
    speaker_id INTEGER,
    confidence REAL NOT NULL,
    rule TEXT NOT NULL,
    review TEXT NOT NULL DEFAULT 'open' CHECK (review IN ('open', 'confirmed', 'corrected', 'hidden', 'rejected')),
    is_current INTEGER NOT NULL DEFAULT 1 CHECK (is_current IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (library_id, id),
    FOREIGN KEY (library_id, revision_id) REFERENCES revision (library_id, id) ON DELETE CASCADE,
    FOREIGN KEY (library_id, speaker_id) REFERENCES speaker (library_id, id)
) STRICT;

CREATE INDEX quotation_revision ON quotation (library_id, revision_id);

CREATE INDEX quotation_speaker ON quotation (library_id, speaker_id, is_current, review);

-- The audit log. No reference to the subject, because the log outlives it. undoes: the change that this one takes back
-- or, taken back itself, brings back. undone_by: set while the change is taken back.
CREATE TABLE change (
    library_id INTEGER NOT NULL REFERENCES library (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    actor TEXT,
    verb TEXT NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('article', 'quotation', 'speaker', 'library', 'feed')),
    subject_id INTEGER,
    summary TEXT NOT NULL,
    undoes INTEGER,
    undone_by INTEGER,
    UNIQUE (library_id, id)
) STRICT;

CREATE INDEX change_subject ON change (library_id, subject, subject_id);

CREATE INDEX change_undoes ON change (library_id, undoes) WHERE undoes IS NOT NULL;

-- What a change set, field by field, as JSON. A field's value is always what the latest change that is not taken back
-- set it to, else what it was before the first one; undo computes it from here.
CREATE TABLE edit (
    library_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('article', 'quotation', 'speaker', 'alias')),
    row_id INTEGER NOT NULL,
    field TEXT NOT NULL,
    change_id INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (library_id, kind, row_id, field, change_id),
    FOREIGN KEY (library_id, change_id) REFERENCES change (library_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX edit_change ON edit (library_id, change_id, kind, row_id, field);

-- Articles whose index entry lags behind a correction of many at once; emptied in the background, also after a restart.
CREATE TABLE stale_index (
    library_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (library_id, article_id),
    FOREIGN KEY (library_id, article_id) REFERENCES article (library_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Unanswered questions, counted; no user id, gone at expires_at.
CREATE TABLE question (
    library_id INTEGER NOT NULL REFERENCES library (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text_key TEXT NOT NULL,
    text TEXT NOT NULL,
    asked_count INTEGER NOT NULL DEFAULT 1,
    down_votes INTEGER NOT NULL DEFAULT 0,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    solved_by INTEGER,
    solved_at TEXT,
    UNIQUE (library_id, text_key)
) STRICT;

CREATE INDEX question_expiry ON question (library_id, expires_at);

-- Where a passage was shown, so that a correction can reach it. No reference to the article: a removal must still
-- find the cards that showed it.
CREATE TABLE answer_shown (
    library_id INTEGER NOT NULL REFERENCES library (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    revision_id INTEGER NOT NULL,
    quotation_id INTEGER,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    shown_at TEXT NOT NULL,
    noted_change INTEGER
) STRICT;

CREATE INDEX answer_shown_article ON answer_shown (library_id, article_id);

CREATE INDEX answer_shown_time ON answer_shown (library_id, shown_at);

CREATE TABLE feed (
    library_id INTEGER NOT NULL REFERENCES library (id),
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL,
    title TEXT,
    channel TEXT,
    settings TEXT NOT NULL DEFAULT '{}',
    etag TEXT,
    last_modified TEXT,
    checked_at TEXT,
    next_at TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (library_id, url)
) STRICT;
