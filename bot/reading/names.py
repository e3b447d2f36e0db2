"""Where an article mentions somebody or something: names, pronouns, and nouns for people and bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.reading.lexicon import Gender, Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.model import Block, Span

Sort = Literal["name", "pronoun", "noun"]
Kind = Literal["person", "body", "place", "people", "thing", "unknown"]

# A word with its inner marks; "al-Haq" and "d'Estaing" are one word. Possessive endings are cut off later.
_WORD = re.compile(r"(?:\b(?:al|el|an|as|ad|ash|at|ar|az)-|\b[dl]['’])?\w+(?:['’.&\-]\w+)*")
_SMALL = re.compile(r"(?<![\w'’\-])[a-zà-öø-ÿ][a-zà-öø-ÿ]+(?![\w'’\-])")
_POSSESSIVE = re.compile(r"['’][sS]?$")
_CONTRACTED = re.compile(r"['’].*$")
_BREAK = re.compile(r"[,;:.!?()\[\]\"“”„«»—–…\n]")
_INITIAL = re.compile(r"^(?:\w\.)*\w$")
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
# Longest name kept, in words: a line of capitals is not a name.
_MAX_NAME_WORDS = 9
_MAX_NOUN_WORDS = 5
_MAX_ROLE = 80


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention. `span` covers the name without title and possessive ending, or the noun with its determiner.

    `words` are the name's words as printed, or the pronoun or head noun in lower case. `title` is what stands before
    the name in lower case ("sen."), `noun` a common noun right behind it ("militia"), `role` an apposition.
    """

    start: int
    end: int
    sort: Sort
    words: tuple[str, ...]
    kind: Kind
    gender: Gender = ""
    title: str = ""
    determiner: str = ""
    noun: str = ""
    role: str = ""
    is_possessive: bool = False
    is_oblique: bool = False
    is_asked: bool = False
    is_initial: bool = False


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    word: str
    low: str


def find_mentions(text: str, block: Span, lexicon: Lexicon, common: frozenset[str] = frozenset()) -> list[Mention]:
    """Find every mention in one block, in reading order. One pass over its words, linear in its length.

    Args:
        text: The article.
        block: The stretch of it to look at.
        lexicon: The word tables.
        common: Words that the article also writes small; one of them at the start of a sentence is no name.
    """
    return list(_Scan(text, block, lexicon, common).mentions())


def keep_names(
    found: Sequence[tuple[Block, list[Mention]]], sources: Sequence[int]
) -> list[tuple[Block, list[Mention]]]:
    """Drop what is no name: a single word that only ever stands large at the start of a sentence.

    Args:
        found: Blocks with their mentions.
        sources: Offsets at which sources begin; whoever says something is kept.
    """
    proper = {
        w
        for _, ms in found
        for m in ms
        if m.sort == "name" and not (m.is_initial and len(m.words) == 1)
        for w in m.words
    }
    starts = frozenset(sources)

    def is_kept(mention: Mention) -> bool:
        if mention.sort != "name" or mention.kind != "unknown" or not mention.is_initial or len(mention.words) > 1:
            return True
        return mention.words[0] in proper or mention.start in starts or mention.gender != ""

    return [(block, [m for m in mentions if is_kept(m)]) for block, mentions in found]


def is_headline(text: str, block: Block) -> bool:
    """Whether most words of a block are written large, as in a title or a subheading."""
    if block.kind == "title":
        return True
    if block.span.end - block.span.start > _MAX_HEADLINE:
        return False
    words = _LONG_WORD.findall(block.span.slice(text))
    return len(words) > 3 and sum(w[0].isupper() for w in words) >= 0.8 * len(words)


_MAX_HEADLINE = 160
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def find_common_words(text: str) -> frozenset[str]:
    """The words that an article writes small."""
    return frozenset(_SMALL.findall(text))


class _Scan:
    """One pass over a block: the words before the one in hand that still matter."""

    def __init__(self, text: str, block: Span, lexicon: Lexicon, common: frozenset[str]) -> None:
        self.text, self.block, self.lexicon, self.common = text, block, lexicon, common
        self.run: list[_Token] = []
        self.run_before = ""
        self.run_determiner = ""
        self.before = ""
        self.before_end = block.start
        self.owner_end = -1
        self.determiner: _Token | None = None
        self.determiner_before = ""

    def mentions(self) -> Iterator[Mention]:
        lex = self.lexicon
        pronouns, roles, plural, bodies = lex.pronouns, lex.roles, lex.plural_nouns, lex.body_nouns
        determiners = _DETERMINERS | lex.indefinite
        for match in _WORD.finditer(self.text, self.block.start, self.block.end):
            word = match.group()
            low = word.lower()
            if "'" in low or "’" in low:
                bare = _CONTRACTED.sub("", low)
                if bare in lex.starters and bare not in pronouns:
                    yield from self._flush()
                    self.before, self.before_end = low, match.end()
                    continue
                if bare in pronouns:
                    yield from self._flush()
                    yield self._pronoun(match.start(), match.start() + len(bare), bare)
                    self.before, self.before_end = low, match.end()
                    continue
            is_capital = word != low and (word[0].isupper() or (len(word) > 3 and word[2:4] != low[2:4]))
            if is_capital and not (low in pronouns and word[1:] == low[1:]):
                token = _Token(match.start(), match.end(), word, low)
                if low in determiners and word[1:] == low[1:]:
                    self._set_determiner(token)
                elif self._joins(token):
                    self.run.append(token)
                else:
                    yield from self._flush()
                    self._open_run(token)
            elif low in pronouns:
                yield from self._flush()
                yield self._pronoun(match.start(), match.end(), low)
            elif low in determiners:
                self._set_determiner(_Token(match.start(), match.end(), word, low))
            elif low in roles or low in plural or low in bodies:
                yield from self._flush()
                noun = self._noun(match, low)
                if noun:
                    yield noun
            self.before, self.before_end = low, match.end()
        yield from self._flush()

    def _open_run(self, token: _Token) -> None:
        self.run, self.run_before, self.run_determiner = [token], self._word_before(token.start), ""
        last = self.determiner
        if last and 0 < token.start - last.end < 2:
            self.run_determiner, self.run_before = last.low, self.determiner_before

    def _set_determiner(self, token: _Token) -> None:
        self.determiner, self.determiner_before = token, self._word_before(token.start)

    def _word_before(self, start: int) -> str:
        return self.before if start - self.before_end == 1 else ""

    def _joins(self, token: _Token) -> bool:
        """Whether a capitalised word goes on with the name before it: "Ada" + "Okoye", "League" of the "Righteous"."""
        if not self.run or len(self.run) >= _MAX_NAME_WORDS:
            return False
        last = self.run[-1]
        gap = self.text[last.end : token.start]
        if gap in {" ", "\u00a0"}:
            return not (last.word[-2:] in {"'s", "’s"} and len(last.word) > 2)
        if len(gap) > 16:
            return False
        if gap in {". ", ".\u00a0", "."}:
            return bool(_INITIAL.match(last.word)) or last.low in self.lexicon.titles or last.low in {"st", "ft", "mt"}
        if gap == ", ":
            return token.low in _SUFFIXES
        if gap == " & ":
            return True
        if gap[-1] != " " or gap[0] != " ":
            return False
        inner = gap[1:-1]
        if inner in self.lexicon.joints and any(t.low in self.lexicon.body_words or t.low in _HEADS for t in self.run):
            return True
        if inner == "and":
            return any(t.low in self.lexicon.body_words for t in self.run) and any(
                self.text[a.end : b.start] in {" of ", " for "} for a, b in zip(self.run, self.run[1:], strict=False)
            )
        return bool(inner) and all(w in self.lexicon.particles for w in inner.split(" "))

    def _pronoun(self, start: int, end: int, low: str) -> Mention:
        oblique = self._word_before(start) in self.lexicon.prepositions
        return Mention(
            start,
            end,
            "pronoun",
            (low,),
            "unknown",
            self.lexicon.pronouns[low],
            is_possessive=low in {"his", "its", "their", "her"},
            is_oblique=oblique or low in {"him", "them"},
        )

    def _noun(self, match: re.Match[str], low: str) -> Mention | None:
        """A noun phrase for a person or body: "the mayor", "two officials", "his wife", "critics"."""
        start, end = match.start(), match.end()
        determiner, oblique = "", self._word_before(start) in self.lexicon.prepositions
        token = self.determiner
        if token and start - token.end < 60:
            between = self.text[token.end : start]
            if between.count(" ") <= _MAX_NOUN_WORDS and not _BREAK.search(between):
                start, determiner = token.start, token.low
                oblique = self.determiner_before in self.lexicon.prepositions
        if not determiner and 0 < start - self.owner_end <= 30 and not _BREAK.search(self.text[self.owner_end : start]):
            start, determiner = self.owner_end + 1, "'s"
        kind: Kind = "people" if low in self.lexicon.plural_nouns else "person" if low in self.lexicon.roles else "body"
        if not determiner and kind != "people":
            return None
        gender: Gender = {"people": "plural", "body": "thing"}.get(kind, self.lexicon.roles.get(low, ""))  # type: ignore[assignment]
        possessive = self.text[end : end + 2] in {"'s", "’s"}
        return Mention(
            start,
            end,
            "noun",
            (low,),
            kind,
            gender,
            determiner=determiner,
            is_possessive=possessive,
            is_oblique=oblique,
        )

    def _flush(self) -> Iterator[Mention]:
        run, self.run = self.run, []
        if not run:
            return
        for part in _split_calendar(run, self.lexicon):
            mention = self._name(part)
            if mention:
                yield mention

    def _name(self, run: list[_Token]) -> Mention | None:
        lex = self.lexicon
        at_start = self._is_sentence_start(run[0].start)
        while run and run[0].word[1:] == run[0].low[1:] and self._is_starter(run[0].low, at_start=at_start):
            if len(run) > 1 and (run[0].low in lex.first_names or run[0].low in lex.place_heads):
                break
            run = run[1:]
        if not run:
            return None
        words = [t.word for t in run]
        self.owner_end = -1
        possessive = bool(_POSSESSIVE.search(words[-1])) or self.text[run[-1].end : run[-1].end + 2] in {"’ ", "' "}
        words[-1] = _POSSESSIVE.sub("", words[-1])
        end = run[-1].end - (len(run[-1].word) - len(words[-1]))
        if not words[-1] or (len(words) == 1 and _PARTY.match(words[0])):
            return None
        if possessive:
            self.owner_end = run[-1].end
        lows = [w.lower() for w in words]
        first = _after_title(lows, lex)
        if first == len(words):
            return self._capital_role(run, lows, end, possessive=possessive)
        title = " ".join(lows[:first])
        rest = lows[first:]
        kind, gender = classify(rest, words[first:], title, lex)
        start = run[first].start
        noun = self._noun_behind(end) if not possessive else ""
        if noun in lex.body_nouns and kind == "unknown" and len(rest) > 1:
            kind, gender = "body", "thing"
        if kind == "unknown" and len(rest) == 1 and not self.run_determiner and self.run_before in _PLACE_PREPOSITIONS:
            kind, gender = "place", "thing"
        if len(rest) == 1 and at_start and (rest[0] in lex.roles or rest[0] in _COMMON_BODIES):
            kind, gender = "unknown", ""
        role = self._role(run[0].start, end, possessive=possessive)
        if role and kind == "unknown":
            kind = "person"
        full = _printed(self.text, run[first:], words[-1])
        return Mention(
            start, end, "name", full, kind, gender, title=title, determiner=self.run_determiner, noun=noun,
            role=role,
            is_possessive=possessive, is_oblique=self.run_before in lex.prepositions,
            is_asked=self.run_before in _ASKED, is_initial=at_start and first == 0,
        )  # fmt: skip

    def _is_starter(self, low: str, *, at_start: bool) -> bool:
        """A common word, large because a sentence starts with it: "Certainly Ada Okoye"."""
        if low in self.lexicon.starters:
            return True
        return at_start and low not in self.lexicon.first_names and (low in self.common or low.endswith("ly"))

    def _is_sentence_start(self, start: int) -> bool:
        return start == self.block.start or self.text[max(start - 2, 0) : start].strip()[-1:] in {
            ".",
            "!",
            "?",
            "“",
            '"',
            "",
        }

    def _capital_role(self, run: list[_Token], lows: list[str], end: int, *, possessive: bool) -> Mention | None:
        """ "the President", "the Prime Minister": a role, not a name."""
        head = next((w for w in reversed(lows) if w in self.lexicon.roles), "")
        if not head:
            return None
        return Mention(
            run[0].start, end, "noun", (head,), "person", self.lexicon.roles[head],
            determiner=self.run_determiner or "the", is_possessive=possessive,
        )  # fmt: skip

    def _noun_behind(self, end: int) -> str:
        match = _NEXT_WORD.match(self.text, end, min(self.block.end, end + 40))
        return match.group(1) if match else ""

    def _role(self, start: int, end: int, *, possessive: bool) -> str:
        """What an apposition calls the name: "campaign manager" before it, "the mayor of Springfield" behind it."""
        if possessive:
            return ""
        if self.text[end : end + 2] == ", ":
            behind = _APPOSITION.match(self.text, end, min(self.block.end, end + _MAX_ROLE + 20))
            if behind and any(
                w in self.lexicon.roles for w in behind.group("role").lower().replace("-", " ").split()[:8]
            ):
                return (
                    behind.group("role")[:_MAX_ROLE].rpartition(" ")[0]
                    if len(behind.group("role")) > _MAX_ROLE
                    else behind.group("role").strip()
                )
        if self.run_before in self.lexicon.roles:
            ahead = _ROLE_BEFORE.search(self.text, max(self.block.start, start - 60), start)
            if ahead:
                return ahead.group().strip()
        return ""


_DETERMINERS = frozenset(["the", "this", "that", "these", "those"])
# At the start of a sentence these are more often common nouns than names.
_COMMON_BODIES = frozenset(
    [
        "group",
        "company",
        "police",
        "party",
        "team",
        "board",
        "school",
        "service",
        "force",
        "forces",
        "news",
        "media",
        "bank",
        "church",
        "club",
        "court",
        "courts",
        "front",
        "guard",
        "office",
        "poll",
        "post",
        "press",
        "project",
        "review",
        "society",
        "station",
        "study",
        "trust",
        "users",
    ]
)
# "asked Okoye": who is asked speaks next.
_ASKED = frozenset(["asked", "asks", "asking", "pressed", "questioned", "interviewed"])
# "of Ashton", "in Ashton": a single name behind these is a place, unless it turns out to be somebody's surname.
_PLACE_PREPOSITIONS = frozenset(["in", "at", "near", "outside", "across"])
# The party and state behind a lawmaker's name: (R-Wis.).
_PARTY = re.compile(r"^[A-Z]-[A-Z]\w*$|^[A-Z]$")
_HEADS = frozenset(["secretary", "director", "minister", "speaker", "duke", "prince", "chief", "president", "bill"])
_NEXT_WORD = re.compile(r"[ \u00a0]([a-z][\w-]*)")
_APPOSITION = re.compile(
    r", (?:\d+, )?(?:who (?:is|was) )?(?P<role>(?:the|a|an|his|her|their|its|[a-z])[^,.;:()\"“”—–\n]{2,90})"
)
_ROLE_BEFORE = re.compile(r"(?:[a-z][\w-]*[ \u00a0]){1,3}$")


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


def _after_title(lows: Sequence[str], lexicon: Lexicon) -> int:
    """Index of the first word of the name proper, behind titles, peoples and places: "Texas Sen. Ted Cruz" → 2."""
    if len(lows) == 1:
        return 1 if lows[0] in lexicon.titles and lows[0] in lexicon.roles else 0
    bare = [w.rstrip(".") for w in lows]
    last = -1
    i = 0
    while i < len(bare):
        phrase = next((n for n in (3, 2) if i + n <= len(bare) and tuple(bare[i : i + n]) in lexicon.title_phrases), 0)
        if phrase:
            i += phrase
            last = i - 1
            continue
        if bare[i] in lexicon.titles or (last == i - 1 and bare[i] in lexicon.roles and i + 2 < len(bare)):
            last = i
        i += 1
    if last >= 0 and any(w in lexicon.body_words for w in bare[last + 1 :]):
        return 0
    if last == len(bare) - 1:
        if bare[0] in lexicon.first_names and len(bare) > 1 and bare[0] not in lexicon.titles:
            return 0
        is_role = bare[last] in lexicon.roles and (len(bare) != 2 or _is_attribute(bare[0], lexicon))
        return len(bare) if is_role else 0
    if last >= 0:
        return last + 1
    first = 0
    if not any(w in lexicon.body_words or w in lexicon.things for w in bare):
        while first < len(bare) - 1 and bare[first] in lexicon.peoples:
            first += 1
    return first


def _is_attribute(word: str, lexicon: Lexicon) -> bool:
    """A word that goes before a role rather than being somebody's first name."""
    return any(word in table for table in (lexicon.titles, lexicon.peoples, lexicon.places, lexicon.body_words))


def classify(lows: Sequence[str], words: Sequence[str], title: str, lexicon: Lexicon) -> tuple[Kind, Gender]:
    """What kind of thing a name names, from its words alone, and the gender they tell."""
    last = lows[-1]
    if any(w in lexicon.body_words for w in lows) and not (title and len(lows) <= 2 and last not in lexicon.body_words):
        return "body", "thing"
    if title:
        gender: Gender = next((g for w in title.split() if (g := lexicon.titles.get(w.rstrip("."), ""))), "")
        return "person", gender or (lexicon.first_names.get(lows[0], "") if len(lows) > 1 else "")
    if len(lows) == 1:
        return _classify_single(last, words[0], lexicon)
    if last in lexicon.things:
        return "thing", "thing"
    if last in lexicon.peoples:
        return "people", "plural"
    if lows[0] in lexicon.first_names and last not in lexicon.place_tails:
        return "person", lexicon.first_names[lows[0]]
    if last in lexicon.places or last in lexicon.place_tails or all(w in lexicon.places for w in lows):
        return "place", "thing"
    if words[-1].isupper() and len(words[-1]) > 1 and not all(w.isupper() for w in words):
        return "body", "thing"
    if _INITIAL.match(words[-2]) and len(lows) > 2:
        return "person", ""
    return "unknown", ""


def _classify_single(low: str, word: str, lexicon: Lexicon) -> tuple[Kind, Gender]:
    if low in lexicon.peoples:
        return "people", "plural"
    if low in lexicon.places or low.rstrip(".") in lexicon.places:
        return "place", "thing"
    if low in lexicon.things:
        return "thing", "thing"
    if word.isupper() and 2 <= len(word) <= 6:
        return "body", "thing"
    return "unknown", lexicon.first_names.get(low, "")


def _printed(text: str, run: Sequence[_Token], last: str) -> tuple[str, ...]:
    """The name's words as printed, small words inside included."""
    words: list[str] = []
    for a, b in zip(run, run[1:], strict=False):
        words.append(a.word + ("." if text[a.end : a.end + 1] == "." else ""))
        words.extend(w for w in text[a.end : b.start].split() if w[:1].isalpha() or w == "&")
    words.append(last)
    return tuple(words)
