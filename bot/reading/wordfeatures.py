"""What the tagger knows of each word: columns of small numbers for a whole article at once, hashed into features."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.reading.marks import pair_marks
from bot.reading.text import find_words, is_read, split_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bot.reading.marks import Stretch
    from bot.reading.text import Words
    from db.model import Block, Span

    Ints = NDArray[np.int64]
    Keys = NDArray[np.uint64]
    Columns = dict[str, Ints]

MOST_BLOCKS = 10_000  # no article has as many; a hostile text must not cost more
PAD = 3  # empty places between blocks: a look at a neighbour three words away never sees another block
_LONGEST_TAIL = 9  # words between the comma and the cue of a closing ", the minister said"
CUE_CLASS = 3  # words of this class and above are cues more often than one time in three

_DIGIT = re.compile(r"\d")
_SHAPES = {c: n for n, group in enumerate(["—–-", "?!"], 18) for c in group} | {
    c: n for n, c in enumerate([".", ",", '"', "“", "”"], 9)
}
_SHAPES |= dict.fromkeys("'‘’", 14) | {"(": 15, ")": 16, ":": 17, ";": 20}
COMMA, _COLON, _STOP, _QUERY, _CURLY_CLOSE, _STRAIGHT, _SINGLE, _OTHER = 10, 17, 9, 19, 13, 11, 14, 21
_SHORT_LOWER, _LOWER, _LETTER, _CAPITALS, _CAPITALISED, _INNER_CAPITAL, _MIXED, _NUMBER = range(1, 9)
_OPEN_MARK, _CLOSE_MARK = 3, 4
_SIZES = (1, 2, 4, 8, 15)
_OPENERS = (
    {"that": 1, "to": 2, ":": 4, "of": 5, "for": 6, "about": 7, "as": 8}
    | dict.fromkeys(("how", "what", "why", "whether", "if", "when", "where", "who"), 3)
    | dict.fromkeys(("he", "she", "they", "it", "we", "i", "there", "his", "her", "their"), 10)
)
_DISTANCES = np.array([0, 1, 2, 3, 5, 8, 14, 25])

# One feature template a line: columns of this word, or (+n, -n) of the word n places away.
_TEMPLATES = """
word-3|word-2|word-1|word|word+1|word+2|word+3
word-1 marks|word marks|word+1 marks
word-2 word-1|word-1 word|word word+1|word+1 word+2|word-1 word word+1
ending-1|ending|ending+1|long_ending is_marked
shape-2 shape-1 shape|shape-1 shape shape+1|shape shape+1 shape+2
marks-2 marks-1 marks marks+1 marks+2
cue-2 cue-1 cue cue+1 cue+2|source-1 source source+1 cue+1|source cue cue-1 marks
stretch|stretch marks from_start|before_stretch stretch_size|after_stretch after_stretch2
before_stretch2 before_stretch is_marked|before_stretch after_stretch
left_word left_near is_marked|right_word right_near is_marked|left_word left_commas|right_word right_commas
left_far right_far marks|left_commas right_commas marks shape
tail_far has_tail tail_side marks|tail_side shape is_cue+1 is_marked|tail_word tail_side has_tail tail_near
head_far head_side marks|head_word head_side head_near
from_start from_end shape marks|from_start sentence_marked sentence_cued marks has_tail
first_word from_start sentence_marked
next_mark last_mark shape|next_mark last_mark cue
comma_right_word shape has_comma_right|comma_left_word comma_left_near
block marks is_first|is_title shape marks
opener opener_far left_near is_marked|opener opener_far left_word|opener_left left_word is_marked
left_word word|left_word word-1 word
opener_left opener_left_near shape|opener_left opener opener_far is_marked|right_word word
last_mark end_far has_tail opener_left|marks_before marks word|marks_before marks end_far
word shape+1 shape+2|shape-2 shape-1 word
"""
TEMPLATES = tuple(tuple(part.split()) for line in _TEMPLATES.split("\n") for part in line.split("|") if part)


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """One block before any decision: its words, sentences, and stretches in marks."""

    block: Block
    words: Words
    sentences: tuple[Span, ...]
    stretches: list[Stretch]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Frequent words: number, how often a cue (0 to 4), how often in a source (0 to 4). Others fall back on endings."""

    entries: Mapping[str, tuple[int, int, int]]

    def describe(self, form: str) -> tuple[int, ...]:
        """Number, cue class, source class, shape, ending of three and of four letters, opener."""
        word = normal_form(form)
        found = self.entries.get(word)
        shape = word_shape(form)
        if found is None:
            _, cue, source = self.entries.get(word.removesuffix("'s"), (0, 0, 0))
            found = ((1 << 20) + _ending(word, 2) + (shape << 22), cue, source)
        return (*found, shape, _ending(word, 3), _ending(word, 4), _OPENERS.get(word, 0))


def normal_form(form: str) -> str:
    """Lower case, straight apostrophes, digits as zeros, so that years and amounts are alike."""
    word = form.lower().replace("’", "'")
    return _DIGIT.sub("0", word)[:4] if word[0].isdigit() else word


def word_shape(form: str) -> int:
    """A small number for how a word looks: case, digits, which mark."""
    first = form[0]
    if first.isalpha():
        if form.islower():
            return _SHORT_LOWER if len(form) <= PAD else _LOWER
        if len(form) == 1:
            return _LETTER
        if form.isupper():
            return _CAPITALS
        if first.isupper():
            return _CAPITALISED if form[1:].islower() else _INNER_CAPITAL
        return _MIXED
    return _NUMBER if first.isdigit() else _SHAPES.get(first, _OTHER)


def _ending(word: str, letters: int) -> int:
    number = 0
    for letter in word[-letters:]:
        number = (number * 131 + ord(letter)) & 0xFFFFF
    return number


def cut_blocks(text: str, blocks: Sequence[Block]) -> list[ReadBlock]:
    """Find words, sentences and marks of every block that is read, up to `MOST_BLOCKS`."""
    kept = (b for b in blocks if is_read(b))
    return [
        ReadBlock(b, find_words(text, b.span), split_sentences(text, [b]), pair_marks(text, b.span))
        for b in islice(kept, MOST_BLOCKS)
    ]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Per place: the sentence's number (-1 between blocks), first place and the place after its last."""

    number: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class WordTable:
    """All words of an article in one row of places, blocks apart by `PAD`.

    `bounds` holds each block's first place and the place after its last. `is_inside` is true where a word and the
    one before it stand in the same marks, so that no quotation can begin or end between them.
    """

    columns: Columns
    bounds: list[tuple[int, int]]
    is_inside: NDArray[np.bool_]


def tabulate(read: Sequence[ReadBlock], vocabulary: Vocabulary) -> WordTable:
    """Compute every column that the templates name."""
    bounds: list[tuple[int, int]] = []
    places = PAD
    for block in read:
        bounds.append((places, places + len(block.words)))
        places += len(block.words) + PAD
    columns = _word_columns(read, bounds, places, vocabulary)
    sentence = _fill_sentences(read, bounds, places, columns)
    inside = _fill_marks(read, bounds, places, columns)
    columns["is_marked"] = (columns["marks"] > 0).astype(np.int64)
    columns["cue"] = np.where(columns["is_marked"] == 1, 0, columns["cue_class"])
    columns["is_cue"] = (columns["cue"] > 0).astype(np.int64)
    _add_stretch_neighbours(columns)
    _add_cue_columns(columns, sentence)
    return WordTable(columns, bounds, inside)


def hash_features(columns: Columns, templates: Sequence[Sequence[str]] = TEMPLATES, *, first: int = 1) -> Keys:
    """One 64-bit key a place and template; equal keys mean equal features. Shape (places, templates)."""
    shifted: dict[str, Keys] = {}
    keys = np.empty((len(columns["word"]), len(templates)), np.uint64)
    for number, template in enumerate(templates):
        key = np.full(len(keys), (number + first) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF, np.uint64)
        for name in template:
            if name not in shifted:
                shifted[name] = _column(columns, name).astype(np.uint64)
            key = (key ^ shifted[name]) * np.uint64(0xD6E8FEB86659FD93)
            key ^= key >> np.uint64(32)
        keys[:, number] = key
    return keys


def _column(columns: Columns, name: str) -> Ints:
    if name[-2] in "+-":
        return np.roll(columns[name[:-2]], -int(name[-2:]))
    return columns[name]


def _word_columns(
    read: Sequence[ReadBlock], bounds: list[tuple[int, int]], places: int, vocabulary: Vocabulary
) -> Columns:
    known: dict[str, tuple[int, ...]] = {}
    table = np.zeros((places, 7), np.int64)
    for block, (start, end) in zip(read, bounds, strict=True):
        if start == end:
            continue
        forms = block.words.forms
        for form in set(forms).difference(known):
            known[form] = vocabulary.describe(form)
        table[start:end] = [known[form] for form in forms]
    names = ("word", "cue_class", "source", "shape", "ending", "long_ending", "opens")
    return {name: np.ascontiguousarray(table[:, i]) for i, name in enumerate(names)}


def _fill_sentences(
    read: Sequence[ReadBlock], bounds: list[tuple[int, int]], places: int, columns: Columns
) -> Sentences:
    number, starts, ends, kind = np.full(places, -1), *(np.zeros(places, np.int64) for _ in range(3))
    count = 0
    for block, (start, end) in zip(read, bounds, strict=True):
        if start == end:
            continue
        firsts = [bisect_left(block.words.starts, s.start) for s in block.sentences]
        edges = [start, *(start + first for first in firsts[1:]), end]
        for left, right in pairwise(edges):
            number[left:right], starts[left:right], ends[left:right] = count, left, right
            count += 1
        is_title = block.block.kind == "title"
        kind[start:end] = is_title + 2 * min(len(firsts), 4) + 16 * min(len(block.stretches), 3)
    columns["block"], columns["is_title"] = kind, kind & 1
    index = np.arange(places)
    columns["from_start"], columns["from_end"] = np.minimum(index - starts, 3), np.minimum(ends - 1 - index, 2)
    columns["is_first"] = (index == starts).astype(np.int64)
    columns["first_word"] = columns["word"][starts]
    return Sentences(number, starts, ends)


def _fill_marks(
    read: Sequence[ReadBlock], bounds: list[tuple[int, int]], places: int, columns: Columns
) -> NDArray[np.bool_]:
    marks, stretch, first, after = (np.zeros(places, np.int64) for _ in range(4))
    inside = np.zeros(places, np.bool_)
    shape = columns["shape"]
    for block, (start, end) in zip(read, bounds, strict=True):
        for s in block.stretches:
            left, right = (start + bisect_left(block.words.starts, at) for at in (s.span.start, s.span.end))
            if left >= right:
                continue
            marks[left:right] = 2 if s.is_single else 1
            marks[left] = _OPEN_MARK
            if s.is_closed and shape[right - 1] in {_STRAIGHT, _CURLY_CLOSE, _SINGLE}:
                marks[right - 1] = _CLOSE_MARK
            stretch[left:right] = _describe_stretch(s, shape, (left, right), (start, end))
            first[left:right], after[left:right] = left, right
            inside[left + 1 : right] = True
    columns["marks"], columns["stretch"] = marks, stretch
    columns["_first"], columns["_after"] = first, after
    return inside


def _describe_stretch(s: Stretch, shape: Ints, at: tuple[int, int], block: tuple[int, int]) -> int:
    """Length, last mark inside, mark after, capital, place in the sentence: what tells speech from a scare quote."""
    left, right = at
    size = right - left - 1 - s.is_closed
    length = sum(size > limit for limit in _SIZES)
    last = {COMMA: 1, _STOP: 2, _QUERY: 3}.get(int(shape[right - 2]), 0) if s.is_closed and right - 2 >= left else 0
    behind = 3 if right >= block[1] else {COMMA: 1, _STOP: 2}.get(int(shape[right]), 0)
    capital = left + 1 < block[1] and shape[left + 1] in {_LETTER, _CAPITALS, _CAPITALISED, _INNER_CAPITAL}
    if left == block[0]:
        before = 1
    else:
        before = {COMMA: 2, _COLON: 2, _STOP: 3, _CURLY_CLOSE: 3, _QUERY: 3}.get(int(shape[left - 1]), 0)
    flags = 128 * bool(capital) + 256 * before + 1024 * (not s.is_closed) + 2048 * s.is_single
    return 1 + length + 8 * last + 32 * behind + flags


def _add_stretch_neighbours(columns: Columns) -> None:
    """The words round a stretch in marks, known at each of its words: what comes before decides what it is."""
    word, first, after = columns["word"], columns["_first"], columns["_after"]
    is_in = columns["is_marked"] == 1
    last = len(word) - 1
    columns["stretch_size"] = np.where(is_in, 8 + np.minimum(columns["stretch"] & 7, 5), 0)
    for name, place in (
        ("before_stretch", first - 1),
        ("before_stretch2", first - 2),
        ("after_stretch", after),
        ("after_stretch2", after + 1),
    ):
        columns[name] = np.where(is_in, word[np.clip(place, 0, last)], 0)


def last_before(mask: NDArray[np.bool_], start: Ints) -> Ints:
    """Per place: the last place up to it where `mask` holds, not before `start`; else -1."""
    found = np.maximum.accumulate(np.where(mask, np.arange(len(mask)), -1))
    return np.where(found >= start, found, -1)


def next_after(mask: NDArray[np.bool_], end: Ints) -> Ints:
    """Per place: the next place from it on where `mask` holds, before `end`; else -1."""
    found = np.minimum.accumulate(np.where(mask, np.arange(len(mask)), len(mask) * 2)[::-1])[::-1]
    return np.where(found < end, found, -1)


def pick(values: Ints, place: Ints) -> Ints:
    """`values` at `place`, 0 where the place is -1."""
    return np.where(place >= 0, values[place], 0)


def far_class(there: Ints, distance: Ints) -> Ints:
    """A distance as a class of 1 to 8, 0 where there is nothing."""
    return np.where(there >= 0, np.searchsorted(_DISTANCES, distance), 0)


def _add_cue_columns(c: Columns, s: Sentences) -> None:
    """Where the sentence's likely cues, commas and marks stand, seen from each word."""
    word, index = c["word"], np.arange(len(c["word"]))
    strong = c["cue"] >= CUE_CLASS
    at_or_left, at_or_right = last_before(strong, s.start), next_after(strong, s.end)
    left, right = np.roll(at_or_left, 1), np.roll(at_or_right, -1)
    left, right = np.where(left >= s.start, left, -1), np.where(right < s.end, right, -1)
    c["left_far"], c["right_far"] = far_class(left, index - left), far_class(right, right - index)
    c["left_near"], c["right_near"] = np.minimum(c["left_far"], 5), np.minimum(c["right_far"], 5)
    c["left_word"], c["right_word"] = pick(word, left), pick(word, right)
    comma = ((c["shape"] == COMMA) & (c["marks"] != 1)) | (c["marks"] == _CLOSE_MARK)
    commas = np.cumsum(comma)
    c["left_commas"] = np.where(left >= 0, np.minimum(commas - pick(commas, left), 3) + 1, 0)
    c["right_commas"] = np.where(right >= 0, np.minimum(pick(commas, right) - commas, 3) + 1, 0)
    comma_left, comma_right = last_before(comma, s.start), next_after(comma, s.end)
    c["comma_right_word"] = pick(word, np.where(comma_right >= 0, comma_right + 1, -1))
    c["has_comma_right"] = (comma_right >= 0).astype(np.int64)
    c["comma_left_word"] = pick(word, np.where(comma_left >= 0, comma_left + 1, -1))
    c["comma_left_near"] = np.minimum(far_class(comma_left, index - comma_left), 4)
    _add_openers(c, s, left)
    _add_tail_and_head(c, s, at_or_left, at_or_right, comma_left)
    opening, closing = next_after(c["marks"] == _OPEN_MARK, s.end), last_before(c["marks"] == _CLOSE_MARK, s.start)
    c["next_mark"], c["last_mark"] = far_class(opening, opening - index), far_class(closing, index - closing)
    for name, has in (("sentence_marked", c["is_marked"] > 0), ("sentence_cued", strong)):
        holds = np.zeros(int(s.number.max(initial=0)) + 2, np.int64)
        holds[s.number[has & (s.number >= 0)]] = 1
        c[name] = np.where(s.number >= 0, holds[s.number], 0)


def _add_openers(c: Columns, s: Sentences, left: Ints) -> None:
    """Words that open what was said ("that", "to", a colon, a mark): the next one, and the last since the cue."""
    index = np.arange(len(s.start))
    opens = c["opens"] = np.where(c["marks"] == _OPEN_MARK, 9, np.where(c["is_marked"] == 1, 0, c["opens"]))
    ahead = next_after(opens > 0, s.end)
    c["opener"], c["opener_far"] = pick(opens, ahead), far_class(ahead, ahead - index)
    behind = last_before(opens > 0, np.maximum(s.start, left))
    c["opener_left"], c["opener_left_near"] = pick(opens, behind), np.minimum(far_class(behind, index - behind), 5)
    c["end_far"] = np.searchsorted(_DISTANCES, s.end - index)
    opened = np.cumsum(c["marks"] == _OPEN_MARK)
    c["marks_before"] = np.where(s.number >= 0, np.minimum(opened - opened[np.maximum(s.start - 1, 0)], 3), 0)


def _add_tail_and_head(c: Columns, s: Sentences, at_or_left: Ints, at_or_right: Ints, comma_left: Ints) -> None:
    """The sentence's last cue with a comma shortly before it (", she said.") and its first ("She said …")."""
    index = np.arange(len(s.start))
    last = np.where(s.number >= 0, at_or_left[np.maximum(s.end - 1, 0)], -1)
    last = np.where(last >= s.start, last, -1)
    comma = np.where(last >= 0, comma_left[last], -1)
    has_tail = (comma >= 0) & (last - comma <= _LONGEST_TAIL)
    c["has_tail"] = has_tail.astype(np.int64)
    c["tail_far"] = far_class(last, s.end - last)
    c["tail_near"] = np.minimum(c["tail_far"], 4)
    c["tail_word"] = pick(c["word"], last)
    c["tail_side"] = np.where(has_tail, np.where(index <= comma, 1, np.where(index < last, 2, 3)), 0)
    first = np.where(s.number >= 0, at_or_right[s.start], -1)
    c["head_far"] = far_class(first, first - s.start)
    c["head_near"] = np.minimum(c["head_far"], 4)
    c["head_word"] = pick(c["word"], first)
    c["head_side"] = np.where(first >= 0, np.where(index < first, 1, np.where(index == first, 2, 3)), 0)
