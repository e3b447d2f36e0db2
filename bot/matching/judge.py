"""Decides what a claimed quote is, given where its words were found and who the articles say spoke there."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from bot.matching.attribution import is_body, is_named_in, is_one_of, is_printed_in, read_head
from bot.matching.tuning import load_tuning
from bot.matching.windows import find_paragraph, find_spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from bot.matching.difference import Change
    from bot.matching.pieces import Support
    from db.model import Article, Quotation, Span

Stance = Literal["agrees", "unclear", "contradicts"]
_STANCES: tuple[Stance, ...] = ("agrees", "unclear", "contradicts")

# "…, a physicist at the Carnegie Endowment": how far behind the source its apposition is read.
_APPOSITION = re.compile(r"(?:,|\s+(?:of|at|from|for|with)\b)[^\n“”\"]{1,200}")
_SENTENCE_END = re.compile(r"(?<![A-Z])\.\s")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said the words at one place, by the article, and whether that is who the claim names.

    `quotation` is None where the article says the words in its own voice; `note` is a sentence for the reader.
    """

    stance: Stance
    quotation: Quotation | None
    speaker: str | None
    source_text: str
    note: str = ""

    @property
    def rank(self) -> tuple[int, int]:
        """Sorts places: those that bear the claim out first, then those where the article says most of who spoke."""
        known = 2 if self.quotation is None else 0 if self.speaker else 1
        return _STANCES.index(self.stance), known


def is_copied(support: Support, attributions: Sequence[Attribution], *, is_named: bool) -> bool:
    """True when a claim shares so much with the articles that it must come from them, altered or not.

    Words found in the mouth of the very speaker that the claim names count for more than words found anywhere.
    """
    tuning = load_tuning()
    weights = tuning.named if is_named else tuning.unnamed
    return bool(measure_evidence(support, attributions) @ weights > 0)


def measure_evidence(support: Support, attributions: Sequence[Attribution]) -> npt.NDArray[np.float64]:
    """What `is_copied` weighs, in the order of `tuning.EVIDENCE`."""
    spoken = [attribution for attribution in attributions if attribution.quotation]
    return np.array(
        [
            support.share,
            math.log1p(support.run),
            support.pieces,
            any(attribution.stance == "agrees" for attribution in spoken),
            bool(spoken),
            support.edges,
            1.0,
        ]
    )


def attribute(article: Article, span: Span, claimed: str | None, aliases: Mapping[str, Sequence[str]]) -> Attribution:
    """Say who spoke the words at `span`, and hold the claimed speaker against it.

    Args:
        article: The article that the words stand in.
        span: Where they stand.
        claimed: The speaker that the claim names, or None.
        aliases: For a speaker's name all names and roles that the library knows.
    """
    spoken = find_spoken(article, span)
    if not spoken:
        return _attribute_narration(article, claimed)
    chosen = spoken[0]
    if claimed is None:
        return Attribution("agrees", chosen, chosen.speaker, chosen.source_text(article.text))
    for quotation in spoken:
        source = quotation.source_text(article.text)
        names = (quotation.speaker, *aliases.get(quotation.speaker, ())) if quotation.speaker else ()
        if is_one_of(claimed, (*names, read_head(source))):
            return Attribution("agrees", quotation, quotation.speaker, source)
        printed = _read_source(article, quotation)
        # "Obama's former strategist" is not Obama; a body that the source speaks for may be named in its stead.
        if is_printed_in(claimed, printed) and (quotation.speaker is None or is_body(claimed)):
            note = f"The article gives the source as “{printed}”."
            return Attribution("agrees", quotation, quotation.speaker, source, note)
    return _attribute_to_other(article, span, claimed, chosen)


def _read_source(article: Article, quotation: Quotation) -> str:
    """The source as printed, with what stands behind it to say who that is."""
    if not quotation.source:
        return ""
    last = quotation.source[-1]
    behind = _APPOSITION.match(article.text, last.end)
    rest = _SENTENCE_END.split(behind.group(), maxsplit=1)[0].rstrip(" ,.") if behind else ""
    return quotation.source_text(article.text) + rest


def _attribute_to_other(article: Article, span: Span, claimed: str, quotation: Quotation) -> Attribution:
    source = quotation.source_text(article.text)
    is_near = is_named_in(claimed, find_paragraph(article, span, before=2))
    is_sure = quotation.confidence >= load_tuning().sure_speaker
    if quotation.speaker is not None and (is_sure or not is_near):
        return Attribution("contradicts", quotation, quotation.speaker, source)
    if quotation.speaker is None and not is_near and not is_named_in(claimed, article.text):
        told = f"The article gives “{source}” as the source" if source else "The article does not say who spoke"
        return Attribution("contradicts", quotation, None, source, f"{told}; it does not name {claimed}.")
    note = f"The article has these words, but it is not certain from it that {claimed} said them."
    return Attribution("unclear", quotation, None, source, note)


def _attribute_narration(article: Article, claimed: str | None) -> Attribution:
    publisher = article.head.publisher
    note = "The article says this in its own voice, not as a quotation."
    if claimed is None or (publisher and is_one_of(claimed, [publisher])):
        return Attribution("agrees", None, None, "", note)
    if is_named_in(claimed, article.text):
        return Attribution("unclear", None, None, "", f"{note} It is not certain from it that {claimed} said them.")
    return Attribution("contradicts", None, None, "", f"{note} It does not name {claimed}.")


_CHANGE_SENTENCES = {
    ("number", True, True): "A number was changed: “{claim}” for “{original}”.",
    ("number", True, False): "A number was added: “{claim}”.",
    ("number", False, True): "A number was left out: “{original}”.",
    ("negation", True, True): "A negation was changed: “{claim}” for “{original}”.",
    ("negation", True, False): "A negation was added: “{claim}”.",
    ("negation", False, True): "A negation was left out: “{original}”.",
    ("left_out", False, True): "Words were left out: “{original}”.",
    ("added", True, False): "Words were added: “{claim}”.",
    ("added", True, True): "Words were added: “{claim}”.",
    ("replaced", True, True): "Words were changed: “{claim}” for “{original}”.",
}


def describe_change(change: Change) -> str:
    """A change as one sentence for the reader."""
    sentence = _CHANGE_SENTENCES[change.kind, bool(change.claim), bool(change.original)]
    return sentence.format(claim=change.claim, original=change.original)
