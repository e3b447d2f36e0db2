"""What a question asks: its words, its kind, whom it names as speaker, and when and where it must have been."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

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


_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class _Shapes:
    """The shapes of questions, read from shapes.toml."""

    shapes: tuple[tuple[Kind, re.Pattern[str]], ...]
    inner: tuple[tuple[Kind, re.Pattern[str]], ...]
    asking: tuple[str, ...]
    function_slips: frozenset[str]
    not_topic: frozenset[str]
    small_talk: frozenset[str]


@cache  # one immutable file of the package, read when the first question comes
def _load_shapes() -> _Shapes:
    kept = tomllib.loads(resources.files("bot.matching").joinpath("shapes.toml").read_text(encoding="utf-8"))
    shapes = tuple(
        (row["kind"], re.compile(row["pattern"].replace("{say}", kept["say"]).replace("{hint}", kept["hint"])))
        for row in kept["shape"]
    )
    # Inside a question ("the riots burned which building") the same question words stand anywhere.
    inner = [
        (kind, re.compile(shape.pattern.replace("^", r"\b", 1)))
        for kind, shape in shapes
        if not shape.groupindex and kind not in {"what", "why"}
    ]
    return _Shapes(
        shapes,
        (*inner, ("what", re.compile(r"\b(?:what|which)\b"))),
        tuple(kept["asking"].split()),
        frozenset(kept["function_slips"].split()),
        frozenset(kept["not_topic"].split()),
        frozenset(kept["small_talk"].split()),
    )


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
    is_chatter = len(tokens) <= 8 and asked <= _load_shapes().small_talk  # noqa: PLR2004 - longer small talk names something
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
    slips = _load_shapes().function_slips
    words = [token for token in tokens if token not in slips]
    kept = [token for token in words if (token not in STOP_WORDS and len(token) > 1) or token.isdigit()]
    return [token for token in kept if token not in _load_shapes().not_topic] or kept


def _find_shape(tokens: Sequence[str]) -> tuple[Kind, Sequence[str], Sequence[str]]:
    """Kind, speaker's tokens and topic's tokens: as typed, else with the words of asking mended."""
    shapes = _load_shapes()
    for asked in (tokens, [_mend_asking(token) for token in tokens]):
        line = " ".join(asked)
        for kind, shape in shapes.shapes:
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
    return next((kind for kind, shape in _load_shapes().inner if shape.search(line)), "topic")


def _captured(match: re.Match[str], group: str, tokens: Sequence[str]) -> Sequence[str]:
    """The tokens as typed that a group of the shape covers."""
    if group not in match.re.groupindex or match.group(group) is None:
        return ()
    before = match.string[: match.start(group)].count(" ")
    return tokens[before : before + len(match.group(group).split())]


def _mend_asking(token: str) -> str:
    """The word of asking one slip away, or the token itself."""
    if token in _load_shapes().asking or len(token) < 3:  # noqa: PLR2004 - two letters are one slip from anything
        return token
    return next((word for word in _load_shapes().asking if OSA.distance(token, word, score_cutoff=1) == 1), token)
