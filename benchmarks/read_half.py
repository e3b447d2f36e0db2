"""Read one half of PolNeAR's train split with a tagger fitted on the other: the quotations `fit_speakers` learns from.

The confidence of a speaker leans on the tagger's margins, and those are too wide on articles it was fitted on.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np

from benchmarks.fit_tagger import HALVES, TRAIN, take_half
from benchmarks.quotes import as_document
from bot.reading import quotations
from bot.reading.tagger import unpack_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.tagger import Tagger


def read_tagger(path: Path) -> Tagger:
    with np.load(path) as arrays:
        return unpack_model(dict(arrays))


def as_row(row: dict[str, Any]) -> dict[str, Any]:
    """The quotations before they get their speakers, with the tagger's own, raw confidence."""
    document = as_document(row["text"])
    return {
        "id": row["doc_id"],
        "quotations": [
            {
                "type": q.type,
                "content": [[s.start, s.end] for s in q.content],
                "cue": [q.cue.start, q.cue.end] if q.cue else None,
                "source": [[s.start, s.end] for s in q.source],
                "confidence": q.confidence,
                "rule": q.rule,
            }
            for q in quotations.find_quotations(document.text, document.blocks)
        ],
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks read_half", description=__doc__)
    parser.add_argument("--train", type=Path, default=TRAIN)
    parser.add_argument("--model", type=Path, required=True, help="what `fit_tagger --half` wrote for the other half")
    parser.add_argument("--half", choices=HALVES, required=True, help="the half to read")
    parser.add_argument("--out", type=Path, required=True, help="for `fit_speakers --quotations`")
    options = parser.parse_args(argv)
    if not options.train.exists():
        print(f"read_half: skipped, {options.train} is not here")
        return 0
    tagger = read_tagger(options.model)
    rows = [json.loads(line) for line in options.train.read_text("utf-8").splitlines() if line.strip()]
    with patch.object(quotations, "load_tagger", return_value=tagger):
        found = [as_row(row) for row in take_half(rows, options.half)]
    options.out.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    print(f"wrote {options.out}, {sum(len(row['quotations']) for row in found)} quotations of {len(found)} articles")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
