"""Says how a claimed quote differs from the words it was laid over, and which differences matter.

What a person may do to a quote without altering it: change marks, case and spacing, leave words out behind an ellipsis,
insert words in square brackets, or pass over the "he said" in the middle. Everything else is a change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal
from unicodedata import category

from db.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from bot.matching.align import Alignment
    from bot.matching.normalise import Words

Op = Literal["equal", "insert", "delete", "replace"]
ChangeKind = Literal["number", "negation", "left_out", "added", "replaced"]

NEGATIONS = frozenset(
    (  # noqa: SIM905 - reads as a list of words
        "no not never none nobody noone nothing nowhere neither nor without cannot hardly scarcely barely rarely "
        "seldom non nay aint arent cant couldnt darent didnt doesnt dont hadnt hasnt havent isnt mightnt mustnt "
        "neednt oughtnt shant shouldnt wasnt werent wont wouldnt nicht kein keine keinen keinem keiner keines nie "
        "niemals nichts niemand ohne ne pas jamais rien sans personne nunca jamás nadie nada sin ningún ninguno "
        "ninguna tampoco"
    ).split()
)
# "no-one" and "noone", "non-smoker" and "nonsmoker" say the same.
_HYPHENATED_NEGATIONS = frozenset(["no", "noone", "non"])
_NUMBER_WORDS = frozenset(
    (  # noqa: SIM905 - reads as a list of words
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand "
        "thousands million millions billion billions trillion trillions dozen dozens half third quarter double "
        "triple twice percent"
    ).split()
)
# What a name in square brackets may stand for without changing who or what is meant.
_POINTERS = frozenset(
    (  # noqa: SIM905 - reads as a list of words
        "he him his she her hers it its they them their theirs this that these those the a an who which we us our"
    ).split()
)
# What may stand inside one word: hyphens, at a line's end too, full stops, and the marks of bold and italics.
_PARTING = re.compile(r"[-\u00ad\u2010-\u2013]\s*|\.|[*_~|]+")
_SENTENCE_END = re.compile(r"[.!?][\"”’')\]]*\s")
# Longer omissions are not one quotation any more. In words.
_MAX_ELIDED = 60
_MAX_BRACKETED = 8
# How far past the last shared word the original is shown, so that "as terrorists" stands against its whole counterpart.
_EDGE_SLACK = 3
# "North-port" for "Northport": into how many words one may be cut.
_MAX_RESPACED = 4


@dataclass(frozen=True, slots=True)
class Difference:
    """One step from the original to the claim; joined `claim` texts give the claim, joined `original` the original."""

    op: Op
    claim: str
    original: str


@dataclass(frozen=True, slots=True)
class Change:
    """A difference that makes the claim another statement, or at least not a quotation."""

    kind: ChangeKind
    claim: str
    original: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A claim, or a stretch of it, held against one stretch of text.

    `span` delimits the original's words in the text. `changes` is empty when the words are the same; `notes`
    names the liberties that are not counted.
    """

    span: Span
    steps: tuple[Difference, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Op:
    """A run of words set against each other: claim words [i1, i2), text words [j1, j2)."""

    is_equal: bool
    i1: int
    i2: int
    j1: int
    j2: int


def compare(
    claim: Words,
    text: Words,
    alignment: Alignment,
    *,
    free: Collection[int] = (),
    claim_range: tuple[int, int] | None = None,
    limit: tuple[int, int] | None = None,
) -> Comparison:
    """Describe what lies between a claim and the text it was aligned with.

    Args:
        claim: The claimed words.
        text: The words of the article, or of a window of it.
        alignment: Which claim words stand over which text words.
        free: Words of the text that may be left out ("he said" inside a quotation, editorial brackets), a whole
            stretch of them or none.
        claim_range: The stretch of the claim that this text answers for, half-open; all of it by default.
        limit: The text words among which counterparts of unmatched words at either end are looked for, half-open.
    """
    first, last = claim_range or (0, len(claim))
    free = _keep_untouched(free, [j for i, j in alignment.pairs if claim.forms[i] == text.forms[j]])
    ops = list(
        _pair_up(
            claim,
            text,
            alignment,
            free=free,
            claim_range=(first, last),
            limit=limit or alignment.text_range,
        )
    )
    changes: list[Change] = []
    notes: list[str] = []
    for op in ops:
        if op.is_equal:
            continue
        note = _excuse(claim, text, op, free)
        if note is None:
            changes.append(_name_change(claim, text, op, free))
        elif note:
            notes.append(note)
    j1, j2 = ops[0].j1, ops[-1].j2
    steps = tuple(_cut_steps(claim, text, ops, first=first == 0, last=last == len(claim)))
    if any(step.op == "equal" and step.claim.strip() != step.original.strip() for step in steps):
        notes.extend(_note_surface(claim, text, ops))
    return Comparison(
        span=Span(text.spans[j1][0], text.spans[j2 - 1][1]),
        steps=steps,
        changes=tuple(changes),
        notes=tuple(dict.fromkeys(notes)),
    )


def _keep_untouched(free: Collection[int], used: Collection[int]) -> frozenset[int]:
    """The stretches of free words of which the claim has none: half of what stands in brackets is a change."""
    kept: set[int] = set()
    stretch: list[int] = []
    for index in sorted(free):
        if stretch and index != stretch[-1] + 1:
            kept.update(stretch if not set(stretch).intersection(used) else ())
            stretch = []
        stretch.append(index)
    kept.update(stretch if not set(stretch).intersection(used) else ())
    return frozenset(kept)


def _pair_up(
    claim: Words,
    text: Words,
    alignment: Alignment,
    *,
    free: Collection[int],
    claim_range: tuple[int, int],
    limit: tuple[int, int],
) -> Iterator[_Op]:
    """Turn pairs into runs of equal and unequal words that cover the claim's range without a hole."""
    (i0, i9), (j0, j9) = alignment.claim_range, alignment.text_range
    before, behind = text.forms[limit[0] : j0], text.forms[j9 : limit[1]]
    lead, tail = claim.forms[claim_range[0] : i0], claim.forms[i9 : claim_range[1]]
    i, j = claim_range[0], j0 - _reach(lead[::-1], before[::-1], lambda k: j0 - 1 - k in free)
    end = claim_range[1], j9 + _reach(tail, behind, lambda k: j9 + k in free)
    same = [(a, b) for a, b in alignment.pairs if claim.forms[a] == text.forms[b]]
    start_i, start_j = i, j
    for a, b in [*same, end]:
        if (a, b) != (i, j):
            if (i, j) != (start_i, start_j):
                yield _Op(is_equal=True, i1=start_i, i2=i, j1=start_j, j2=j)
            yield _Op(is_equal=False, i1=i, i2=a, j1=j, j2=b)
            start_i, start_j = a, b
        i, j = a + 1, b + 1
    if end != (start_i, start_j):
        yield _Op(is_equal=True, i1=start_i, i2=end[0], j1=start_j, j2=end[1])


def _reach(unmatched: Sequence[str], room: Sequence[str], is_free: Callable[[int], bool]) -> int:
    """How many of the original's words past the last shared one stand against the claim's unmatched ones.

    Both run away from the shared words. All that is left of a quotation does where that is little more than what the
    claim has; else as many words as the claim has.
    """
    if 0 < len(unmatched) <= _MAX_RESPACED:
        for count in range(1, min(_MAX_RESPACED, len(room)) + 1):
            ours, theirs = unmatched, room[:count]
            if "".join(ours) == "".join(theirs) or "".join(ours[::-1]) == "".join(theirs[::-1]):
                return count
    taken = len(room) if len(room) <= len(unmatched) + _EDGE_SLACK else len(unmatched)
    taken = taken if unmatched else 0
    while taken and is_free(taken - 1):
        taken -= 1
    return taken


def _excuse(claim: Words, text: Words, op: _Op, free: Collection[int]) -> str | None:
    """The note on a difference that does not count; None for one that does."""
    missing = [j for j in range(op.j1, op.j2) if j not in free]
    if op.i1 == op.i2:
        return _excuse_omission(claim, text, op, missing)
    if _is_respaced(claim, text, op):
        return "Hyphens or spaces stand elsewhere."
    return _excuse_brackets(claim, text, op, missing)


def _excuse_brackets(claim: Words, text: Words, op: _Op, missing: list[int]) -> str | None:
    """The note on words in square brackets, unless they change what is said."""
    inserted = claim.forms[op.i1 : op.i2]
    if not claim.bracketed.issuperset(range(op.i1, op.i2)) or len(inserted) > _MAX_BRACKETED:
        return None
    if any(is_negation(form) or is_number(form) for form in inserted):
        return None
    if any(text.forms[j] not in _POINTERS for j in missing):
        return None
    shown = claim.slice(op.i1, op.i2)
    if missing:
        return f"“[{shown}]” stands in square brackets where the article has “{text.slice(op.j1, op.j2)}”."
    return f"“[{shown}]” in square brackets is an insertion, not in the article."


def _excuse_omission(claim: Words, text: Words, op: _Op, missing: list[int]) -> str | None:
    if any(is_negation(text.forms[j]) for j in text.bracketed.intersection(range(op.j1, op.j2))):
        return None
    if not missing:
        left_out = text.text[text.spans[op.j1 - 1][1] : text.spans[op.j2][0]] if op.j2 < len(text) else ""
        return f"The article has “{left_out.strip()}” in between." if left_out.strip() else ""
    if op.i1 not in claim.elided or len(missing) > _MAX_ELIDED or _hides_negation(text, op):
        return None
    return f"An ellipsis leaves out “{text.slice(op.j1, op.j2)}”."


def _hides_negation(text: Words, op: _Op) -> bool:
    """True when the words left out include a negation of a sentence that is quoted in part."""
    before = text.text[text.spans[op.j1 - 1][1] : text.spans[op.j1][0]] if op.j1 else ". "
    starts_whole = bool(_SENTENCE_END.search(before + " "))
    sentences: list[list[int]] = [[]]
    for j in range(op.j1, op.j2):
        sentences[-1].append(j)
        gap = text.text[text.spans[j][1] : text.spans[j + 1][0]] if j + 1 < len(text) else ". "
        if _SENTENCE_END.search(gap + " "):
            sentences.append([])
    partial = sentences[-1:] if starts_whole else [sentences[0], sentences[-1]]
    return any(is_negation(text.forms[j]) for part in partial for j in part)


def _is_respaced(claim: Words, text: Words, op: _Op) -> bool:
    """True for "wellknown" against "well-known": the same letters, with a hyphen or full stop where the words part.

    "Now-here" is not "nowhere", and "1-5" is not "15".
    """
    i1, i2, j1, j2 = op.i1, op.i2, op.j1, op.j2
    if "".join(claim.forms[i1:i2]) != "".join(text.forms[j1:j2]):
        return False
    while i1 < i2 and claim.forms[i1] == text.forms[j1]:
        i1, j1 = i1 + 1, j1 + 1
    while i1 < i2 and claim.forms[i2 - 1] == text.forms[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
    ours, theirs = claim.forms[i1:i2], text.forms[j1:j2]
    if set(filter(is_negation, ours)).symmetric_difference(filter(is_negation, theirs)) - _HYPHENATED_NEGATIONS:
        return False
    if any(one[-1].isdigit() and other[0].isdigit() for side in (ours, theirs) for one, other in pairwise(side)):
        return False
    parts = [claim.between(i) for i in range(i1 + 1, i2)] + [text.between(j) for j in range(j1 + 1, j2)]
    return all(_PARTING.fullmatch(part) for part in parts)


def is_negation(form: str) -> bool:
    """True for a folded word that turns a statement round."""
    return form in NEGATIONS


def is_number(form: str) -> bool:
    """True for a folded word that counts or measures."""
    return form in _NUMBER_WORDS or form == "-" or any(c.isdigit() or category(c) in {"Sc", "Sm"} for c in form)


def _name_change(claim: Words, text: Words, op: _Op, free: Collection[int]) -> Change:
    """The gravest thing that happened between two unequal runs."""
    claimed = claim.forms[op.i1 : op.i2]
    # Of words that may be passed over, only a "[not]" of the article's own can have changed anything.
    kept = [j for j in range(op.j1, op.j2) if j not in free or (j in text.bracketed and is_negation(text.forms[j]))]
    original = [text.forms[j] for j in kept]
    kind: ChangeKind
    if sum(map(is_negation, claimed)) != sum(map(is_negation, original)):
        kind = "negation"
    elif sorted(filter(is_number, claimed)) != sorted(filter(is_number, original)):
        kind = "number"
    elif not claimed:
        kind = "left_out"
    elif not original:
        kind = "added"
    else:
        kind = "replaced"
    return Change(kind=kind, claim=claim.slice(op.i1, op.i2), original=text.slice(op.j1, op.j2))


def _cut_steps(claim: Words, text: Words, ops: list[_Op], *, first: bool, last: bool) -> Iterator[Difference]:
    """Give every run its characters, so that nothing of claim or original falls between two steps."""
    text_end = text.spans[ops[-1].j2 - 1][1]
    for number, op in enumerate(ops):
        claimed = _segment(claim, op.i1, op.i2, whole_start=first and not number, whole_end=last and op is ops[-1])
        original = ""
        if op.j1 < op.j2:
            end = text_end if op is ops[-1] or ops[-1].j2 == op.j2 else text.spans[op.j2][0]
            original = text.text[text.spans[op.j1][0] : end]
        kind: Op = "equal" if op.is_equal else "insert" if not original else "delete" if op.i1 == op.i2 else "replace"
        yield Difference(op=kind, claim=claimed, original=original)


def _segment(claim: Words, first: int, last: int, *, whole_start: bool, whole_end: bool) -> str:
    if first == last and not (whole_start or whole_end):
        return ""
    start = 0 if whole_start else claim.spans[first][0] if first < len(claim) else len(claim.text)
    end = len(claim.text) if whole_end or last >= len(claim) else claim.spans[last][0]
    return claim.text[start:end]


def _note_surface(claim: Words, text: Words, ops: list[_Op]) -> Iterator[str]:
    """Say whether capitals or marks differ where the words are the same."""
    equal = [op for op in ops if op.is_equal]
    claimed = [claim.text[s:e] for op in equal for s, e in claim.spans[op.i1 : op.i2]]
    original = [text.text[s:e] for op in equal for s, e in text.spans[op.j1 : op.j2]]
    if any(a != b and a.casefold() == b.casefold() for a, b in zip(claimed, original, strict=True)):
        yield "Capital letters differ."
    if any(_squeeze(claim.slice(op.i1, op.i2)) != _squeeze(text.slice(op.j1, op.j2)) for op in equal):
        yield "Marks or spaces differ."


def _squeeze(words: str) -> str:
    return words.casefold()
