"""What a question asks: its words, its kind, whom it names as speaker, and when and where it must have been."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from rapidfuzz.distance import OSA

from bot.errors import BadQuestion
from bot.matching.times import find_period
from db.terms import STOP_WORDS, iter_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

Kind = Literal["who_said", "what_said", "did_say", "who", "when", "where", "how_many", "why", "what", "topic"]

MOST_CHARS = 4000
# Words beyond this neither change the ranking nor may cost time: a pasted page is searched by its beginning.
MOST_WORDS = 64
SAYING_KINDS = frozenset({"who_said", "what_said", "did_say"})


@dataclass(frozen=True, slots=True)
class Question:
    """A parsed question.

    `tokens` are all its folded words, function words too, in order; `words` the distinct ones worth looking up,
    `speaker` those of them that name a speaker and `topic` the rest. `kind` is what sort of answer is wanted.
    `since`, `until` are ISO dates; `publisher` words follow "in the" or "according to the" and are only a hint.
    """

    text: str
    kind: Kind
    tokens: tuple[str, ...]
    words: tuple[str, ...]
    speaker: tuple[str, ...]
    topic: tuple[str, ...]
    since: str | None = None
    until: str | None = None
    is_chatter: bool = False


_SAY = "(?:say|said|says|saying|tell|told|claim|claimed|claims|think|thinks|state|stated|mention|mentioned|write|wrote)"
_HINT = "(?: really| actually| ever| also| even| just| once)*"
# Tried in order on the folded words joined by single spaces. A "what's" is folded to "what", "Trump's" to "trump".
_SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (cast("Kind", kind), re.compile(shape))
    for kind, shape in (
        ("who_said", rf"^(?:so )?(?:who|which (?:person|one|politician|official|man|woman)|whos)(?: was| is)?(?: it| the (?:one|person))?(?: that| who)?{_HINT} {_SAY}(?: something| anything)?(?: like| about| that)* (?P<topic>.+)$"),
        ("who_said", r"^(?:whose|who has) (?:quote|words?|line)(?: is| are| was)?(?: it| that| this)? (?P<topic>.+)$"),
        ("did_say", rf"^(?:(?:so|but|and) )*(?:did|does|has|have|is it true(?: that)?|is it right(?: that)?|is it correct(?: that)?)(?: the)? (?P<speaker>.+?){_HINT} {_SAY}(?: that| something| like| about)* (?P<topic>.+)$"),
        ("what_said", rf"^(?:(?:so|and|ok|please|tell me|show me) )*(?:what|whats|wat|wht)(?: all| exactly| else)*(?: did| has| does| do| had| was| is| have)? (?P<speaker>.+?){_HINT} {_SAY}(?: to \w+)? (?:about|on|of|regarding|concerning|over) (?P<topic>.+)$"),
        ("what_said", r"^(?!how|when|where|why|who|which)(?:(?:what|whats|wat)(?: is| was| are)? )?(?:the )?(?P<speaker>\S+(?: \S+){0,6}?) (?:take|view|views|opinion|position|stance|thoughts|comment|comments|reaction|response|opinions|statement|statements|quote|quotes) (?:on|about|regarding) (?P<topic>.+)$"),
        ("what_said", r"^(?:(?:any|find|show|give|me|some|got|all|the|are|there|is|a) )*(?:quotes?|quotations?|words|statements?|comments?|remarks?) (?:from|by|of) (?P<speaker>.+?)(?: (?:about|on|regarding|over) (?P<topic>.+))?$"),
        ("what_said", rf"^(?:what|whats|wat|wht)(?: all| exactly| else)*(?: did| has| does| do| have)? (?P<speaker>.+?){_HINT} {_SAY}$"),
        ("what_said", rf"^(?:everything|anything|something|things|all)(?: that)? (?P<speaker>.+?){_HINT} {_SAY}(?: (?:about|on) (?P<topic>.+))?$"),
        ("who", r"^(?:who|whom|whose|whos|which (?:person|man|woman|people|politician|company|team|band|artist|author|group))\b"),
        ("when", r"^(?:when|whens|(?:in |on |since |until |during |by )?(?:what|which) (?:year|date|day|month|decade|century|time)|how long ago)\b"),
        ("where", r"^(?:where|wheres|(?:in |at |to |from |on )?(?:what|which) (?:city|country|state|town|place|county|region|location|continent|street|building))\b"),
        ("how_many", r"^(?:(?:about|around|approximately|roughly|for|by|at|to) )?(?:how (?:many|much|long|old|far|tall|big|large|high|often|fast|deep|wide)|(?:what|which) (?:percent|percentage|number|amount|portion|fraction|proportion|size))\b"),
        ("why", r"^(?:why|whys|how come|for what reason|what (?:was|is) the reason)\b"),
        ("what", r"^(?:what|whats|which|how|wat|did|does|is|was|were|are|do|has|have|can|could|should|will|would|in (?:what|which)|name|give|tell|show)\b"),
    )
)  # fmt: skip
_INNER_SHAPES = tuple(
    (kind, re.compile(shape.pattern.replace("^", r"\b", 1)))
    for kind, shape in _SHAPES
    if not shape.groupindex and kind not in {"what", "why"}
) + (("what", re.compile(r"\b(?:what|which)\b")),)
_SHAPE_WORDS = tuple(
    """who which person was that said say says claimed told something like what whats did has does about really take
    view opinion position stance any quotes quote from true regarding ever actually when where many much year""".split()
)
_CHATTER = frozenset(
    """hi hello hey yo sup hiya howdy morning evening night thanks thank thx ty cheers please ok okay cool nice great
    lol lmao haha bye goodbye gm gn welcome bot verbatim good test testing ping help there everyone guys all you are
    how doing today whats up u r who what can do im fine love so much very is it going""".split()
)
# Asking for words is not a word of the topic.
_ASKING = frozenset("say said says quote quotes claim claimed take someone something anything somebody anybody".split())
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})


def clean_text(text: str) -> str:
    """A question without invisible characters, its white space single."""
    visible = "".join(" " if c.isspace() else "" if unicodedata.category(c) in _INVISIBLE else c for c in text)
    return " ".join(visible.split())


def parse_question(text: str, *, today: date) -> Question:
    """Parse what a person typed.

    Args:
        text: As typed; any string.
        today: The reader's date, for "last week".

    Raises:
        BadQuestion: It is empty, longer than MOST_CHARS, or holds no word. One of function words alone is no error:
            nothing is found for it.
    """
    if len(text) > MOST_CHARS:
        raise BadQuestion(f"That is {len(text):,} characters; ask in at most {MOST_CHARS:,}.")
    cleaned = clean_text(text)
    if not cleaned:
        raise BadQuestion("The question is empty. Ask for a person, a topic, or who said something.")
    period, rest = find_period(cleaned, today=today)
    tokens = [word for word, _, _ in iter_words(rest)][: 3 * MOST_WORDS]
    if not tokens:
        raise BadQuestion("There is no word in that question to look up. Ask for a person, a topic, or a quote.")
    kind, speaker, topic = _find_shape(tokens)
    asked = frozenset(tokens)
    is_chatter = len(tokens) <= 8 and asked <= _CHATTER  # noqa: PLR2004 - longer small talk names something
    words = tuple(dict.fromkeys([*_content(speaker), *_content(topic)]))[:MOST_WORDS]
    speaking = frozenset(_content(speaker))
    return Question(
        text=cleaned,
        kind=kind,
        tokens=tuple(topic or tokens),
        words=words,
        speaker=tuple(word for word in words if word in speaking),
        topic=tuple(word for word in words if word not in speaking),
        since=period.since,
        until=period.until,
        is_chatter=is_chatter,
    )


def restrict_speaker(question: Question, names: Sequence[str]) -> Question:
    """The question with the speaker given beside it: those names and no others are asked for."""
    if not names:
        return question
    topic = tuple(word for word in question.topic if word not in names)
    kind = question.kind if question.kind in SAYING_KINDS else "what_said"
    words = tuple(dict.fromkeys([*topic, *names]))
    return replace(question, kind=kind, words=words, speaker=tuple(dict.fromkeys(names)), topic=topic)


def _content(tokens: Sequence[str]) -> list[str]:
    """The words worth looking up; where nothing else is left, even words of asking."""
    kept = [token for token in tokens if (token not in STOP_WORDS and len(token) > 1) or token.isdigit()]
    return [token for token in kept if token not in _ASKING] or kept


def _find_shape(tokens: Sequence[str]) -> tuple[Kind, Sequence[str], Sequence[str]]:
    """Kind, speaker's tokens and topic's tokens: as typed, else with the words of asking mended."""
    for asked in (tokens, [_mend_asking(token) for token in tokens]):
        line = " ".join(asked)
        for kind, shape in _SHAPES:
            if match := shape.search(line):
                if "speaker" not in shape.groupindex and "topic" not in shape.groupindex:
                    if asked is tokens and kind in {"who", "what"}:
                        break  # a slip in "said" looks like this; the mended words decide
                    return kind, (), tokens[len(match.group().split()) if kind != "what" else 0 :] or tokens
                speaker, topic = (_captured(match, group, tokens) for group in ("speaker", "topic"))
                if _content(speaker) or _content(topic):
                    return kind, speaker, topic
    return _inner_kind(" ".join(tokens)), (), tokens


def _inner_kind(line: str) -> Kind:
    """The kind by a question word inside: "the Draft Riots burned which building"."""
    return next((kind for kind, shape in _INNER_SHAPES if shape.search(line)), "topic")


def _captured(match: re.Match[str], group: str, tokens: Sequence[str]) -> Sequence[str]:
    """The tokens as typed that a group of the shape covers."""
    if group not in match.re.groupindex or match.group(group) is None:
        return ()
    before = match.string[: match.start(group)].count(" ")
    return tokens[before : before + len(match.group(group).split())]


def _mend_asking(token: str) -> str:
    """The word of asking one slip away, or the token itself."""
    if token in _SHAPE_WORDS or len(token) < 3:  # noqa: PLR2004 - two letters are one slip from anything
        return token
    return next((word for word in _SHAPE_WORDS if OSA.distance(token, word, score_cutoff=1) == 1), token)
