"""What words and sentences of a text are, and where they stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Block

LONGEST_PARAGRAPH = 50_000  # code points
READ_KINDS = frozenset({"title", "standfirst", "paragraph", "caption"})

# A run of one punctuation mark is one word ("..." or 10 MB of quotation marks), which keeps hostile text cheap.
_WORD = re.compile(r"\w+(?:['’.\-&]\w+)*|([^\w\s])\1*")

_OPENING = "\"“„«‘'‚‹([{「『—–-"
_CLOSING = "\"”“’'»›)]}」』"
# A blank line always ends a sentence; the end of a line alone does not, where the block has it.
_STOP = re.compile(rf"(?:[.!?…]+[{re.escape(_CLOSING)}]*|[。！？]+[」』”]*)(?=\s|$)|[。！？]+[」』”]*|\n\s*\n")
_LAST_WORD = re.compile(r"[\w.&’'-]*$")
_NEXT_WORDS = re.compile(r"\s*([^\w\s]*)(\w[\w.’'-]*)?(?:\s+([\w.’'-]+))?(?:\s+([\w.’'-]+))?(?:\s+([\w.’'-]+))?")
_INITIALS = re.compile(r"^(?:\w\.)*\w$")


def word_set(words: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(words.split())


_NEVER_LAST = word_set("""
    mr mrs ms dr prof sen sens rep reps gov govs gen col lt lieut maj capt cmdr adm sgt cpl pvt sir st rev hon pres
    messrs mme mlle mgr supt insp det vs v no nos fig dept ft mt op cit ca approx z.b u.a d.h hr fr nr bzw dr.-ing
    ing sra srta dra vgl
""")
_RARELY_LAST = word_set("""
    jr sr inc ltd co corp bros llc plc jan feb mar apr jun jul aug sep sept oct nov dec a.m p.m u.s u.k u.n e.u d.c
    n.y calif conn fla ill mass mich minn miss okla ore tenn va wash wis ariz ark colo del ga ind kan ky la md mo
    mont neb nev pa r.i s.c s.d n.c n.h n.j n.m n.d tex vt wyo etc ave blvd rd al ph.d m.d b.a m.a cf eg e.g i.e dem
    rep d r i
""")
_STARTERS = word_set("""
    the a an he she it they we i you his her its their our my this that these those there but and or so if in on at
    when while after before as for from with by since still yet however meanwhile asked what who why how where mr
    mrs ms one some many most both
""")
_SPEECH = word_set("""
    said says say asked asks told tells wrote writes added adds replied replies shouted yelled cried exclaimed
    continued answered demanded wondered quipped joked tweeted declared responded recalled
""")


@dataclass(frozen=True, slots=True)
class Words:
    """The words and marks of one block: parallel lists, in reading order, offsets into the whole text."""

    starts: list[int]
    ends: list[int]
    forms: list[str]

    def __len__(self) -> int:
        return len(self.starts)

    def first_at(self, offset: int) -> int:
        """Index of the first word that starts at or after `offset`; `len(self)` where there is none."""
        return bisect_left(self.starts, offset)

    def span(self, first: int, last: int) -> Span:
        """The characters from word `first` up to but not including word `last`."""
        return Span(self.starts[first], self.ends[last - 1])


def find_words(text: str, span: Span) -> Words:
    """Cut one block into words and marks; a word keeps its inner apostrophes, hyphens and full stops."""
    found = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(text, span.start, span.end)]
    return Words([s for s, _, _ in found], [e for _, e, _ in found], [w for _, _, w in found])


def is_too_long(block: Block) -> bool:
    """True where a block is no prose: real paragraphs stay far below, and time must not be lost on the others."""
    return block.span.end - block.span.start > LONGEST_PARAGRAPH


def is_read(block: Block) -> bool:
    """True where a block is read for speech and names: not bylines, asides and what is too long to be prose."""
    return block.kind in READ_KINDS and not is_too_long(block)


def split_sentences(text: str, blocks: Sequence[Block]) -> tuple[Span, ...]:
    """Cut title, standfirst, paragraphs and captions into sentences.

    Args:
        text: The article, as stored.
        blocks: Its blocks in reading order.

    Returns:
        Spans in reading order, without the white space round them. A sentence never crosses a block; a closing
        quotation mark stays with its full stop; abbreviations and initials do not end one.
    """
    sentences: list[Span] = []
    for block in blocks:
        if block.kind in READ_KINDS:
            sentences.extend([block.span] if is_too_long(block) else _split_block(text, block.span))
    return tuple(sentences)


def _split_block(text: str, span: Span) -> list[Span]:
    sentences: list[Span] = []
    start = span.start
    for stop in _STOP.finditer(text, span.start, span.end):
        if not _ends_sentence(text, stop, start, span.end):
            continue
        _append(sentences, text, start, stop.end())
        start = stop.end()
    _append(sentences, text, start, span.end)
    return sentences


def _append(sentences: list[Span], text: str, start: int, end: int) -> None:
    part = text[start:end]
    kept = part.strip()
    if kept:
        start += len(part) - len(part.lstrip())
        sentences.append(Span(start, start + len(kept)))


def _ends_sentence(text: str, stop: re.Match[str], start: int, end: int) -> bool:
    """Decide whether the stop is a sentence's last. Looks at 40 characters before and 120 behind, so it is linear."""
    marks = stop.group()
    if marks[0] in "\n。！？":
        return True
    ahead = _NEXT_WORDS.match(text, stop.end(), min(end, stop.end() + 120))
    mark, following = (ahead.group(1) or "", ahead.group(2) or "") if ahead else ("", "")
    if not following:
        return True
    if following[0].islower() and not _opens(mark):
        return False
    if marks[-1] in _CLOSING and marks[0] != "." and ahead:
        # "Really?" Smith said: the question ends, the sentence goes on.
        return not any((ahead.group(i) or "").rstrip(".") in _SPEECH for i in (3, 4, 5))
    if marks != ".":
        return True
    before = _LAST_WORD.search(text, max(start, stop.start() - 40), stop.start())
    return _word_may_end(before.group() if before else "", following, quoted=_opens(mark))


def _opens(mark: str) -> bool:
    return bool(mark) and all(c in _OPENING for c in mark)


def _word_may_end(word: str, following: str, *, quoted: bool) -> bool:
    lower = word.lower().lstrip("’'-.")
    if lower in _NEVER_LAST:
        return False
    if lower in _RARELY_LAST or _INITIALS.match(lower):
        return quoted or following.lower() in _STARTERS
    return True
