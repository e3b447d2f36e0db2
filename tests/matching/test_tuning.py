from __future__ import annotations

from importlib import resources

import pytest

from bot.matching.judge import measure_evidence
from bot.matching.pieces import Support
from bot.matching.tuning import EVIDENCE, load_tuning, parse_tuning

SHIPPED = resources.files("bot.matching").joinpath("checking.toml").read_text(encoding="utf-8")


def test_there_is_one_weight_for_each_measured_thing():
    measured = measure_evidence(Support(share=1.0, run=3.0, edges=2, pieces=1), [])

    assert load_tuning().named.shape == load_tuning().unnamed.shape == measured.shape == (len(EVIDENCE),)


@pytest.mark.parametrize("name", EVIDENCE)
def test_weights_of_other_evidence_are_refused(name):
    with pytest.raises(ValueError, match="benchmarks checks --fit"):
        parse_tuning(SHIPPED.replace(f"\n{name} = ", "\nother = "))


def test_the_file_says_what_it_was_fitted_on_and_how_to_fit_it_again():
    assert "train split" in SHIPPED
    assert "python -m benchmarks checks --fit" in SHIPPED
