"""Decides what a claimed quote is, given where its words were found and who the articles say spoke there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.matching.attribution import find_name, is_named_in, is_printed_in
from bot.matching.windows import find_paragraph, find_spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.matching.difference import Change
    from bot.matching.pieces import Support
    from db.model import Article, Quotation, Span

Stance = Literal["agrees", "unclear", "contradicts"]

# Below this the reading itself is in doubt about who spoke, and a name printed beside the quotation is not ruled out.
_SURE_SPEAKER = 0.5
# (share of the claim's words found, weight of the longest run in a row): each line is enough to call it a copy.
_COPIED = ((0.5, 2.0), (0.35, 3.0))


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


def is_copied(support: Support) -> bool:
    """True when a claim shares so much with the articles that it must come from them, altered or not.

    The numbers were fitted by `benchmarks/checks.py --fit` on misquotes made from PolNeAR's train split.
    """
    return any(support.share >= share and support.run >= run for share, run in _COPIED)


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
        if find_name(claimed, names) or (source and find_name(claimed, [source])):
            return Attribution("agrees", quotation, quotation.speaker, source)
        if is_printed_in(claimed, source):
            note = f"The article names the source as “{source}”."
            return Attribution("agrees", quotation, quotation.speaker, source, note)
    return _attribute_to_other(article, span, claimed, chosen)


def _attribute_to_other(article: Article, span: Span, claimed: str, quotation: Quotation) -> Attribution:
    source = quotation.source_text(article.text)
    is_near = is_named_in(claimed, find_paragraph(article, span, before=2))
    if quotation.speaker is not None and not (is_near and quotation.confidence < _SURE_SPEAKER):
        return Attribution("contradicts", quotation, quotation.speaker, source)
    if quotation.speaker is None and not is_near and not is_named_in(claimed, article.text):
        told = f"The article gives “{source}” as the source" if source else "The article does not say who spoke"
        return Attribution("contradicts", quotation, None, source, f"{told}; it does not name {claimed}.")
    note = f"The article has these words, but it is not certain from it that {claimed} said them."
    return Attribution("unclear", quotation, None, source, note)


def _attribute_narration(article: Article, claimed: str | None) -> Attribution:
    publisher = article.head.publisher
    note = "The article says this in its own voice, not as a quotation."
    if claimed is None or (publisher and find_name(claimed, [publisher])):
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
