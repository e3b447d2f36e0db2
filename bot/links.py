"""Links that open an article at a passage (WICG text fragments), safe to put into a button."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

URL_LIMIT = 512
# A short passage goes into the link whole; a longer one by its first and last words, which may lie in different
# paragraphs. Six words are unique on nearly every news page.
_WHOLE_LIMIT = 90
_EDGE_WORDS = 6
_FEWEST_WORDS = 2
_KEPT = "!$&'()*+,;=:@/?%-._~"


def safe_url(url: str | None) -> str | None:
    """The URL in ASCII, if it is http(s) with a host and without user name or password; else None."""
    if not url or re.search(r"[\x00-\x20\x7f<>\"\\]", url.strip()):
        return None
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host or "@" in parts.netloc or "." not in host:
        return None
    try:
        ascii_host = host.encode("idna").decode("ascii")
        path, query, fragment = (quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment))
    except UnicodeError:
        return None
    netloc = ascii_host if port is None else f"{ascii_host}:{port}"
    return urlunsplit((parts.scheme.lower(), netloc, path, query, fragment))


def passage_link(url: str | None, text: str, *, limit: int = URL_LIMIT) -> str | None:
    """A link that opens `url` at the words `text`.

    Args:
        url: The article's address as stored.
        text: The passage in its exact words.
        limit: Most characters the link may have; Discord's buttons take 512.

    Returns:
        The link with a text fragment, the plain URL where the fragment does not fit, or None where the URL is
        unsafe or too long itself.
    """
    plain = safe_url(url)
    if plain is None or len(plain) > limit:
        return None
    base = plain.split(":~:")[0].removesuffix("#")
    joint = ":~:text=" if "#" in base else "#:~:text="
    for fragment in _fragments(text):
        link = base + joint + fragment
        if len(link) <= limit:
            return link
    return plain


def _fragments(text: str) -> list[str]:
    """Text directives from the most to the least telling."""
    words = text.split()
    whole = _encode(" ".join(words))
    if not whole:
        return []
    found = [whole] if len(text) <= _WHOLE_LIMIT and "\n" not in text else []
    lines = [line.split() for line in text.split("\n") if line.strip()]
    for count in range(_EDGE_WORDS, _FEWEST_WORDS - 1, -1):
        first, last = lines[0][:count], lines[-1][-count:]
        if len(words) >= len(first) + len(last):
            start, end = _encode(" ".join(first)), _encode(" ".join(last))
            if start and end:
                found.append(f"{start},{end}")
    return found or [whole]


def _encode(words: str) -> str:
    """Percent-encode for a text directive, where `-`, `,` and `&` have a meaning; edge marks often differ on a page."""
    words = words.strip(" \t\"'“”‘’«»„‚.,;:!?…–—-()[]")
    return quote(words.encode("utf-8", "replace").decode("utf-8"), safe="").replace("-", "%2D")
