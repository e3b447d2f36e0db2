"""When the words of a passage are somebody's speech and not the article's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.model import QuotationType, Span

# Below even odds that it is speech at all; "unattributed" would then say more than is known.
_UNSURE = 0.5
_MARKS = re.compile(r"[\"“”„«»]")


def count_shared(content: Iterable[Span], span: Span) -> int:
    """How many characters of a content stand in a span."""
    return sum(max(0, min(part.end, span.end) - max(part.start, span.start)) for part in content)


def is_speech(kind: QuotationType, content: Iterable[Span], span: Span) -> bool:
    """Whether a sentence is to be shown as a quotation's: any word of it in marks, or a third reported.

    The rest of such a sentence is mostly source and cue: "Ms Holt, who has led the council since 2019, said …".
    """
    shared = count_shared(content, span)
    return bool(shared) and (kind != "indirect" or 3 * shared > span.end - span.start)


def is_stray(kind: QuotationType, words: str, *, is_sourced: bool, confidence: float) -> bool:
    """Whether a quotation is no more than a guess: reported without marks, of nobody, and likely not speech at all."""
    return kind == "indirect" and not is_sourced and confidence < _UNSURE and not _MARKS.search(words)
