"""Interviews and transcripts: paragraphs that begin with who speaks ("Q:", "SMITH:")."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from db.model import Quotation, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.wordfeatures import ReadBlock

_LABEL = re.compile(
    r"[\"“„«]?\s*(?P<label>Q|A|F|P|R|Question|Answer|Frage|Antwort|Pregunta|Respuesta"
    r"|[^\W\d_a-z][\w.'’-]{0,24}(?:[ \t][^\W\d_a-z][\w.'’-]{0,24}){0,3})(?P<cue>[ \t]?[:：])[ \t]*(?=\S)"
)
# A list of facts ("Date:", "Place:") also has labels, but none twice.
_LEAST_TURNS = 3
_LEAST_RETURNS = 2


def find_turns(text: str, read: Sequence[ReadBlock]) -> dict[int, Quotation]:
    """Find the turns of a conversation.

    Returns:
        Quotations by the number of their block in `read`; empty unless at least three paragraphs carry a label and
        one label comes back.
    """
    labelled = {
        number: match
        for number, block in enumerate(read)
        if block.block.kind == "paragraph"
        and (match := _LABEL.match(text, block.block.span.start, block.block.span.end)) is not None
    }
    counts = Counter(_key(match) for match in labelled.values())
    turns = {
        n: match for n, match in labelled.items() if counts[_key(match)] >= _LEAST_RETURNS or len(_key(match)) == 1
    }
    if len(turns) < _LEAST_TURNS or max(counts.values()) < _LEAST_RETURNS:
        return {}
    return {n: _turn(text, match, read[n].block.span) for n, match in turns.items()}


def _key(match: re.Match[str]) -> str:
    return match["label"].strip()


def _turn(text: str, match: re.Match[str], block: Span) -> Quotation:
    end = block.end - (text[block.end - 1] in '"”“»' and text[block.start] in '"“„«')
    label = Span(match.start("label"), match.start("label") + len(match["label"].rstrip()))
    return Quotation(
        type="direct",
        content=(Span(match.end(), max(end, match.end() + 1)),),
        cue=Span(*match.span("cue")),
        source=(label,),
        speaker=None,
        confidence=0.9,
        rule="transcript",
    )
