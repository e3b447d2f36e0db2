"""Results become text blocks: quotation, attribution, citation. Length-safe Markdown that knows no Discord objects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.links import passage_link, safe_url
from bot.markup import CUT_MARK, block_quote, emphasise, escape, label, plain, window, wrap
from db.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.checking import Difference, Verdict
    from db.model import Article, ArticleSummary, Citation, Head, Passage, Quotation, Referent

QUOTE_LIMIT = 1400
_TITLE_LIMIT = 140
_NAME_LIMIT = 100
_LONG_URL = 900
_RUNNING_TEXT = {"standfirst", "paragraph"}
# Words of agreement shown on each side of a change; enough to find the place, few enough to see the change.
_WORDS_AROUND = 7

NO_SPEAKER = "*Unattributed*"


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as text blocks.

    `quote` is the block quote in exact words, `attribution` who said it, `notes` whom pronouns mean, `citation` where
    it stands; `link` opens the article there, None where it has no usable address. `is_cut` when words were left out.
    """

    quote: str
    attribution: str
    notes: str
    citation: str
    link: str | None
    is_cut: bool

    @property
    def below(self) -> str:
        """What stands under the words: who said them, and whom they mean."""
        return "\n".join(part for part in (self.attribution, self.notes) if part)


def render_passage(
    passage: Passage,
    *,
    highlight: Iterable[Span] = (),
    also_in: Sequence[Citation] = (),
    limit: int = QUOTE_LIMIT,
) -> Shown:
    """One passage to read.

    Args:
        passage: Proven against its article.
        highlight: The answer's words, as offsets into the article's text.
        also_in: Other articles that carry the same words.
        limit: Most characters of the quote's Markdown; a longer one is cut at words, marked with […].
    """
    offset = passage.span.start
    bold = [(span.start - offset, span.end - offset) for span in highlight]
    first = min((part.start for part in passage.content), default=passage.span.start)
    last = max((part.end for part in passage.content), default=passage.span.end)
    is_open = (first < passage.span.start, last > passage.span.end)
    quote, is_cut = _quote(passage.text, bold, limit=limit, is_open=is_open)
    return Shown(
        quote=quote,
        attribution=render_attribution(passage),
        notes=render_referents(passage.referents, passage),
        citation=render_citation(passage.citation, also_in=also_in),
        link=passage_link(passage.citation.url, passage.text),
        is_cut=is_cut,
    )


def _quote(
    text: str, bold: Sequence[tuple[int, int]], *, limit: int, is_open: tuple[bool, bool] = (False, False)
) -> tuple[str, bool]:
    """A block quote and whether words are missing; `is_open` says of either end that the quotation goes on there."""
    # Bold marks and "> " cost a little beside the words.
    lines = text.count("\n") + 1
    room = max(80, limit - 3 * lines - 4 * len(bold) - 2 * len(CUT_MARK) - 4)
    start, end = window(text, limit=room, focus=min((s for s, _ in bold), default=0))
    body = emphasise(text[start:end], [(s - start, e - start) for s, e in bold])
    mark = escape(CUT_MARK)
    before, after = f"{mark} " if start or is_open[0] else "", f" {mark}" if end < len(text) or is_open[1] else ""
    return block_quote(f"{before}{body}{after}"), bool(before or after)


def render_attribution(passage: Passage) -> str:
    """Who says it: the speaker in bold, as printed where that differs; an uncertain one is never guessed.

    Empty for what the article says itself: the citation below names who says that.
    """
    if passage.kind == "fact":
        return ""
    printed = plain(passage.source_text or "", limit=_NAME_LIMIT)
    shown_as = f"as printed: “{label(printed, limit=_NAME_LIMIT)}”" if printed else ""
    speaker = label(passage.speaker or "", limit=_NAME_LIMIT)
    if not speaker:
        return f"{NO_SPEAKER} · {shown_as}" if shown_as else NO_SPEAKER
    name = f"**{speaker}**"
    rest = printed.removeprefix(plain(passage.speaker or "", limit=_NAME_LIMIT))
    if rest != printed and rest[:1] in {",", " "}:  # "Asa Lind, the mayor": the name need not stand twice
        return f"{name}{', ' if rest[0] == ',' else ' '}{label(rest.lstrip(', '), limit=_NAME_LIMIT)}"
    is_same = printed.casefold() == plain(passage.speaker or "", limit=_NAME_LIMIT).casefold()
    return f"{name} · {shown_as}" if shown_as and not is_same else name


def find_stand_ins(referents: Sequence[Referent], passage: Passage) -> dict[str, str]:
    """The words of a passage that stand for a name, with it; a name that the passage prints itself needs no note."""
    start, printed = passage.span.start, passage.text.casefold()
    return {
        passage.text[r.span.start - start : r.span.end - start]: r.name
        for r in referents
        if r.name
        and r.name.casefold() not in printed
        and passage.span.start <= r.span.start < r.span.end <= passage.span.end
    }


def render_referents(referents: Sequence[Referent], passage: Passage) -> str:
    """Whom "Its" and the like mean, one small line; empty where nothing stands for something else."""
    said = [
        f"“{label(word, limit=60)}” means {label(name, limit=_NAME_LIMIT)}"
        for word, name in find_stand_ins(referents, passage).items()
    ]
    return f"-# {' · '.join(said[:4])}" if said else ""


def render_citation(citation: Citation, *, also_in: Sequence[Citation] = ()) -> str:
    """Publisher, title and date in one small line; a second one names others that carry the same words."""
    lines = [f"-# {_cite(citation)}"]
    url = safe_url(citation.url)
    if url and passage_link(url, "") is None and len(url) <= _LONG_URL:
        lines.append(f"-# <{url}>")
    if also_in:
        names = [label(c.publisher or c.title or "another article", limit=60) for c in also_in]
        lines.append(f"-# Also in {_join(list(dict.fromkeys(names)), most=4)}")
    return "\n".join(lines)


def _cite(citation: Citation) -> str:
    parts = [
        label(citation.publisher, limit=80) if citation.publisher else "",
        label(citation.title, limit=_TITLE_LIMIT) if citation.title else "",
        render_date(citation.published),
    ]
    return " · ".join(part for part in parts if part) or f"Article {citation.article_id}, without title"


def render_date(published: str | None) -> str:
    """ISO 8601 as "3 January 2010"; what is no such date comes back as printed, empty where there is none."""
    if not published:
        return ""
    try:
        day = datetime.fromisoformat(published).date()
    except ValueError:
        try:
            day = date.fromisoformat(published[:10])
        except ValueError:
            return label(published, limit=40)
    return f"{day.day} {day:%B} {day.year}"


def render_head(head: Head | ArticleSummary, *, fallback: str) -> str:
    """Publisher and date of an article in one line, `fallback` where it has neither."""
    parts = [label(head.publisher, limit=80) if head.publisher else "", render_date(head.published)]
    return " · ".join(part for part in parts if part) or fallback


def render_title(title: str | None, *, limit: int = _TITLE_LIMIT) -> str:
    """An article's title for our own lines."""
    return label(title or "", limit=limit) or "Untitled article"


def render_difference(difference: Sequence[Difference], *, limit: int = QUOTE_LIMIT) -> tuple[str, list[str]]:
    """A claim against its original, word by word.

    Returns:
        A block quote in which words of the claim that are not in the article are ~~struck~~ and words of the article
        that the claim lacks are **bold**, and the same changes as sentences (plain text), for readers who see neither.
    """
    pieces: list[str] = []
    sentences: list[str] = []
    last = len(difference) - 1
    for position, step in enumerate(difference):
        # One line: here the change is the point, and the passage itself stands below with its own breaks.
        claim, original = re.sub(r"\s+", " ", step.claim), re.sub(r"\s+", " ", step.original)
        if step.op == "equal":
            pieces.append(_shorten_agreement(original, is_first=position == 0, is_last=position == last))
            continue
        struck, bold = wrap(claim, "~~"), wrap(original, "**")
        gap = " " if struck.strip() and bold.strip() and not struck[-1].isspace() and not bold[0].isspace() else ""
        pieces.append(f"{struck}{gap}{bold}")
        sentences += _name_change(claim, original)
    text = "".join(pieces).strip()
    if len(text) > limit:
        text = _cut_marked_up(text, limit)
    return block_quote(text), sentences


def _shorten_agreement(text: str, *, is_first: bool, is_last: bool) -> str:
    words = text.split()
    if len(words) <= 2 * _WORDS_AROUND + 2:
        return escape(text)
    head = "" if is_first else f"{text[:1] if text[:1].isspace() else ''}{escape(' '.join(words[:_WORDS_AROUND]))} "
    tail = "" if is_last else f" {escape(' '.join(words[-_WORDS_AROUND:]))}{text[-1:] if text[-1:].isspace() else ''}"
    return f"{head}{escape(CUT_MARK)}{tail}"


def _cut_marked_up(text: str, limit: int) -> str:
    """Cut at a blank outside every mark, so that no mark is left open."""
    cut = text[: limit - 8]
    while cut and (cut.count("**") % 2 or cut.count("~~") % 2 or not text[len(cut)].isspace()):
        cut = cut[:-1]
    return f"{cut} {escape(CUT_MARK)}"


def _name_change(claim: str, original: str) -> list[str]:
    said, printed = plain(claim, limit=80), plain(original, limit=80)
    if said and printed:
        return [f"“{said}” stands where the article has “{printed}”"]
    if said:
        return [f"“{said}” is not in the article"]
    return [f"“{printed}” is missing"] if printed else []


VERDICT_TITLES = {
    "verbatim": "✅ Exact",
    "altered": "✏️ Altered",
    "misattributed": "👥 Said by somebody else",
    "not_found": "🔍 Not in the loaded articles",
}


def render_verdict(verdict: Verdict) -> str:
    """The verdict in a heading and one sentence. Never "false": only what the loaded articles have."""
    speaker, claimed = _bold_name(verdict.speaker), _bold_name(verdict.claimed_speaker)
    sentences = {
        "verbatim": f"These words stand in the articles{f', said by {speaker}' if speaker else ''}.",
        "altered": _altered_sentence(verdict, speaker, claimed),
        "misattributed": (
            f"The articles ascribe these words to {speaker or 'somebody else'}"
            f"{f', not to {claimed}' if claimed else ''}."
        ),
        "not_found": "No loaded article has these words. That alone does not make the quote wrong.",
    }
    return f"### {VERDICT_TITLES[verdict.kind]}\n{sentences[verdict.kind]}"


def _bold_name(name: str | None) -> str:
    named = label(name or "", limit=_NAME_LIMIT)
    return f"**{named}**" if named else ""


def _altered_sentence(verdict: Verdict, speaker: str, claimed: str) -> str:
    if len(verdict.matches) > 1:
        return f"It is put together from {len(verdict.matches)} places in the articles."
    by = f" What {speaker} said is below." if speaker else ""
    is_other = bool(speaker and claimed and speaker.casefold() != claimed.casefold())
    other = f" The articles do not ascribe it to {claimed}." if is_other else ""
    return f"The words differ from what the article prints.{by}{other}"


def render_quotation(quotation: Quotation, text: str, *, speaker: str | None, limit: int = 220) -> str:
    """One line of an article's list of quotations: the words, then who says them."""
    words = " ".join(span.slice(text) for span in quotation.content)
    start, end = window(words, limit=limit)
    shown = escape(" ".join(words[start:end].split())) + ("" if end == len(words) else f" {escape(CUT_MARK)}")
    named = label(speaker or "", limit=_NAME_LIMIT)
    name = f"**{named}**" if named else NO_SPEAKER
    printed = label(quotation.source_text(text), limit=60)
    as_printed = f" · as printed: “{printed}”" if printed and printed.casefold() not in name.casefold() else ""
    return f"> {shown}\n-# {name}{as_printed}"


def render_context(article: Article, passage: Passage, *, around: int = 2, limit: int = 2000) -> str:
    """The sentences round a passage as they stand, up to the first hidden one, the passage itself in bold.

    Args:
        article: Holds the passage.
        passage: Proven against `article`.
        around: How many sentences before and after.
        limit: Most characters of Markdown.
    """
    running = [b.span for b in article.blocks if b.kind in _RUNNING_TEXT or b.span.overlaps(passage.span)]
    sentences = [s for s in article.sentences if any(s.overlaps(block) for block in running)]
    first = max((h.end for h in article.hidden if h.end <= passage.span.start), default=0)
    last = min((h.start for h in article.hidden if h.start >= passage.span.end), default=len(article.text))
    before = [s.start for s in sentences if first <= s.start and s.end <= passage.span.start][-around:]
    after = [s.end for s in sentences if passage.span.end <= s.start and s.end <= last][:around]
    shown = Span(min(before, default=passage.span.start), max(after, default=passage.span.end))
    lines = []
    for block in running or [shown]:
        start, end = max(block.start, shown.start), min(block.end, shown.end)
        if start < end:
            bold = [(passage.span.start - start, passage.span.end - start)]
            share = limit if block.overlaps(passage.span) else limit // 4
            lines.append(_quote(article.text[start:end], bold, limit=share)[0])
    return "\n> \n".join(lines)


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 article", "12,000 articles"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _join(names: Sequence[str], *, most: int) -> str:
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
