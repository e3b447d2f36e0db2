"""Which pieces of a page are its article: two extractors' opinions, and this project's own view of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.reading.furniture import ends_like_sentence, is_caption, is_moment, is_promotion, is_share_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.reading.pageblocks import PageBlock
    from db.model import BlockKind

WORD = re.compile(r"\w+")
# Class and id words of what stands beside or under an article.
BESIDE = re.compile(
    r"comment|disqus|footer|sidebar|side-bar|\brail\b|related|recommend|recirc|promo|shar(?:e|ing)"
    r"|social(?!.*embed)|newsletter|subscri|sign-?up|sponsor|advert"
    r"|\bads?\b|banner|widget|\bnav|menu|breadcrumb|popup|modal|cookie|consent|toolbar|taboola|outbrain"
    r"|read-?more|see-?also|also-?(?:read|like)|trending|popular|most-"
    r"|byline|author|\bbio\b|\bmeta\b|post-?meta|entry-?meta|\btags?\b|tag-?list|copyright|log-?in|teaser"
    r"|carousel|slider|poll\b|pagination|pager|\btoc\b|jump-?link"
    r"|timestamp|dateline|print-only|screen-reader|visually-hidden|sr-only|skip-link|callout-link|follow|topics?\b",
    re.IGNORECASE,
)
CAPTION_HINT = re.compile(
    r"caption|credit|photo-?(?:text|info|desc)|image-?(?:text|info|desc)|media-?(?:text|info|desc)|wp-caption",
    re.IGNORECASE,
)
STANDFIRST_HINT = re.compile(
    r"standfirst|subtitle|sub-?head(?:line|ing)?|\bdek\b|deck\b|summary|\blede\b|intro\b|excerpt|strapline"
    r"|tagline|description|subhed|chapo",
    re.IGNORECASE,
)
BESIDE_TAGS = frozenset(("nav", "footer", "aside", "form", "address", "menu"))
HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
AGREES = 0.5
PROSE_WORDS = 8
SHORTEST_CLOSING, LONG_CAPTION_WORDS = 3, 60
MOSTLY_LINKED = 0.8
STANDFIRST_REACH, SHORTEST_STANDFIRST = 12, 5
LINKED = 0.5
# A paragraph that is one link leads to another article.
ALL_LINKED, FEWEST_LINK_WORDS = 0.92, 3
# A line beside the article that is this much link leads elsewhere.
LINKED_BESIDE = 0.3
# The container holds this share of what both extractors kept; the rest may be a lead or a note beside it.
CONTAINER_SHARE = 0.8


@dataclass(slots=True)
class Candidate:
    """One block with what is known of it."""

    block: PageBlock
    words: int
    votes: int = 0
    linked: float = 0.0
    is_inside: bool = False
    is_beside: bool = False
    path: list[Any] = field(default_factory=list)

    @property
    def is_prose(self) -> bool:
        """Long enough, and not mostly links."""
        return self.words >= PROSE_WORDS and self.linked < LINKED

    @property
    def is_heading(self) -> bool:
        """A heading inside the article."""
        return self.block.element.tag in HEADINGS


def choose_blocks(
    blocks: Sequence[PageBlock], opinions: Iterable[str], titles: Iterable[str]
) -> list[BlockKind | None]:
    """Tell article from page.

    Args:
        blocks: All of the page's text in reading order.
        opinions: What each extractor takes for the article.
        titles: The page's names for itself; repeats of them are no paragraphs.

    Returns:
        For each block its kind, None for what is not of the article.
    """
    candidates = [Candidate(b, len(WORD.findall(b.text)), linked=b.link_chars / max(1, len(b.text))) for b in blocks]
    bags = [_Bag(opinion) for opinion in opinions if opinion.strip()]
    for candidate in candidates:
        candidate.votes = sum(bag.holds(candidate.block.text) for bag in bags)
    core = _find_core(candidates, len(bags))
    if not core:
        return [None] * len(blocks)
    container = _find_container([c for c in candidates if c.votes and c.is_prose] or core)
    beside: dict[Any, bool] = {}
    for candidate in candidates:
        _place(candidate, container, beside)
    first, last = _find_zone(candidates, core)
    zone = _Zone(
        first,
        last,
        siblings=frozenset((c.block.element.getparent(), _signature(c.block.element)) for c in core),
        titles=frozenset(fold(title) for title in titles if title),
        agreed=min(2, len(bags)),
    )
    kinds = [_judge(c, zone) for c in candidates]
    _find_standfirst(candidates, kinds, first)
    _drop_loose_headings(candidates, kinds)
    return kinds


class _Bag:
    """One extractor's text, asked whether it holds a block."""

    def __init__(self, text: str) -> None:
        words = WORD.findall(text)
        self.triples = set(zip(words, words[1:], words[2:], strict=False))
        self.flat = f" {' '.join(words)} "

    def holds(self, text: str) -> bool:
        words = WORD.findall(text)
        if len(words) < 3:  # noqa: PLR2004 (shorter than a triple)
            return f" {' '.join(words)} " in self.flat
        triples = list(zip(words, words[1:], words[2:], strict=False))
        return sum(triple in self.triples for triple in triples) >= AGREES * len(triples)


def _find_core(candidates: list[Candidate], opinions: int) -> list[Candidate]:
    """Prose that most opinions hold; fewer where they hold nothing together."""
    for needed in (min(2, opinions), 1, 0):
        core = [c for c in candidates if c.is_prose and c.votes >= needed and not c.block.is_hidden]
        if core:
            return core
    return []


def _find_container(core: list[Candidate]) -> Any:
    """The deepest element that holds most of the core's words."""
    mass: dict[Any, int] = {}
    for candidate in core:
        for element in (candidate.block.element, *candidate.block.element.iterancestors()):
            mass[element] = mass.get(element, 0) + candidate.words * max(1, candidate.votes)
    wanted = CONTAINER_SHARE * sum(c.words * max(1, c.votes) for c in core)
    enough = [element for element, words in mass.items() if words >= wanted]
    return max(enough, key=lambda element: sum(1 for _ in element.iterancestors()))


def _find_zone(candidates: list[Candidate], core: list[Candidate]) -> tuple[int, int]:
    """Where the article begins and ends; short closing lines right under its last prose belong to it."""
    inside = [c.block.order for c in core if c.is_inside and not c.is_beside] or [c.block.order for c in core]
    first, last = inside[0], inside[-1]
    for candidate in candidates[last + 1 :]:
        if not candidate.is_inside or candidate.is_beside or candidate.linked > LINKED or not candidate.votes:
            break
        last = candidate.block.order
    return first, last


def _place(candidate: Candidate, container: Any, beside: dict[Any, bool]) -> None:
    """Note the way from a block up to the container, and whether it leads through what stands beside an article."""
    for element in (candidate.block.element, *candidate.block.element.iterancestors()):
        if element is container:
            candidate.is_inside = True
            break
        if element.tag not in ("html", "body"):
            candidate.path.append(element)
    for element in candidate.path:
        if element not in beside:
            beside[element] = element.tag in BESIDE_TAGS or bool(BESIDE.search(_hint(element)))
    candidate.is_beside = any(beside[element] for element in candidate.path)


def _hint(element: Any) -> str:
    return " ".join(element.get(name) or "" for name in ("class", "id", "role", "data-component"))


def _signature(element: Any) -> str:
    return f"{element.tag} {element.get('class') or ''}"


def fold(text: str) -> str:
    """Words only, for comparing titles."""
    return " ".join(WORD.findall(text.casefold()))


@dataclass(frozen=True, slots=True)
class _Zone:
    """Where the article stands: orders of its first and last block, places of its prose, and its names."""

    first: int
    last: int
    siblings: frozenset[tuple[Any, str]]
    titles: frozenset[str]
    agreed: int

    def holds(self, c: Candidate) -> bool:
        """Inside the container, between the article's first and last block."""
        return c.is_inside and self.first <= c.block.order <= self.last


def _judge(c: Candidate, zone: _Zone) -> BlockKind | None:
    if not c.is_inside and c.votes < zone.agreed:
        return None
    is_repeat = fold(c.block.text) in zone.titles and not (zone.holds(c) and c.block.order > zone.first)
    if not c.words or c.block.element.tag == "h1" or is_repeat:
        return None
    tags = {element.tag for element in c.path}
    if kind := _find_furniture(c, tags, zone):
        return kind if zone.holds(c) and (c.votes or kind == "caption") else None
    return "paragraph" if _is_article(c, tags, zone) else None


def _find_furniture(c: Candidate, tags: set[str], zone: _Zone) -> BlockKind | None:
    text = c.block.text
    if {"figcaption", "figure"} & tags or any(CAPTION_HINT.search(_hint(element)) for element in c.path[:3]):
        return "caption"
    if is_share_line(text) or is_moment(text) or is_promotion(text, is_page=True):
        return "aside"
    is_named = not text.startswith(("http://", "https://", "www."))
    if c.linked > ALL_LINKED and c.words > FEWEST_LINK_WORDS and is_named and not {"blockquote", "td"} & tags:
        return None if c.is_heading else "aside"
    is_short = c.words < LONG_CAPTION_WORDS and not ends_like_sentence(text)
    return "caption" if is_short and c.votes < zone.agreed and is_caption(text) else None


def _is_article(c: Candidate, tags: set[str], zone: _Zone) -> bool:
    in_zone = zone.first <= c.block.order <= zone.last
    is_link = c.linked > MOSTLY_LINKED and not ends_like_sentence(c.block.text)
    if c.votes >= zone.agreed:
        return _is_agreed_article(c, in_zone=in_zone, is_link=is_link)
    if c.block.is_hidden or not c.is_inside or c.is_beside:
        return False
    if c.votes:
        return (in_zone and not is_link) or c.is_prose
    if not in_zone or is_link:
        return False
    is_sibling = (c.block.element.getparent(), _signature(c.block.element)) in zone.siblings
    return "blockquote" in tags or (is_sibling and (c.is_prose or ends_like_sentence(c.block.text)))


def _is_agreed_article(c: Candidate, *, in_zone: bool, is_link: bool) -> bool:
    """What both extractors keep is article, but for labels and links that lead away."""
    if not c.is_inside:
        return c.is_prose and not c.is_beside
    if not in_zone and (is_link or c.words < SHORTEST_CLOSING):
        return False
    return not (c.is_beside and c.linked > LINKED_BESIDE)


def _find_standfirst(candidates: list[Candidate], kinds: list[BlockKind | None], first: int) -> None:
    """A line marked as standfirst, close over the first paragraph."""
    for i in range(max(0, first - STANDFIRST_REACH), first):
        c = candidates[i]
        if kinds[i] or c.block.is_hidden or c.words < SHORTEST_STANDFIRST or c.linked > LINKED or c.is_beside:
            continue
        if any(STANDFIRST_HINT.search(_hint(element)) for element in c.path[:2]) and not is_caption(c.block.text):
            kinds[i] = "standfirst"
            return


def _drop_loose_headings(candidates: list[Candidate], kinds: list[BlockKind | None]) -> None:
    """A heading over nothing that was kept heads something else."""
    for i, candidate in enumerate(candidates):
        if kinds[i] == "paragraph" and candidate.is_heading:
            following = [kinds[j] for j in range(i + 1, min(i + 4, len(kinds)))]
            if "paragraph" not in following:
                kinds[i] = None
