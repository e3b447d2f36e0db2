-- The search index: postings of chunks (up to five neighbouring sentences) by library and stem.
-- One row a term keeps what was written last (`tail`); full tails move to search_run. See docs/matching.md.

CREATE TABLE search_library (
    library_id INTEGER PRIMARY KEY,
    next_chunk INTEGER NOT NULL,
    chunk_count INTEGER NOT NULL,
    sentence_count INTEGER NOT NULL
) STRICT;

CREATE TABLE search_article (
    library_id INTEGER NOT NULL,
    first_chunk INTEGER NOT NULL,
    chunk_count INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    revision_id INTEGER NOT NULL,
    published TEXT,
    layout BLOB NOT NULL,
    PRIMARY KEY (library_id, first_chunk)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX search_article_by_article ON search_article (library_id, article_id);

CREATE TABLE search_term (
    library_id INTEGER NOT NULL,
    term TEXT NOT NULL,
    chunk_count INTEGER NOT NULL,
    last_chunk INTEGER NOT NULL,
    forms TEXT NOT NULL,
    tail BLOB NOT NULL,
    PRIMARY KEY (library_id, term)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_run (
    library_id INTEGER NOT NULL,
    term TEXT NOT NULL,
    first_chunk INTEGER NOT NULL,
    chunks BLOB NOT NULL,
    PRIMARY KEY (library_id, term, first_chunk)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_words (
    library_id INTEGER NOT NULL,
    prefix TEXT NOT NULL,
    page INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (library_id, prefix, page)
) STRICT, WITHOUT ROWID;
