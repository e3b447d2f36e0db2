"""Whether the speaker that a claim names is the one that the articles name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from bot.matching.normalise import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Said before a name or after it, and no part of it.
_TITLES = frozenset(
    (  # noqa: SIM905 - reads as a list of words
        "mr mrs ms miss mx dr prof professor sir dame lord lady sen senator rep representative gov governor del pres "
        "president vice prime minister chancellor secretary chief justice judge gen general lt ltgen lieutenant col "
        "colonel maj major capt captain sgt sergeant staff cpl adm admiral rev reverend father fr sister saint st "
        "king queen prince princess pope bishop archbishop cardinal imam rabbi ayatollah sheikh hon honourable "
        "honorable speaker leader majority minority chairman chairwoman chair spokesman spokeswoman spokesperson "
        "mayor attorney former ex acting interim deputy retired democratic republican democrat house herr frau "
        "monsieur madame señor señora jr sr ii iii"
    ).split()
)
_ARTICLES = frozenset(
    ["the", "a", "an", "of", "and", "for", "der", "die", "das", "le", "la", "les", "el", "los", "las", "de"]
)
_BODY_WORDS = frozenset(
    (  # noqa: SIM905 - reads as a list of words
        "academy administration agency alliance army association authority bank board bureau campaign caucus center "
        "centre church club coalition college commission committee company congress consult corporation corps council "
        "county court daily department division embassy endowment enterprise federation firm force foundation front "
        "fund government group guard hospital house inc initiative institute institution international journal league "
        "magazine ministry movement museum network news newspaper office organisation organization parliament party "
        "police post press program programme project school senate service society state studies team times tribune "
        "trust american republican democrat democratic committeeman national union university white"
    ).split()
)
_ACRONYM = re.compile(r"\b[A-Z][A-Z&]{1,7}[A-Z]\b")
_CLAUSE = re.compile(r",|\s(?:who|whose|which|of|at|from|for|in|with)\s")
_CAPITALISED = re.compile(r"[A-Z][\w.'’-]*(?:\s+(?:(?:al|bin|de|del|der|van|von)\s+)?[A-Z][\w.'’-]*)*")
_NICKNAMES = (
    {"bill", "william", "will", "billy"},
    {"bob", "robert", "rob", "bobby"},
    {"mike", "michael", "mick"},
    {"jim", "james", "jimmy", "jamie"},
    {"joe", "joseph", "joey"},
    {"tom", "thomas", "tommy"},
    {"dick", "richard", "rick", "rich"},
    {"dan", "daniel", "danny"},
    {"dave", "david"},
    {"chris", "christopher", "christine", "christina"},
    {"liz", "elizabeth", "beth", "betty", "lisa"},
    {"kate", "katherine", "catherine", "kathy", "cathy"},
    {"tony", "anthony"},
    {"steve", "steven", "stephen"},
    {"ed", "edward", "eddie", "ted"},
    {"ben", "benjamin"},
    {"sam", "samuel", "samantha"},
    {"nick", "nicholas"},
    {"matt", "matthew"},
    {"andy", "andrew", "drew"},
    {"alex", "alexander", "alexandra"},
    {"ron", "ronald", "ronny"},
    {"don", "donald"},
    {"ken", "kenneth"},
    {"tim", "timothy"},
    {"greg", "gregory"},
    {"jeff", "jeffrey", "geoffrey"},
    {"larry", "lawrence", "laurence"},
    {"jack", "john", "johnny", "jon", "jonathan"},
    {"sue", "susan", "suzanne"},
    {"bernie", "bernard"},
    {"chuck", "charles", "charlie"},
    {"pat", "patrick", "patricia"},
    {"peggy", "margaret", "maggie", "meg"},
    {"abby", "abigail"},
    {"al", "albert", "alan"},
    {"fred", "frederick", "alfred"},
    {"gerry", "gerald", "jerry"},
    {"harry", "harold", "henry", "hank"},
    {"ray", "raymond"},
    {"vlad", "vladimir"},
)
_SLIP_FROM_LENGTH = 5
_SLIP_LIKENESS = 0.74
_MAX_NAME_CHARS = 200


def split_name(name: str) -> tuple[str, ...]:
    """The telling words of a name, folded: no titles, no articles; all words where nothing else is left."""
    words = split_words(name[:_MAX_NAME_CHARS])
    forms = [
        form.removesuffix("s") if _is_possessive(words.text, span) else form
        for form, span in zip(words.forms, words.spans, strict=True)
    ]
    return (
        tuple(form for form in forms if form not in _TITLES and form not in _ARTICLES)
        or tuple(form for form in forms if form not in _ARTICLES)
        or tuple(forms)
    )


def _is_possessive(text: str, span: tuple[int, int]) -> bool:
    return bool(re.search(r"['’]s$", text[span[0] : span[1]], re.IGNORECASE))


def is_same_name(claimed: str, name: str) -> bool:
    """True when the two may name the same speaker: surname for full name, initials, titles, nicknames, small slips.

    "Clinton" fits "Hillary Clinton" and "Bill Clinton"; "Bill Clinton" does not fit "Hillary Clinton".
    """
    ours, theirs = split_name(claimed), split_name(name)
    if not ours or not theirs:
        return False
    if _are_same(ours, theirs) or _are_initials(ours, theirs) or _are_initials(theirs, ours):
        return True
    shorter, longer = sorted((ours, theirs), key=len)
    if not _is_slip(shorter[-1], longer[-1]):
        # A body is known by its first word too: "Asaib" for "Asaib Ahl al-Haq".
        return len(shorter) == 1 and _is_slip(shorter[0], longer[0])
    if len(shorter) == 1:
        return True
    return _is_same_given_name(shorter[0], longer[0]) or _contains(longer, shorter)


def _are_same(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    return "".join(ours) == "".join(theirs) or (
        len(ours) == len(theirs) and all(_is_slip(a, b) for a, b in zip(ours, theirs, strict=True))
    )


def _is_same_given_name(ours: str, theirs: str) -> bool:
    if ours == theirs or (ours[0] == theirs[0] and 1 in {len(ours), len(theirs)}):
        return True
    return any(ours in names and theirs in names for names in _NICKNAMES) or _is_slip(ours, theirs)


def _is_slip(ours: str, theirs: str) -> bool:
    if ours == theirs:
        return True
    if min(len(ours), len(theirs)) < _SLIP_FROM_LENGTH:
        return False
    return OSA.normalized_similarity(ours, theirs) >= _SLIP_LIKENESS


def _are_initials(short: Sequence[str], long: Sequence[str]) -> bool:
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(form[0] for form in long)


def _contains(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    size = len(shorter)
    return any(tuple(longer[k : k + size]) == tuple(shorter) for k in range(len(longer) - size + 1))


def is_one_of(claimed: str, names: Iterable[str]) -> bool:
    """True when a speaker who goes by all of `names` may be the claimed one.

    "Dunne" alone does not make "Ivo Dunne" of somebody who is also called "Orla Dunne".
    """
    given = [name for name in names if name]
    if len(split_name(claimed)) > 1:
        full = [name for name in given if len(split_name(name)) > 1]
        given = full or given
    return any(is_same_name(claimed, name) for name in given)


def read_head(source: str) -> str:
    """Who a source is about: "Northport delegate Kim Roe, who met Ivo Marsh" → "Kim Roe"."""
    names = _CAPITALISED.findall(_CLAUSE.split(source, maxsplit=1)[0])
    return names[-1] if names else source


def is_body(name: str) -> bool:
    """True for what names an organisation rather than a person: "Ports Board", "University of Northport", "NASA"."""
    name = name[:_MAX_NAME_CHARS]
    return bool(_BODY_WORDS.intersection(split_words(name).forms)) or bool(_ACRONYM.search(name))


def is_printed_in(claimed: str, source: str) -> bool:
    """True when a source as printed ("Kim Roe, head of the Ports Board") holds the claimed name, a person or a body."""
    ours = split_name(claimed)
    words = split_words(source[: 4 * _MAX_NAME_CHARS])
    theirs = [form for form in (*words.forms,) if form not in _ARTICLES]
    possessives = [form.removesuffix("s") for form in theirs]
    everything = split_words(claimed[:_MAX_NAME_CHARS]).forms
    whole = [form for form in everything if form not in _ARTICLES]
    return any(bool(part) and (_contains(theirs, part) or _contains(possessives, part)) for part in (ours, whole))


def is_named_in(claimed: str, text: str) -> bool:
    """True when a stretch of text mentions the claimed speaker, by the whole name or a capitalised surname."""
    ours = split_name(claimed)
    if not ours:
        return False
    surname = ours[-1]
    return any(fold == surname or fold.removesuffix("s") == surname for fold in _fold_capitalised(text))


def _fold_capitalised(text: str) -> Iterable[str]:
    words = split_words(text)
    for form, (start, _) in zip(words.forms, words.spans, strict=True):
        if text[start].isupper() or not text[start].isascii():
            yield form
