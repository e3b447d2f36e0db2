"""From a document to a reading: sentences, quotations, speakers, facts, in that order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.reading.cues import LANGUAGES, guess_language
from bot.reading.facts import find_facts
from bot.reading.quotations import find_quotations
from bot.reading.speakers import read_cast
from bot.reading.text import is_too_long, split_sentences
from db.model import Reading

if TYPE_CHECKING:
    from db.model import Document


def read_document(document: Document, *, tagger: bool = True) -> Reading:
    """Read who said what, and what the article says in its own voice.

    Args:
        document: The article's text cut into blocks.
        tagger: Whether the fitted tagger may be used; the rules stand on their own without it.

    Returns:
        The reading; every offset is into `document.text`, which is unchanged. Never raises on any text.
    """
    text, blocks, head = document.text, document.blocks, document.head
    sentences = split_sentences(text, blocks)
    language = (head.language or guess_language(text))[:2].lower()
    found = find_quotations(text, blocks, language=language, tagger=tagger)
    cast = read_cast(text, blocks, sentences, found)
    facts = find_facts(text, blocks, sentences, cast.quotations, cast.speakers, referents=cast.referents)
    return Reading(
        text=text,
        head=replace(head, language=head.language or language or None),
        blocks=blocks,
        sentences=sentences,
        quotations=cast.quotations,
        facts=tuple(facts),
        speakers=cast.speakers,
        warnings=_warnings(document, language),
    )


def _warnings(document: Document, language: str) -> tuple[str, ...]:
    notes = list(document.warnings)
    if language not in LANGUAGES:
        notes.append("The article's language is not one that can be read: quoted words are kept, without speakers.")
    if any(is_too_long(block) for block in document.blocks):
        notes.append("A paragraph is too long to be prose; no quotations were looked for in it.")
    return tuple(notes)
