"""Where an article mentions somebody or something: names, pronouns, and nouns for people and bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.reading.kinds import INITIAL, after_title, classify
from bot.reading.mentions import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.reading.lexicon import Gender, Lexicon
    from bot.reading.mentions import Kind
    from db.model import Span

# A word with its inner marks; "al-Haq" and "d'Estaing" are one word. Possessive endings are cut off later.
_WORD = re.compile(r"(?:\b(?:al|el|an|as|ad|ash|at|ar|az)-|\b[dl]['’])?\w+(?:['’.&\-]\w+)*")
_POSSESSIVE = re.compile(r"['’][sS]?$")
_CONTRACTED = re.compile(r"['’].*$")
_BREAK = re.compile(r"[,;:.!?()\[\]\"“”„«»—–…\n]")
_NEXT_WORD = re.compile(r"[ \u00a0]([a-z][\w-]*)")
_APPOSITION = re.compile(
    r", (?:\d+, )?(?:who (?:is|was) )?(?P<role>(?:the|a|an|his|her|their|its|[a-z])[^,.;:()\"“”—–\n]{2,90})"
)
# "Li Wei, 34,": only people have an age.
_AGE = re.compile(r", \d{1,3}(?=[,.;])")
_ROLE_BEFORE = re.compile(r"\b(?:[a-z][\w-]*[ \u00a0]){1,3}$")
# The party and state behind a lawmaker's name: (R-Wis.).
_PARTY = re.compile(r"^[A-Z]-[A-Z]\w*$|^[A-Z]$")
_SPACES = frozenset([" ", "\u00a0"])
# "the Traders' Association"
_PLURAL_OWNERS = frozenset(["' ", "’ "])
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
_ABBREVIATED = frozenset(["st", "ft", "mt"])
_OWNING = frozenset(["his", "her", "its", "their"])
_OBJECTS = frozenset(["him", "them"])

# How far parts of one mention may lie apart, in words or characters; longer stretches are never one.
_MAX_NAME_WORDS = 9
_MAX_NOUN_WORDS = 5
_MAX_NOUN_PHRASE = 60
_MAX_OWNED = 30
_MAX_GAP = 16
_MAX_ROLE = 80
_ROLE_HEAD_WORDS = 8


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    word: str
    low: str

    @property
    def is_plain(self) -> bool:
        """Only the first letter is large."""
        return self.word[1:] == self.low[1:]


def find_mentions(text: str, block: Span, lexicon: Lexicon, common: frozenset[str] = frozenset()) -> list[Mention]:
    """Find every mention in one block, in reading order. One pass over its words, linear in its length.

    Args:
        text: The article.
        block: The stretch of it to look at.
        lexicon: The word tables.
        common: Words that the article also writes small; one of them at the start of a sentence is no name.
    """
    return list(_Scan(text, block, lexicon, common).mentions())


class _Scan:
    """One pass over a block: the words before the one in hand that still matter."""

    def __init__(self, text: str, block: Span, lexicon: Lexicon, common: frozenset[str]) -> None:
        self.text, self.block, self.lexicon, self.common = text, block, lexicon, common
        self.run: list[_Token] = []
        self.run_before = self.run_determiner = ""
        self.before, self.before_end = "", block.start
        self.owner_end = -1
        self.determiner: _Token | None = None
        self.determiner_before = ""

    def mentions(self) -> Iterator[Mention]:
        """Walk through the words; a name ends where the next word does not go on with it."""
        lex = self.lexicon
        for match in _WORD.finditer(self.text, self.block.start, self.block.end):
            word = match.group()
            low = word.lower()
            if word == low and low in lex.nouns:
                yield from self._flush()
                yield from self._noun(_Token(match.start(), match.end(), word, low))
            elif word != low or low in lex.pronouns or low in lex.determiners or "'" in low or "’" in low:
                yield from self._special(_Token(match.start(), match.end(), word, low))
            self.before, self.before_end = low, match.end()
        yield from self._flush()

    def _special(self, token: _Token) -> Iterator[Mention]:
        """A pronoun, a determiner or a word written large."""
        lex, word, low = self.lexicon, token.word, token.low
        bare = _CONTRACTED.sub("", low)
        if bare in lex.pronouns and (low != bare or token.is_plain):
            yield from self._flush()
            yield self._pronoun(token.start, token.start + len(bare), bare)
        elif low != bare and bare in lex.starters:
            yield from self._flush()
        elif low in lex.determiners and token.is_plain:
            self.determiner, self.determiner_before = token, self._word_before(token.start)
        elif word != low and (word[0].isupper() or not word.isalnum()):
            if not self._joins(token):
                yield from self._flush()
                self._open_run(token)
            self.run.append(token)

    def _open_run(self, token: _Token) -> None:
        self.run_before, self.run_determiner = self._word_before(token.start), ""
        last = self.determiner
        if last and token.start - last.end == 1:
            self.run_determiner, self.run_before = last.low, self.determiner_before

    def _word_before(self, start: int) -> str:
        return self.before if start - self.before_end == 1 else ""

    def _joins(self, token: _Token) -> bool:
        """Whether a capitalised word goes on with the name before it: "Ada" + "Okoye", "League" of the "Righteous"."""
        if not self.run or len(self.run) >= _MAX_NAME_WORDS or token.start - self.run[-1].end > _MAX_GAP:
            return False
        last = self.run[-1]
        gap = self.text[last.end : token.start]
        if gap in _SPACES:
            return not _POSSESSIVE.search(last.word)
        if gap.strip() in {".", ""} and "\n" not in gap:
            return bool(INITIAL.match(last.word)) or last.low in self.lexicon.titles or last.low in _ABBREVIATED
        if gap == ", ":
            return token.low in _SUFFIXES
        if gap in _PLURAL_OWNERS:
            return last.low.endswith("s") and token.low in self.lexicon.body_words
        return gap == " & " or (gap[0] == gap[-1] == " " and self._is_joint(gap[1:-1]))

    def _is_joint(self, words: str) -> bool:
        """Small words inside a name: "of the" in a body's, "and" where "of" went before, "van der" in a person's."""
        lex = self.lexicon
        is_body = any(t.low in lex.body_words or t.low in lex.heads for t in self.run)
        if words in lex.joints and is_body:
            return True
        if words == "and":
            return is_body and any(self.text[a.end : b.start] in {" of ", " for "} for a, b in pairwise(self.run))
        return bool(words) and all(w in lex.particles for w in words.split(" "))

    def _pronoun(self, start: int, end: int, low: str) -> Mention:
        is_oblique = low in _OBJECTS or self._word_before(start) in self.lexicon.prepositions
        return Mention(
            start, end, "pronoun", (low,), "unknown", self.lexicon.pronouns[low],
            is_possessive=low in _OWNING, is_oblique=is_oblique,
        )  # fmt: skip

    def _noun(self, token: _Token) -> Iterator[Mention]:
        """A noun phrase for a person or body: "the mayor", "two officials", "his wife", "critics"."""
        lex, low, start = self.lexicon, token.low, token.start
        determiner, before = "", self._word_before(start)
        last = self.determiner
        if last and start - last.end < _MAX_NOUN_PHRASE and self._is_phrase(last.end, start):
            start, determiner, before = last.start, last.low, self.determiner_before
        elif 0 < start - self.owner_end <= _MAX_OWNED and self._is_phrase(self.owner_end, start):
            start, determiner = self.owner_end + 1, "'s"
        kind: Kind = "people" if low in lex.plural_nouns else "person" if low in lex.roles else "body"
        if not determiner and kind != "people":
            return
        gender: Gender = "plural" if kind == "people" else "thing" if kind == "body" else lex.roles[low]
        yield Mention(
            start, token.end, "noun", (low,), kind, gender, determiner=determiner,
            is_possessive=self.text[token.end : token.end + 2] in {"'s", "’s"}, is_oblique=before in lex.prepositions,
        )  # fmt: skip

    def _is_phrase(self, start: int, end: int) -> bool:
        between = self.text[start:end]
        return between.count(" ") <= _MAX_NOUN_WORDS and not _BREAK.search(between)

    def _flush(self) -> Iterator[Mention]:
        run, self.run = self.run, []
        for part in _split_calendar(run, self.lexicon):
            name = self._without_starters(part)
            if name:
                yield from self._name(name, at_start=self._is_sentence_start(name[0].start))

    def _without_starters(self, run: list[_Token]) -> list[_Token]:
        """Drop common words that are large because a sentence starts with them: "Certainly Ada Okoye"."""
        lex = self.lexicon
        at_start = self._is_sentence_start(run[0].start)
        while run and run[0].is_plain:
            low, is_first = (
                run[0].low,
                len(run) > 1 and (run[0].low in lex.first_names or run[0].low in lex.place_heads),
            )
            is_common = at_start and low not in lex.first_names and (low in self.common or low.endswith("ly"))
            if is_first or not (low in lex.starters or is_common):
                break
            run = run[1:]
        return run

    def _is_sentence_start(self, start: int) -> bool:
        before = self.text[max(start - 2, self.block.start) : start].strip()
        return start == self.block.start or before[-1:] in {".", "!", "?", "“", '"', ""}

    def _name(self, run: list[_Token], *, at_start: bool) -> Iterator[Mention]:
        lex = self.lexicon
        bare = _POSSESSIVE.sub("", run[-1].word)
        end = run[-1].start + len(bare)
        if not bare or (len(run) == 1 and _PARTY.match(bare)):
            return
        is_possessive = end < run[-1].end or self.text[end : end + 2] in {"’ ", "' "}
        self.owner_end = run[-1].end if is_possessive else -1
        lows = [*(t.low for t in run[:-1]), bare.lower()]
        first = after_title(lows, lex)
        if first == len(lows):
            yield from self._capital_role(run[0].start, end, lows, is_possessive=is_possessive)
            return
        has_title = any(w.rstrip(".") in lex.titles or w in lex.roles for w in lows[:first])
        title, rest = " ".join(lows[:first]) if has_title else "", lows[first:]
        noun = "" if is_possessive else self._noun_behind(end)
        kind, gender = classify(rest, [*(t.word for t in run[first:-1]), bare], title, lex)
        role = "" if is_possessive else self._role(run[0].start, end)
        has_age = _AGE.match(self.text, end, min(self.block.end, end + _MAX_GAP)) is not None
        if kind == "unknown" or (len(rest) == 1 and at_start):
            kind, gender = self._reconsider(kind, gender, rest, noun, at_start=at_start)
            is_common = len(rest) == 1 and at_start and rest[0] in lex.common_bodies
            kind = "person" if kind == "unknown" and (role or has_age) and not is_common else kind
        yield Mention(
            run[first].start, end, "name", _printed(self.text, run[first:], bare), kind, gender, title=title,
            determiner=self.run_determiner, noun=noun, role=role, is_possessive=is_possessive,
            is_oblique=self.run_before in lex.prepositions, is_asked=self.run_before in lex.asking,
            is_initial=at_start and first == 0,
        )  # fmt: skip

    def _reconsider(
        self, kind: Kind, gender: Gender, rest: Sequence[str], noun: str, *, at_start: bool
    ) -> tuple[Kind, Gender]:
        """What the words round a name tell of its kind."""
        lex = self.lexicon
        if len(rest) == 1 and at_start and (rest[0] in lex.roles or rest[0] in lex.common_bodies):
            return "unknown", ""
        if kind != "unknown":
            return kind, gender
        if noun in lex.body_nouns and len(rest) > 1:
            return "body", "thing"
        if len(rest) == 1 and not self.run_determiner and self.run_before in lex.place_prepositions:
            return "place", "thing"
        return kind, gender

    def _capital_role(self, start: int, end: int, lows: Sequence[str], *, is_possessive: bool) -> Iterator[Mention]:
        """A role written large is no name: "the President", "the Prime Minister"."""
        head = next((w for w in reversed(lows) if w in self.lexicon.roles), "")
        if head:
            yield Mention(
                start, end, "noun", (head,), "person", self.lexicon.roles[head],
                determiner=self.run_determiner or "the", is_possessive=is_possessive,
            )  # fmt: skip

    def _noun_behind(self, end: int) -> str:
        match = _NEXT_WORD.match(self.text, end, min(self.block.end, end + _MAX_NOUN_PHRASE))
        return match.group(1) if match else ""

    def _role(self, start: int, end: int) -> str:
        """What an apposition calls the name: "campaign manager" before it, "the mayor of Springfield" behind it."""
        behind = _APPOSITION.match(self.text, end, min(self.block.end, end + _MAX_ROLE + 20))
        if behind:
            role = behind.group("role").strip()
            words = role.lower().replace("-", " ").split()[:_ROLE_HEAD_WORDS]
            if any(w in self.lexicon.roles for w in words):
                return role if len(role) <= _MAX_ROLE else role[:_MAX_ROLE].rpartition(" ")[0]
        if self.run_before not in self.lexicon.roles:
            return ""
        ahead = _ROLE_BEFORE.search(self.text, max(self.block.start, start - _MAX_NOUN_PHRASE), start)
        return ahead.group().strip() if ahead else ""


def _split_calendar(run: list[_Token], lexicon: Lexicon) -> Iterator[list[_Token]]:
    part: list[_Token] = []
    for token in run:
        if token.low in lexicon.calendar:
            if part:
                yield part
            part = []
        else:
            part.append(token)
    if part:
        yield part


def _printed(text: str, run: Sequence[_Token], last: str) -> tuple[str, ...]:
    """The name's words as printed, small words inside included."""
    words: list[str] = []
    for a, b in pairwise(run):
        words.append(a.word + (text[a.end] if text[a.end : a.end + 1] in {".", "'", "’"} else ""))
        words.extend(w for w in text[a.end : b.start].split() if w[:1].isalpha() or w == "&")
    return (*words, last)
