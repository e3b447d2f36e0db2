"""Results as the JSON rows of the machine interface; all offsets are half-open code points of the revision's text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.answering import Answer
from bot.links import passage_link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.answering import NoAnswer, RankedPassage
    from bot.checking import Verdict
    from bot.loading import LoadReport
    from bot.reading.details import Detail
    from db.model import ArticleSummary, Citation, Passage, Quotation, Reading, Span

Row = dict[str, Any]


def reading_row(row_id: object, reading: Reading) -> Row:
    """What `read` says of one article."""
    # Its patterns take long to compile, and no other row needs them.
    from bot.reading.details import find_fact_details

    head = reading.head
    return {
        "id": row_id,
        "title": head.title,
        "standfirst": head.standfirst,
        "byline": head.byline,
        "publisher": head.publisher,
        "published": head.published,
        "url": head.url,
        "language": head.language,
        "text": reading.text,
        "blocks": [{"kind": b.kind, "start": b.span.start, "end": b.span.end} for b in reading.blocks],
        "quotations": [_quotation_row(quotation, reading.text) for quotation in reading.quotations],
        "facts": _pairs(fact.span for fact in reading.facts),
        "fact_details": [[_detail_row(d) for d in details] for details in find_fact_details(reading)],
        "speakers": [{"name": s.name, "aliases": list(s.aliases), "role": s.role} for s in reading.speakers],
        "warnings": list(reading.warnings),
    }


def load_row(row_id: object, report: LoadReport) -> Row:
    """What `load` says of one article."""
    return {
        "id": row_id,
        "article": report.external_id or str(report.article_id),
        "status": report.status,
        "quotations": len(report.reading.quotations),
        "facts": len(report.reading.facts),
        "unattributed": report.unattributed,
        "warnings": list(report.warnings),
    }


def answer_row(row_id: object, answer: Answer | NoAnswer) -> Row:
    """What `ask` says of one question; the passages stand ranked also when none of them answers."""
    answered = isinstance(answer, Answer)
    passages = answer.passages if isinstance(answer, Answer) else answer.nearest
    return {
        "id": row_id,
        "answered": answered,
        "confidence": round(answer.confidence, 4),
        "passages": [_passage_row(ranked) for ranked in passages],
    }


def verdict_row(row_id: object, verdict: Verdict) -> Row:
    """What `check` says of one claimed quote."""
    return {
        "id": row_id,
        "verdict": verdict.kind,
        "speaker": verdict.speaker,
        "matches": [_match_row(passage) for passage in verdict.matches],
        "difference": [{"op": d.op, "claim": d.claim, "original": d.original} for d in verdict.difference],
        "notes": list(verdict.notes),
    }


def summary_row(summary: ArticleSummary) -> Row:
    """One line of `list`."""
    return {
        "article": summary.external_id or str(summary.id),
        "state": summary.state,
        "title": summary.title,
        "publisher": summary.publisher,
        "published": summary.published,
        "url": summary.url,
        "quotations": summary.quotation_count,
        "unattributed": summary.unattributed_count,
        "facts": summary.fact_count,
        "added": summary.added_at,
    }


def _quotation_row(quotation: Quotation, text: str) -> Row:
    return {
        "type": quotation.type,
        "content": _pairs(quotation.content),
        "cue": [quotation.cue.start, quotation.cue.end] if quotation.cue else None,
        "source": _pairs(quotation.source),
        "source_text": quotation.source_text(text),
        "speaker": quotation.speaker,
        "confidence": round(quotation.confidence, 4),
        "rule": quotation.rule,
    }


def _detail_row(detail: Detail) -> Row:
    return {"kind": detail.kind, "start": detail.span.start, "end": detail.span.end, "value": detail.value}


def _passage_row(ranked: RankedPassage) -> Row:
    passage, citation = ranked.passage, ranked.passage.citation
    return {
        "article": _article(citation),
        "start": passage.span.start,
        "end": passage.span.end,
        "text": passage.text,
        "kind": passage.kind,
        "speaker": passage.speaker,
        "source_text": passage.source_text,
        "score": round(ranked.score, 2),
        "title": citation.title,
        "publisher": citation.publisher,
        "published": citation.published,
        "url": citation.url,
        "link": passage_link(citation.url, passage.text),
        "highlight": _pairs(ranked.highlight),
    }


def _match_row(passage: Passage) -> Row:
    return {
        "article": _article(passage.citation),
        "start": passage.span.start,
        "end": passage.span.end,
        "text": passage.text,
        "speaker": passage.speaker,
    }


def _article(citation: Citation) -> str:
    return citation.external_id or str(citation.article_id)


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
