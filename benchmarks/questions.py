"""Questions made by template from PolNeAR's train split, in the manner of the dev questions, with slips."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

from db.spelling import KEYS_BESIDE
from db.terms import STOP_WORDS, content_words

SHARED = Path(__file__).resolve().parents[2] / "shared"

WHAT_SAID = (
    "what did {speaker} say about {topic}?",
    "what has {speaker} said about {topic}?",
    "any quotes from {speaker} about {topic}?",
    "what's {speaker}'s take on {topic}?",
)
WHO_SAID = (
    "who said {topic}?",
    "who said something like {topic}?",
    "who was it that said {topic}?",
    "which person claimed {topic}?",
)
DID_SAY = (
    "did {speaker} say {topic}?",
    "did {speaker} really say {topic}?",
    "is it true that {speaker} said {topic}?",
)


def rows(path: Path) -> list[dict]:
    """The objects of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def slip(word: str, random: Random) -> str:
    """A word with one slip: a letter left out, doubled or beside, a neighbour key, or two letters swapped."""
    at = random.randrange(len(word))
    beside = KEYS_BESIDE.get(word[at], word[at])
    kind = random.randrange(4)
    if kind == 0 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[: at + 1] + random.choice(beside + word[at]) + word[at + 1 :]
    return word[:at] + random.choice(beside) + word[at + 1 :]


def add_noise(question: str, random: Random) -> str:
    """The question as typed in a hurry: lower case, no punctuation, one or two slips in content words."""
    words = re.sub(r"[^\w\s'’$-]", "", question.lower()).replace("’", "'").split()
    if random.random() < 0.5:
        words = [word.replace("'s", "s") for word in words]
    places = [at for at, word in enumerate(words) if len(word) >= 4 and (word not in STOP_WORDS or word == "said")]
    for at in random.sample(places, min(len(places), random.choice((1, 2, 2)))):
        words[at] = slip(words[at], random)
    return " ".join(words)


def _said(doc: dict, quote: dict) -> str:
    return " ".join(doc["text"][start:end] for start, end in quote["content"])


def _fragment(words: list[str], least: int, most: int, random: Random) -> list[str]:
    size = min(len(words), random.randint(least, most))
    at = random.randrange(len(words) - size + 1)
    return words[at : at + size]


def _topic(said: str, kind: str, random: Random) -> str | None:
    words = said.split()
    bare = [word.strip(".,:;!?\"“”'‘’()") for word in words]
    if kind == "what_said":
        content = [word for word in bare if word and content_words(word)]
        return " ".join(_fragment(content, 1, 3, random)) if content else None
    if len(words) < 4:
        return None
    picked = _fragment(words, 4, 11, random)
    if random.random() < 0.35:
        picked = [word for word in picked if word.lower().strip(".,\"“”'‘’") not in STOP_WORDS]
    elif random.random() < 0.4 and len(picked) > 4:
        del picked[random.randrange(len(picked))]
    return " ".join(picked).strip(" .,;:\"“”'‘’") or None


def _speaker(quote: dict, random: Random) -> str | None:
    name = quote["entity"] or (quote.get("entity_silver") if quote["kind"] == "pronoun" else None)
    if not name or not name[:1].isupper():
        return None
    name = re.sub(r"^(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|President|Senator|The|the)\.?\s+)+", "", name)
    words = name.split()
    if not words or len(words) > 5:
        return None
    return name if random.random() < 0.5 else words[-1]


def make_questions(docs: list[dict], seed: int, per_doc: int = 4) -> list[dict]:
    """Questions with their gold paragraphs: {"q", "noisy", "type", "gold": [{"doc", "start", "end"}]}."""
    random = Random(seed)
    made = []
    for doc in docs:
        quotes = [quote for quote in doc["quotes"] if quote["content"]]
        for quote in random.sample(quotes, min(len(quotes), per_doc)):
            kind = random.choice(("what_said", "what_said", "did_say", "did_say", "who_said"))
            speaker = _speaker(quote, random)
            topic = _topic(_said(doc, quote), kind, random)
            if speaker is None or topic is None:
                continue
            shapes = {"what_said": WHAT_SAID, "who_said": WHO_SAID, "did_say": DID_SAY}[kind]
            question = random.choice(shapes).format(speaker=speaker, topic=topic)
            at = quote["content"][0][0]
            gold = [
                {"doc": doc["doc_id"], "start": start, "end": end}
                for start, end in doc["paragraphs"]
                if start <= at < end or any(start <= low < end for low, _ in quote["content"])
            ]
            made.append({"q": question, "noisy": add_noise(question, random), "type": kind, "gold": gold})
    return made
