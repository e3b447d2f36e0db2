"""What a page says of itself in JSON-LD: the objects that describe its article, names in them, the article's text."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLE_TYPES = re.compile(r"(?:article|posting|report|reportage|analysis|opinion|review|webpage)$", re.IGNORECASE)
MOST_LD_CHARS = 400_000
MOST_LD_NODES = 20_000
TAGGED = re.compile(r"<[^<>]{0,200}>")
PARAGRAPH_TAG = re.compile(r"<\/?(?:p|br|div|h[1-6]|li)\b[^<>]*>|\\n", re.IGNORECASE)
URL = re.compile(r"^\s*(?:https?:)?//|^www\.|@", re.IGNORECASE)
MOST_NAMES = 20


def squeeze(text: str | None) -> str:
    """White space folded, markup and entities' remains gone."""
    return " ".join(TAGGED.sub(" ", text or "").split())


def read_linked(root: Any) -> Iterator[dict[str, Any]]:
    """Objects of the page's JSON-LD that describe an article, the most telling first."""
    found: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if (
            "ld+json" not in (script.get("type") or "").casefold()
            or not script.text
            or len(script.text) > MOST_LD_CHARS
        ):
            continue
        try:
            tree = json.loads(script.text.strip().strip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        found += _flatten(tree)
    articles = [o for o in found if any(ARTICLE_TYPES.search(kind) for kind in _types(o))]
    articles.sort(key=lambda o: (not o.get("headline"), "webpage" in " ".join(_types(o)).casefold()))
    yield from articles


def _flatten(tree: Any) -> list[dict[str, Any]]:
    found, stack, seen = [], [tree], 0
    while stack and seen < MOST_LD_NODES:
        node = stack.pop(0)
        seen += 1
        if isinstance(node, list):
            stack[:0] = node
        elif isinstance(node, dict):
            found.append(node)
            stack += [value for key, value in node.items() if key in ("@graph", "mainEntity", "mainEntityOfPage")]
    return found


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def find_names(value: Any) -> list[str]:
    """Names in a JSON-LD person, organisation, string or list of these."""
    if isinstance(value, str):
        return [squeeze(value)] if value.strip() and not URL.search(value) else []
    if isinstance(value, list):
        return [name for item in value[:MOST_NAMES] for name in find_names(item)]
    if isinstance(value, dict):
        return find_names(value.get("name"))
    return []


def read_article_body(root: Any) -> str:
    """The article's text as the page's JSON-LD carries it, paragraphs on lines; empty where it carries none."""
    best = ""
    for node in read_linked(root):
        body = node.get("articleBody")
        if isinstance(body, str) and len(body) > len(best):
            best = body
    best = unescape(best) if "&" in best else best
    lines = PARAGRAPH_TAG.sub("\n", best).split("\n")
    return "\n".join(line for line in map(squeeze, lines) if line)
