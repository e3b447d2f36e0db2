import itertools
from importlib import resources

import numpy as np
import pytest

from bot.reading import tagger
from bot.reading.decoding import decode
from bot.reading.tagger import MODEL_FILE, load_tagger, pack_model, transition_table, unpack_model
from bot.reading.wordfeatures import Vocabulary, cut_blocks
from db.model import Block, Span

LABELS = ("BLD", "BQ", "ILD", "IQ", "O")


def brute_force(scores, moves, inside):
    """The best path by trying them all."""
    count, labels = scores.shape

    def total(path):
        steps = sum(moves[int(inside[i])][path[i - 1], path[i]] for i in range(1, count))
        return steps + sum(scores[i, label] for i, label in enumerate(path))

    return max(itertools.product(range(labels), repeat=count), key=total)


@pytest.mark.parametrize("seed", range(5))
def test_decoding_finds_the_best_labelling_of_every_block(seed):
    random = np.random.default_rng(seed)
    bounds = [(1, 5), (6, 6), (7, 12), (14, 15)]
    scores = random.normal(size=(16, 3)).astype(np.float32)
    moves = random.normal(size=(2, 3, 3)).astype(np.float32)
    inside = random.random(16) < 0.5

    decoded = decode(scores, bounds, moves, inside)

    for start, end in bounds:
        expected = brute_force(scores[start:end], moves, inside[start:end])
        assert tuple(decoded.best[start:end]) == expected


def test_a_margin_is_the_price_of_the_next_best_kind():
    scores = np.array([[3.0, 1.0, 2.5]], np.float32)

    decoded = decode(scores, [(0, 1)], np.zeros((2, 3, 3), np.float32), np.zeros(1, bool))

    assert decoded.margins(np.array([0, 1, 0])).tolist() == [2.0]


def test_the_key_table_finds_its_keys_and_no_others():
    random = np.random.default_rng(1)
    keys = np.unique(random.integers(1, 2**32, 100_000, dtype=np.uint32))
    others = np.setdiff1d(random.integers(1, 2**32, 1000, dtype=np.uint32), keys)
    keys = np.concatenate([np.zeros(1, np.uint32), keys])

    slots = tagger._fill_slots(keys)

    assert (tagger._look_up(keys, keys, slots) == np.arange(len(keys))).mean() > 0.9999
    assert not tagger._look_up(others, keys, slots).any()


def test_a_label_goes_on_only_where_it_began_and_content_keeps_to_its_marks():
    table = transition_table(LABELS, np.zeros((5, 5), np.float32))
    at = {label: i for i, label in enumerate(LABELS)}

    assert table[0, at["O"], at["ILD"]] < -1000
    assert table[0, at["BLD"], at["ILD"]] == 0
    assert table[0, at["ILD"], at["O"]] > -1
    assert table[1, at["ILD"], at["O"]] < 0
    assert table[1, at["BQ"], at["O"]] > table[1, at["ILD"], at["O"]]


def test_a_model_survives_packing():
    random = np.random.default_rng(2)
    keys = np.sort(random.choice(2**32, 50, replace=False)).astype(np.uint32)
    weights = random.normal(size=(50, 5)).astype(np.float32)
    vocabulary = Vocabulary({"said": (1, 4, 0), "minister": (2, 0, 3)})

    model = unpack_model(pack_model(vocabulary, LABELS, keys, weights, np.zeros((5, 5), np.float32)))

    assert model.labels == LABELS
    assert model.vocabulary.describe("Said")[:3] == (1, 4, 0)
    assert np.abs(model.weights[1:] - weights).max() < 0.05


def test_the_shipped_model_is_small_and_reads_nothing_into_nothing():
    size = resources.files("bot.reading").joinpath(MODEL_FILE).stat().st_size
    blocks = cut_blocks("…", [Block("paragraph", Span(0, 1))])

    assert size < 3_000_000
    assert load_tagger().find_segments([]) == []
    assert load_tagger().find_segments(blocks) == [[]]
