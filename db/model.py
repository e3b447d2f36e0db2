"""The nouns of Verbatim: articles, quotations, speakers, facts and what a reader is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCAL_LIBRARY = "local"

BlockKind = Literal["title", "standfirst", "byline", "paragraph", "caption", "aside"]
QuotationType = Literal["direct", "mixed", "indirect"]
ArticleState = Literal["draft", "published", "retracted"]
PassageKind = Literal["quotation", "fact"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of code points in a revision's text."""

    start: int
    end: int

    def slice(self, text: str) -> str:
        """The characters of `text` that this span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """True when the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Block:
    """One layout unit of an article; blocks never overlap and stand in reading order."""

    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True)
class Head:
    """What stands over an article. Every field is as printed, `published` ISO 8601 (date or date and time)."""

    title: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An article's text cut into blocks, before anything was read from it."""

    text: str
    blocks: tuple[Block, ...]
    head: Head
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotation:
    """One attributed stretch of speech.

    `content` holds the words said, in reading order and with their quotation marks; `source` names who speaks as
    printed ("she"), `speaker` is the name it resolves to, or None where that is uncertain.
    """

    type: QuotationType
    content: tuple[Span, ...]
    cue: Span | None
    source: tuple[Span, ...]
    speaker: str | None
    confidence: float
    rule: str

    def source_text(self, text: str) -> str:
        """The source as printed; fragments joined by one space, empty where the text names none."""
        return " ".join(span.slice(text) for span in self.source)

    @property
    def extent(self) -> Span:
        """The smallest span that covers content, cue and source."""
        spans = [*self.content, *self.source, *([self.cue] if self.cue else [])]
        return Span(min(s.start for s in spans), max(s.end for s in spans))


@dataclass(frozen=True, slots=True)
class Referent:
    """Whom a pronoun or short form in a passage means: "Its" → the League of the Righteous."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence that the article says in its own voice."""

    span: Span
    block: BlockKind = "paragraph"
    referents: tuple[Referent, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person or body of one article; `aliases` are its other names in the article, as printed."""

    name: str
    aliases: tuple[str, ...] = ()
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one article. Every offset counts code points of `text`.

    `sentences` covers every sentence of title, standfirst, paragraphs and captions in reading order, whether it is
    speech or the article's own voice.
    """

    text: str
    head: Head
    blocks: tuple[Block, ...]
    sentences: tuple[Span, ...]
    quotations: tuple[Quotation, ...]
    facts: tuple[Fact, ...]
    speakers: tuple[Speaker, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a passage can be checked."""

    article_id: int
    external_id: str | None
    title: str | None
    publisher: str | None
    published: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """What a reader is shown: one sentence or quotation, its exact words and where they stand.

    `text` equals the slice `span` of the revision's text. For a quotation `content` holds the words said.
    """

    library: str
    article_id: int
    revision_id: int
    span: Span
    kind: PassageKind
    text: str
    citation: Citation
    quotation_id: int | None = None
    content: tuple[Span, ...] = ()
    speaker: str | None = None
    source_text: str | None = None
    referents: tuple[Referent, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimCandidate:
    """A chunk of an article that shares rare words with a claimed quote; `text` equals the slice `span`."""

    article_id: int
    revision_id: int
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Search:
    """What to look up: folded content words in the order typed (db/terms.py), and what the articles must satisfy.

    `speaker` are those of them that name who speaks: chunks where somebody of that name does come first. `names` are
    words of which a chunk's speakers must hold every one (a speaker given by option); `since` and `until` are ISO
    dates, both inclusive, against the article's date; `publisher` is matched ignoring case.
    """

    words: tuple[str, ...]
    speaker: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class FoundWord:
    """What one word of a search means in a library.

    `forms` maps each printed word it may stand for to how well it fits (1 as typed, less for a mended slip); empty
    where the library holds nothing like it. `rarity` is its inverse chunk frequency in nats.
    """

    word: str
    forms: Mapping[str, float]
    rarity: float
    is_mended: bool = False


@dataclass(frozen=True, slots=True)
class Voice:
    """A quotation as ranking sees it; `names` are its speaker's name and aliases, `source_text` is as printed."""

    id: int
    type: QuotationType
    content: tuple[Span, ...]
    extent: Span
    source: tuple[Span, ...]
    source_text: str
    speaker: str | None
    names: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """One chunk of an article that holds searched words.

    `text` is the slice of the revision's text that begins at `offset` and may reach over neighbouring chunks: `around`
    are all sentences in it, `sentences` the chunk's own, both without those that hold a word of a hidden quotation;
    `hidden` are those words. Every span counts code points of the whole revision. `score` is the sum of the rarities
    found.
    """

    citation: Citation
    revision_id: int
    offset: int
    text: str
    sentences: tuple[Span, ...]
    around: tuple[Span, ...]
    voices: tuple[Voice, ...]
    referents: tuple[Referent, ...]
    score: float
    hidden: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a search found: its words as the library knows them, and chunks, best first."""

    words: tuple[FoundWord, ...]
    names: tuple[FoundWord, ...]
    chunks: tuple[Candidate, ...]
    chunk_count: int


@dataclass(frozen=True, slots=True)
class StoredQuotation:
    """A quotation with its row id and its speaker after corrections; `version` grows with every change of the row."""

    id: int
    quotation: Quotation
    speaker_id: int | None
    review: str = "open"
    version: int = 1


@dataclass(frozen=True, slots=True)
class StoredSpeaker:
    """A speaker of a library, with every alias and how many quotations are theirs."""

    id: int
    name: str
    aliases: tuple[str, ...]
    quotation_count: int
    role: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Article:
    """One stored article with its current revision; `hidden` are the words of quotations that moderators hid."""

    id: int
    external_id: str | None
    state: ArticleState
    revision_id: int
    head: Head
    text: str
    blocks: tuple[Block, ...]
    sentences: tuple[Span, ...]
    quotations: tuple[StoredQuotation, ...]
    facts: tuple[Fact, ...]
    added_at: str
    added_by: str | None
    version: int = 1
    hidden: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """One line of an article list."""

    id: int
    external_id: str | None
    state: ArticleState
    title: str | None
    publisher: str | None
    published: str | None
    url: str | None
    quotation_count: int
    unattributed_count: int
    fact_count: int
    added_at: str


@dataclass(frozen=True, slots=True)
class AddedArticle:
    """What became of an article that was given to the store."""

    article_id: int
    external_id: str | None
    status: Literal["added", "already_loaded", "updated"]


@dataclass(frozen=True, slots=True)
class LibrarySize:
    """How much a library holds."""

    articles: int
    quotations: int
    facts: int
    speakers: int


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the loaded articles did not answer, how often it was asked, and when first and last."""

    id: int
    text: str
    asked_count: int
    first_at: str
    last_at: str


@dataclass(frozen=True, slots=True)
class Acquisition:
    """How an article's text was got: the way, by whom (a Discord user id or None), and from which file or URL."""

    way: Literal["paste", "file", "url", "cli", "feed"]
    actor: str | None = None
    origin: str | None = None
    external_id: str | None = None
    warnings: tuple[str, ...] = field(default=())
