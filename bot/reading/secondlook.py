"""What a second look knows: where the first one saw content, cues and sources, and how sure it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.reading.wordfeatures import COMMA, far_class, last_before, next_after, pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.reading.decoding import Decoded
    from bot.reading.wordfeatures import Columns, Ints, WordTable

FIRST_NUMBER = 200  # template numbers of the second look, apart from those of the first
_MARGINS = np.array([-8.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0])
_KIND_BITS = 0x3FFFFFFF

_TEMPLATES = """
seen-1 seen|seen seen+1|seen-2 seen-1 seen seen+1 seen+2|seen word|seen word-1|seen word+1|seen+1 word|seen-1 word
seen marks marks-1 marks+1|seen stretch|seen from_start|seen sure|sure-1 sure sure+1|sure marks from_start
seen is_opened shape-1|seen pattern|seen pattern so_far|so_far word|so_far seen sure|pattern pattern_before
pattern pattern_after seen|seen cue_left_word cue_left_far|seen cue_right_word cue_right_far
seen segment_size segment_first|seen segment_size segment_last marks|seen cue_left_far cue_right_far marks
seen next_kind last_kind|seen next_kind last_kind next_word|seen next_kind last_kind last_word
kind_at_start seen shape-1
seen end_far segment_last|sure stretch|stretch pattern|segment_sure segment_size kind|segment_sure marks seen
cue_left_word word kind|cue_left_word opener_left kind|pattern is_title seen
"""
TEMPLATES = tuple(tuple(part.split()) for line in _TEMPLATES.split("\n") for part in line.split("|") if part)


def look_again(table: WordTable, decoded: Decoded, labels: Sequence[str]) -> Columns:
    """The table's columns with those added that the second look's templates name."""
    c = dict(table.columns)
    places = np.arange(len(decoded.best))
    is_word = table.sentences.number >= 0
    kinds = sorted({label[1:] for label in labels if label != "O"})
    kind_of = np.array([0 if label == "O" else kinds.index(label[1:]) + 1 for label in labels])
    begins = np.array([label[0] == "B" for label in labels])
    c["seen"] = np.where(is_word, decoded.best + 1, 0)
    c["kind"] = np.where(is_word, kind_of[decoded.best], 0)
    c["sure"] = np.where(is_word, _content_margin(decoded, labels), 0)
    _add_segments(c, table, is_word & begins[decoded.best], places)
    _add_neighbours(c, table, places, kinds)
    return c


def _content_margin(decoded: Decoded, labels: Sequence[str]) -> Ints:
    """How much better the best labelling with content here is than the best without, as a class."""
    is_content = np.array([label[1:2] in {"L", "R"} for label in labels])
    margin = decoded.totals[:, is_content].max(axis=1) - decoded.totals[:, ~is_content].max(axis=1)
    classes: Ints = np.searchsorted(_MARGINS, margin) + 1
    return classes


def _add_segments(c: Columns, table: WordTable, begins: NDArray[np.bool_], places: Ints) -> None:
    """Size, edges and weakest word of the segment a word is in, and the sentence's row of segments as one number."""
    s = table.sentences
    kind = c["kind"]
    in_segment = kind > 0
    first = np.where(in_segment, np.maximum.accumulate(np.where(begins, places, 0)), places)
    ends = np.where(
        in_segment & ((np.roll(kind, -1) == 0) | np.roll(begins, -1) | (np.roll(kind, -1) != kind)), places, -1
    )
    last = np.where(in_segment, next_after(ends >= 0, np.full(len(places), len(places))), places)
    c["segment_size"] = np.where(in_segment, far_class(first, last - first + 1), 0)
    c["segment_first"] = np.where(in_segment, (first == s.start) + 2 * (c["shape"][first - 1] == COMMA), 0)
    c["segment_last"] = np.where(in_segment, np.minimum(s.end - 1 - last, 3) + 1, 0)
    weakest = np.where(in_segment, c["sure"], 99)
    starts = np.flatnonzero(begins)
    c["segment_sure"] = np.zeros(len(places), np.int64)
    if len(starts):
        low = np.minimum.reduceat(weakest, starts)
        c["segment_sure"] = np.where(
            in_segment, low[np.maximum(np.searchsorted(starts, places, side="right") - 1, 0)], 0
        )
    c["is_opened"] = begins.astype(np.int64)
    so_far = np.zeros(len(places), np.int64)
    whole = np.zeros(int(s.number.max(initial=0)) + 3, np.int64)
    for place in starts.tolist():
        number = s.number[place]
        whole[number] = so_far[place] = (whole[number] * 31 + int(kind[place])) & _KIND_BITS
    opened = last_before(begins, s.start)
    c["so_far"] = pick(so_far, opened)
    c["pattern"] = np.where(s.number >= 0, whole[s.number], 0)
    c["pattern_before"] = np.where(s.number >= 0, whole[s.number - 1], 0)
    c["pattern_after"] = np.where(s.number >= 0, whole[s.number + 1], 0)
    c["kind_at_start"] = kind[s.start]


def _add_neighbours(c: Columns, table: WordTable, places: Ints, kinds: list[str]) -> None:
    """The nearest seen cue on either side, and the nearest segments of another kind."""
    s, kind = table.sentences, c["kind"]
    is_cue = kind == kinds.index("Q") + 1
    left, right = np.roll(last_before(is_cue, s.start), 1), np.roll(next_after(is_cue, s.end), -1)
    left, right = np.where(left >= s.start, left, -1), np.where(right < s.end, right, -1)
    c["cue_left_far"], c["cue_right_far"] = far_class(left, places - left), far_class(right, right - places)
    c["cue_left_word"], c["cue_right_word"] = pick(c["word"], left), pick(c["word"], right)
    changes = kind != np.roll(kind, 1)
    before = last_before(changes, s.start)
    after = np.roll(next_after(changes, s.end), -1)
    after = np.where(after < s.end, after, -1)
    c["last_kind"] = np.where(before > 0, kind[before - 1] + 1, 0)
    c["last_word"] = np.where(before > 0, c["word"][before - 1], 0)
    c["next_kind"], c["next_word"] = pick(kind + 1, after), pick(c["word"], after)
