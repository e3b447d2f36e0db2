"""Quotes and misquotes made from PolNeAR's gold attributions, in the kinds of the dev set; holds no text itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

SHARED = Path(__file__).resolve().parents[2] / "shared"

_EDGE_MARKS = " \t\n\"'“”‘’«».,;:!?-–—…"
_NAME = re.compile(r"(?:[A-Z][\w.'’-]*\s+){0,4}[A-Z][\w'’-]+")
_CONTENT_WORD = re.compile(r"[^\W\d_]{4,}")
_NEGATED = re.compile(r"\b(?:is|are|was|were|will|would|can|could|should|has|have|do|does|did)\b(?!n)")
_COMMON = frozenset({"that", "this", "with", "have", "from", "they", "what", "were", "will", "would", "there", "their"})
KINDS = ("punct", "punct", "speaker", "replace", "negate", "drop", "merge", "number", "absent", "absent")


def rows(path: Path) -> list[dict]:
    """The objects of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def find_sayings(doc: dict) -> list[tuple[str, str, list[list[int]]]]:
    """(words, speaker, spans) of an article's quotations in marks with six words or more and a named source."""
    found = []
    for quote in doc["quotes"]:
        for (start, end), kind in zip(quote["content"], quote["types"], strict=True):
            said = doc["text"][start:end].strip()
            marked = re.search(r"[“\"]([^“”\"]{20,600})[”\"]", said) if kind != "indirect" else None
            name = quote["entity"] or _read_name(quote["speaker_text"])
            if marked and name and len(marked.group(1).split()) >= 6:
                found.append((marked.group(1), name, [[start, end]]))
    return found


def _read_name(source: str) -> str | None:
    names = sorted(_NAME.findall(source), key=len)
    return names[-1].replace(".", "") if names else None


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _tidy(said: str, random: Random, *, is_cut: bool) -> str:
    """What people do to marks and case when they type a quote again; with `is_cut` now and then only a part of it."""
    said = said.replace("“", '"').replace("”", '"').replace("’", "'")
    if random.random() < 0.5:
        said = re.sub(r"[,;:]", "", said)
    if random.random() < 0.3:
        said = said.lower()
    if random.random() < 0.3:
        said = said.rstrip(_EDGE_MARKS)
    if is_cut and random.random() < 0.2 and len(words := said.split()) > 12:
        size = random.randint(6, len(words) - 1)
        at = random.randrange(len(words) - size + 1)
        said = " ".join(words[at : at + size])
    return said


def _replace(said: str, vocabulary: list[str], random: Random) -> str | None:
    places = [found for found in _CONTENT_WORD.finditer(said) if found.group().lower() not in _COMMON]
    if not places:
        return None
    for found in sorted(random.sample(places, min(len(places), random.choice((1, 1, 2)))), key=lambda f: -f.start()):
        other = random.choice(vocabulary)
        if other.lower() == found.group().lower():
            return None
        said = said[: found.start()] + other + said[found.end() :]
    return said


def _negate(said: str, random: Random) -> str | None:
    if places := list(re.finditer(r"\b(?:not|never|no)\b ?|n['’]t\b", said)):
        place = random.choice(places)
        return said[: place.start()] + said[place.end() :]
    places = list(_NEGATED.finditer(said))
    if not places:
        return None
    place = random.choice(places)
    return said[: place.end()] + random.choice((" not", " never", "n't")) + said[place.end() :]


def _drop(said: str, random: Random) -> str | None:
    words = said.split()
    places = [k for k in range(1, len(words) - 1) if len(words[k].strip(_EDGE_MARKS)) >= 3]
    if len(words) < 7 or not places:
        return None
    gone = set(random.sample(places, min(len(places), random.choice((1, 1, 2)))))
    return " ".join(word for k, word in enumerate(words) if k not in gone)


def _number(said: str, random: Random) -> str | None:
    places = list(re.finditer(r"\d+", said))
    if not places:
        return None
    place = random.choice(places)
    other = str(int(place.group()) + random.choice((1, 2, 10, 100)))
    return said[: place.start()] + other + said[place.end() :]


def _merge(said: str, other: str) -> str | None:
    first, second = said.split(), other.split()
    if len(first) < 8 or len(second) < 8:
        return None
    return " ".join(first[: len(first) // 2] + second[len(second) // 2 :])


def make_misquotes(docs: list[dict], hidden: list[dict], *, seed: int, count: int) -> list[dict]:
    """Claims in the dev set's form: from `docs`, which are to be in the index, and `absent` ones from `hidden`."""
    random = Random(seed)
    sayings = [(doc["doc_id"], *saying) for doc in docs for saying in find_sayings(doc)]
    absent = [saying for doc in hidden for saying in find_sayings(doc)]
    texts = {doc["doc_id"]: doc["text"] for doc in docs}
    everything = " ".join(map(_key, texts.values()))
    vocabulary = sorted({w for said in sayings for w in _CONTENT_WORD.findall(said[1]) if w.islower()})
    made: list[dict] = []
    while len(made) < count:
        kind = random.choice(KINDS)
        if kind == "absent":
            said, speaker, _ = random.choice(absent)
            if _key(said) in everything:
                continue
            made.append(
                _claim(len(made), "not_found", kind, claim=_tidy(said, random, is_cut=True), speaker=speaker, gold=[])
            )
            continue
        doc_id, said, speaker, spans = random.choice(sayings)
        gold = [{"doc": doc_id, "start": start, "end": end} for start, end in spans]
        # Now and then the other half is from an article that is not loaded, as in the dev set.
        other = random.choice(sayings) if kind == "speaker" or random.random() < 0.85 else ("", *random.choice(absent))
        changed = {
            "punct": lambda said=said: said,
            "speaker": lambda said=said: said,
            "replace": lambda said=said: _replace(said, vocabulary, random),
            "negate": lambda said=said: _negate(said, random),
            "drop": lambda said=said: _drop(said, random),
            "number": lambda said=said: _number(said, random),
            "merge": lambda said=said, other=other: _merge(said, other[1]),
        }[kind]()
        label = {"punct": "verbatim", "speaker": "misattributed"}.get(kind, "altered")
        if changed is None or (label == "altered" and changed == said):
            continue
        if kind == "speaker":
            speaker = other[2]
            if speaker.split()[-1] in texts[doc_id]:
                continue
        made.append(
            _claim(
                len(made),
                label,
                kind,
                claim=_tidy(changed, random, is_cut=label != "altered"),
                speaker=speaker,
                gold=gold,
            )
        )
    return made


def _claim(number: int, label: str, kind: str, *, claim: str, speaker: str, gold: list[dict]) -> dict:
    return {"qid": f"t{number}", "label": label, "kind": kind, "claim": claim, "speaker": speaker, "gold": gold}
